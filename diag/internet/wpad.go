package internet

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"deskside/diag"
	"deskside/diag/dns"
)

// How a script that is not set by its address came to be known.
const (
	searched = "auto"
	foundDNS = "dns"
)

// search finds out where a script would be looked for (WPAD,
// draft-ietf-wrec-wpad-01, 4.2): what the lease of this PC's address says
// counts first, then the name wpad in its own domain. Upper domains are not
// tried: what answers there is somebody else's.
func (p *PAC) search(ctx context.Context, env *diag.Env) {
	if address := leased(ctx, env.Host, optWPAD, func(a nmActive) string { return a.wpad }); address != "" {
		if lent := script(PAC{}, address); lent.URL != "" {
			p.Found, p.URL = fromDHCP, lent.URL
			return
		}
	}
	p.Found = foundDNS
	var domains []string
	env.Facts.Look(func(f diag.Facts) { domains = append(domains, dns.Section.Of(f).Conf.Search...) })
	for _, d := range domains {
		if d = strings.Trim(d, "."); d != "" {
			p.URL = "http://wpad." + d + "/wpad.dat"
			return
		}
	}
	p.Outcome = NoName
}

// ownPlace is locate for a name that may mean something on this network only:
// it is looked up the way this PC's programs do it, and no control resolver
// ever hears of it.
func ownPlace(ctx context.Context, env *diag.Env, u *url.URL) place {
	ctx, cancel := context.WithTimeout(ctx, resolveBudget)
	defer cancel()
	p := place{by: "system"}
	add := func(a netip.Addr) {
		if len(p.addrs) < mostAddresses {
			p.addrs = append(p.addrs, netip.AddrPortFrom(a.Unmap(), portOf(u)))
		}
	}
	name := u.Hostname()
	if a, err := netip.ParseAddr(name); err == nil {
		add(a)
		return p
	}
	found := dns.FromHosts(env, name)
	if len(found) == 0 {
		outcome, ips := dns.SystemLookup(ctx, env, name)
		for _, ip := range ips {
			if a, err := netip.ParseAddr(ip); err == nil {
				found = append(found, a)
			}
		}
		if outcome == dns.Missing {
			found = askOwnServers(ctx, env, name)
		}
	}
	for _, a := range alternate(found) {
		add(a)
	}
	return p
}

// askOwnServers stands in for the system's lookup where there is none.
func askOwnServers(ctx context.Context, env *diag.Env, name string) []netip.Addr {
	var own []dns.Server
	env.Facts.Look(func(f diag.Facts) {
		asked, _ := dns.Section.Of(f).Asked()
		own = append(own, asked...)
	})
	for _, s := range own {
		var out []netip.Addr
		q, _ := dns.AskFor(ctx, env, s, name, 4)
		for _, ip := range q.IPs {
			if a, err := netip.ParseAddr(ip); err == nil {
				out = append(out, a)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}
