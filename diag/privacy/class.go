package privacy

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"deskside/diag/link"
)

// masks is every class and how it is masked.
var masks = map[string]func(*Redactor, string) string{
	"none":      func(_ *Redactor, s string) string { return s },
	"ip":        (*Redactor).ip,
	"mac":       (*Redactor).mac,
	"bssid":     (*Redactor).mac,
	"ssid":      counter("ssid", "SSID-%d"),
	"user":      counter("user", "USER-%d"),
	"host":      counter("host", "HOST-%d"),
	"proc":      counter("proc", "PROC-%d"),
	"domain":    (*Redactor).domain,
	"probename": (*Redactor).domain,
	"url":       (*Redactor).url,
	"path":      (*Redactor).path,
	"iface":     (*Redactor).iface,
	"free":      func(*Redactor, string) string { return "(redacted)" },
}

// Classes returns the names of all classes: for the test that every field of
// every section has one.
func Classes() map[string]bool {
	out := map[string]bool{}
	for name := range masks {
		out[name] = true
	}
	return out
}

// Mask returns what stands for a value of a class outside this PC.
func (r *Redactor) Mask(class, value string) string {
	mask, ok := masks[class]
	if !ok || value == "" {
		return ""
	}
	if r.keep[strings.ToLower(value)] {
		return value
	}
	return mask(r, value)
}

// name returns the pseudonym of a value, made by the n-th name of its kind.
func (r *Redactor) name(kind, value string, nth func(n int) string) string {
	key := kind + "\x00" + strings.ToLower(value)
	if p, ok := r.names[key]; ok {
		return p
	}
	r.seen[kind]++
	r.names[key] = nth(r.seen[kind])
	return r.names[key]
}

func counter(kind, format string) func(*Redactor, string) string {
	return func(r *Redactor, s string) string {
		return r.name(kind, s, func(n int) string { return fmt.Sprintf(format, n) })
	}
}

// ip masks an address or a prefix with one from the documentation ranges
// (RFC 5737, RFC 3849). Loopback and the null address say nothing and stay.
func (r *Redactor) ip(s string) string {
	addr, rest := s, ""
	if i := strings.IndexAny(s, "/%"); i >= 0 {
		addr, rest = s[:i], s[i:]
		if rest[0] == '%' {
			rest = "" // a zone names an interface
		}
	}
	if r.keep[strings.ToLower(addr)] {
		return addr + rest
	}
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return "(redacted)"
	}
	scope := link.ScopeOf(addr)
	if scope == link.Loopback || scope == link.Null {
		return addr + rest
	}
	v4 := a.Unmap().Is4()
	return r.name(string(scope)+fmt.Sprint(v4), a.String(), func(n int) string { return documentation(scope, v4, n) }) + rest
}

// documentation returns the n-th stand-in for an address of a scope.
func documentation(scope link.Scope, v4 bool, n int) string {
	if !v4 {
		prefix := map[link.Scope]string{link.LinkLocal: "fe80::", link.Private: "2001:db8:f::"}[scope]
		if prefix == "" {
			prefix = "2001:db8::"
		}
		return fmt.Sprintf("%s%x", prefix, n)
	}
	base := map[link.Scope][3]int{link.Private: {192, 0, 2}, link.Public: {198, 51, 100}, link.LinkLocal: {169, 254, 0}}
	net, ok := base[scope]
	if !ok {
		net = [3]int{203, 0, 113}
	}
	if n > 254 { // more than a documentation net holds: the benchmarking range, RFC 2544
		return fmt.Sprintf("198.18.%d.%d", n/254%256, n%254+1)
	}
	return fmt.Sprintf("%d.%d.%d.%d", net[0], net[1], net[2], n)
}

// mac masks with the documentation range of RFC 7042; the group and
// locally-administered bits are not kept.
func (r *Redactor) mac(s string) string {
	return r.name("mac", s, func(n int) string { return fmt.Sprintf("00:00:5e:00:%02x:%02x", 0x53+n/256, n%256) })
}

func (r *Redactor) domain(s string) string {
	s = strings.TrimSuffix(s, ".")
	if r.keep[strings.ToLower(s)] {
		return s
	}
	return r.name("domain", s, func(n int) string { return fmt.Sprintf("name-%d.example", n) })
}

// url keeps scheme and port, masks the host, and drops user, path and query.
func (r *Redactor) url(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "(redacted)"
	}
	host := u.Hostname()
	if !r.keep[strings.ToLower(host)] {
		if _, err := netip.ParseAddr(host); err == nil {
			host = r.ip(host)
		} else {
			host = r.domain(host)
		}
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	return u.Scheme + "://" + host + "/"
}

// system are path components that every PC has: they say nothing about it.
var system = regexp.MustCompile(`^(|bin|boot|cache|containers?|data|dev|docker|etc|home|images?|journal|lib|lib64|lib32|local|log|media|mnt|opt|overlay2|proc|root|run|sbin|share|snap|spool|srv|sys|tmp|usr|var|apt|archives|crash|libvirt|lost\+found|systemd|stub-resolv\.conf|resolv\.conf|resolve|NetworkManager|resolvconf|efi|swapfile|Users|Windows|\.\.|\.|\.cache|\.local|Trash|Downloads|Desktop|Documents|Videos|Music|Pictures)$`)

// path masks every component that is not part of a plain system.
func (r *Redactor) path(s string) string {
	parts := strings.Split(s, "/")
	for i, part := range parts {
		if !system.MatchString(part) {
			parts[i] = r.name("path", part, func(n int) string { return fmt.Sprintf("NAME-%d", n) })
		}
	}
	return strings.Join(parts, "/")
}

// predictable are interface names that come from the bus, not from a person
// or a MAC address (systemd.net-naming-scheme(7)).
var predictable = regexp.MustCompile(`^(lo|eth\d+|wlan\d+|en[ops][a-z0-9]{1,10}|wl[ops][a-z0-9]{1,10}|ww[ops][a-z0-9]{1,10}|tun\d+|tap\d+|wg\d+|ppp\d+|docker\d+|virbr\d+|br\d+|bond\d+|veth\d+|usb\d+)$`)

func (r *Redactor) iface(s string) string {
	if predictable.MatchString(s) {
		return s
	}
	return r.name("iface", s, func(n int) string { return fmt.Sprintf("IF-%d", n) })
}
