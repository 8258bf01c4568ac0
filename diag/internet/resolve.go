package internet

import (
	"context"
	"net/netip"
	"net/url"
	"strconv"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/link"
)

// lookup asks for the addresses of a name, and says who knew them. Tests put
// their own in its place.
var lookup = dns.Resolve

// mostAddresses of one name that are tried.
const mostAddresses = 3

// place is where a URL's host can be reached.
type place struct {
	addrs []netip.AddrPort
	by    string
}

// locate finds the addresses of a URL's host that this PC has a route for,
// families taking turns, IPv4 first (it is the one most networks have). A
// failed place has no address.
func locate(ctx context.Context, env *diag.Env, u *url.URL) place {
	ctx, cancel := context.WithTimeout(ctx, resolveBudget)
	defer cancel()
	ips, by, err := []netip.Addr(nil), "literal", error(nil)
	if ip, bad := netip.ParseAddr(u.Hostname()); bad == nil {
		ips = []netip.Addr{ip}
	} else if ips, by, err = lookup(ctx, env, u.Hostname()); err != nil {
		return place{}
	}
	has4, has6 := true, true
	env.Facts.Look(func(f diag.Facts) { has4, has6 = usable(f, 4), usable(f, 6) })
	p := place{by: by}
	port := portOf(u)
	for _, ip := range alternate(ips) {
		if ip.Is4() && !has4 && has6 || ip.Is6() && !has6 && has4 {
			continue
		}
		if len(p.addrs) < mostAddresses {
			p.addrs = append(p.addrs, netip.AddrPortFrom(ip, port))
		}
	}
	if len(p.addrs) == 0 && len(ips) > 0 { // only addresses without a route: let the kernel say so
		p.addrs = []netip.AddrPort{netip.AddrPortFrom(ips[0].Unmap(), port)}
	}
	return p
}

// alternate orders addresses v4, v6, v4, v6 … as long as there are both.
func alternate(ips []netip.Addr) []netip.Addr {
	var v4, v6, out []netip.Addr
	for _, ip := range ips {
		if ip = ip.Unmap(); ip.Is4() {
			v4 = append(v4, ip)
		} else {
			v6 = append(v6, ip)
		}
	}
	for len(v4)+len(v6) > 0 {
		if len(v4) > 0 {
			out, v4 = append(out, v4[0]), v4[1:]
		}
		if len(v6) > 0 {
			out, v6 = append(out, v6[0]), v6[1:]
		}
	}
	return out
}

func portOf(u *url.URL) uint16 {
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		return uint16(n)
	}
	switch u.Scheme {
	case "https":
		return 443
	case "socks5", "socks5h":
		return 1080
	}
	return 80
}

// usable reports whether this PC may have a way out for a family (4 or 6).
// It is false only where that is known: no path to any anchor, or for IPv6 no
// public address or no default route. A family without a way out is not
// probed: its errors would be noise.
func usable(f diag.Facts, family int) bool {
	l := link.Section.Of(f)
	if l.Readable != diag.Yes {
		return true
	}
	if family == 6 && (len(l.Defaults(6)) == 0 || !hasPublic6(l)) {
		return false
	}
	asked, closed := 0, 0
	for _, p := range l.Paths {
		if p.For == "anchor" && p.Family == family {
			asked++
			if p.Reachable == diag.No {
				closed++
			}
		}
	}
	return asked == 0 || closed < asked
}

func hasPublic6(l link.Facts) bool {
	for _, a := range l.Addresses {
		if a.Family == 6 && a.Scope == link.Public {
			return true
		}
	}
	return false
}

// online reports whether any family may have a way out.
func online(f diag.Facts) bool { return usable(f, 4) || usable(f, 6) }
