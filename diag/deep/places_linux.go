package deep

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
)

// place is where sizes are tried.
type place struct {
	at   netip.AddrPort
	host string
	way  string
}

// places are where sizes are tried in one family: a web endpoint, for what we
// send, and one that speaks TLS, where the far side sends large packets too.
// The first tier connects to each endpoint once, mostly over IPv4; for the
// other family the same names are looked up again, where the family leads out.
func places(ctx context.Context, env *diag.Env, family int) (out []place) {
	var f internet.Facts
	env.Facts.Look(func(all diag.Facts) { f = internet.Section.Of(all) })
	web, secure := spoken(f, family)
	if web == nil && leadsOut(f, family) {
		for _, w := range env.Config.Probe.Web {
			if web = lookUp(ctx, env, w.URL, family, 80, Up); web != nil {
				break
			}
		}
	}
	if secure == nil && leadsOut(f, family) {
		for _, u := range env.Config.Probe.HTTPS {
			if secure = lookUp(ctx, env, u, family, 443, TLS); secure != nil {
				break
			}
		}
	}
	for _, p := range []*place{web, secure} {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out
}

// spoken are the endpoints that the first tier connected to.
func spoken(f internet.Facts, family int) (web, secure *place) {
	for _, w := range f.Web {
		if a, err := netip.ParseAddr(w.Address); err == nil && web == nil && familyOf(a) == family && w.Proxy == "" && w.Outcome == internet.Connected {
			web = placeOf(w.URL, a, 80, Up)
		}
	}
	for _, t := range f.TLS {
		if a, err := netip.ParseAddr(t.Address); err == nil && secure == nil && familyOf(a) == family && t.Dialed {
			secure = placeOf(t.URL, a, 443, TLS)
		}
	}
	return web, secure
}

// leadsOut: an anchor of the family took a connection.
func leadsOut(f internet.Facts, family int) bool {
	for _, a := range f.Anchors {
		if a.Family == family && a.Outcome == internet.Connected {
			return true
		}
	}
	return false
}

func lookUp(ctx context.Context, env *diag.Env, raw string, family int, port uint16, way string) *place {
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	addrs, _, err := dns.Resolve(ctx, env, u.Hostname())
	if err != nil {
		return nil
	}
	for _, a := range addrs {
		if a = a.Unmap(); familyOf(a) == family {
			return placeOf(raw, a, port, way)
		}
	}
	return nil
}

func placeOf(raw string, a netip.Addr, port uint16, way string) *place {
	p := &place{at: netip.AddrPortFrom(a, port), way: way}
	if u, err := url.Parse(raw); err == nil {
		p.host = u.Hostname()
		if u.Port() != "" {
			fmt.Sscan(u.Port(), &port)
			p.at = netip.AddrPortFrom(a, port)
		}
	}
	return p
}
