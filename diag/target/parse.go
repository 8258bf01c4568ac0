package target

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"deskside/diag/text"
)

// Refusal is why something is no target. It never repeats what was typed,
// which may hold a password or control characters.
type Refusal string

// Reasons to refuse; the words are "ui.target.bad.<reason>".
const (
	Empty   Refusal = "empty"
	Long    Refusal = "long"
	Odd     Refusal = "odd"     // spaces, control characters, what no address has
	Foreign Refusal = "foreign" // letters beyond ASCII: the xn-- form is asked for (RFC 5890)
	Login   Refusal = "login"   // user:password@
	Scheme  Refusal = "scheme"
	Port    Refusal = "port"
	Zone    Refusal = "zone" // fe80::1%eth0
	Host    Refusal = "host"
)

func (r Refusal) Error() string { return "target: " + string(r) }

// Message says it in words.
func (r Refusal) Message() text.Message { return text.M("ui.target.bad." + string(r)) }

// maxLength of what is read: a name has at most 253 characters (RFC 1035,
// 2.3.4); the rest is for path and query.
const maxLength = 2048

// Wanted is a target as it was asked for, with what is never kept.
type Wanted struct {
	Target
	URL *url.URL // what HTTP asks for; nil where HTTP is not spoken
}

// Parse reads NAME, ADDRESS, either with :PORT, or an http(s) URL. The error
// is a [Refusal].
func Parse(s string) (Wanted, error) {
	s = strings.TrimSpace(s)
	if r := refuse(s); r != "" {
		return Wanted{}, r
	}
	scheme, rest, isURL := strings.Cut(s, "://")
	if isURL {
		return parseURL(strings.ToLower(scheme), s[:len(s)-len(rest)], rest)
	}
	if strings.ContainsAny(s, "/?#") {
		return parseURL("", "", s)
	}
	return assemble("", s, nil)
}

// refuse looks at the characters alone.
func refuse(s string) Refusal {
	switch {
	case s == "":
		return Empty
	case len(s) > maxLength:
		return Long
	}
	for _, r := range s {
		switch {
		case r <= ' ' || r == 0x7f || r == '\\' || r == '"' || r == '<' || r == '>' || r == '`':
			return Odd
		case r > 0x7f:
			return Foreign
		}
	}
	return ""
}

// parseURL reads what has a scheme or a path.
func parseURL(scheme, prefix, rest string) (Wanted, error) {
	if prefix != "" && scheme != "http" && scheme != "https" {
		return Wanted{}, Scheme
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if strings.Contains(rest[:end], "@") {
		return Wanted{}, Login
	}
	if prefix == "" {
		prefix = "http://" // only to read path and query; the port decides later
	}
	u, err := url.Parse(strings.ToLower(prefix) + "placeholder.invalid" + rest[end:])
	if err != nil {
		return Wanted{}, Odd
	}
	return assemble(scheme, rest[:end], u)
}

// assemble puts host, port and path together.
func assemble(scheme, authority string, page *url.URL) (Wanted, error) {
	if strings.Contains(authority, "@") {
		return Wanted{}, Login
	}
	host, port, refusal := split(authority)
	if refusal != "" {
		return Wanted{}, refusal
	}
	w := Wanted{Target: Target{Scheme: scheme}}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return Wanted{}, Zone
		}
		if ip.IsUnspecified() || ip.IsMulticast() {
			return Wanted{}, Host
		}
		w.IP = ip.Unmap().String()
	} else if !goodName(host) {
		return Wanted{}, Host
	} else {
		w.Name = strings.ToLower(strings.TrimSuffix(host, "."))
		w.Local = means(w.Name)
	}
	w.Ports = portsOf(scheme, port)
	w.URL = &url.URL{Path: "/"}
	if page != nil {
		w.URL = &url.URL{Path: page.Path, RawPath: page.RawPath, RawQuery: page.RawQuery}
	}
	return w, nil
}

// split takes the port off: "name:22", "[2001:db8::1]:22", "2001:db8::1".
func split(authority string) (host string, port int, _ Refusal) {
	host, digits, given := authority, "", false
	switch {
	case strings.Contains(authority, "%"):
		return "", 0, Zone
	case strings.HasPrefix(authority, "["):
		inside, after, closed := strings.Cut(authority[1:], "]")
		if a, err := netip.ParseAddr(inside); !closed || err != nil || !a.Is6() || after != "" && after[0] != ':' {
			return "", 0, Host
		}
		host, digits, given = inside, strings.TrimPrefix(after, ":"), after != ""
	case strings.Count(authority, ":") == 1:
		host, digits, given = strings.Cut(authority, ":")
	}
	if !given {
		return host, 0, ""
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || n == 0 || digits[0] == '+' {
		return "", 0, Port
	}
	return host, int(n), ""
}

// goodName: labels of letters, digits, hyphens and the underscore that some
// inside names have (RFC 1035, 2.3.1; RFC 2181, 11). A last label of digits
// alone is a mistyped address (RFC 3696, 2).
func goodName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return strings.Trim(labels[len(labels)-1], "0123456789") != ""
}

// inside are the ends of names that no public server knows: RFC 6761,
// RFC 6762, RFC 8375, and what ICANN reserved for private use in 2024.
var inside = []string{"local", "localhost", "lan", "home", "corp", "internal", "intranet", "private", "home.arpa", "test", "invalid"}

// means reports a name that means something in this network only.
func means(name string) bool {
	for _, last := range inside {
		if strings.HasSuffix(name, "."+last) {
			return true
		}
	}
	return !strings.Contains(name, ".")
}

// Check refuses the first of several that is no target.
func Check(all []string) error {
	for _, s := range all {
		if _, err := Parse(s); err != nil {
			return err
		}
	}
	return nil
}
