package cause

import (
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// TestMiddleboxes: who stands between this PC and the web, or is meant to.
// A cause in brackets is a note.
func TestMiddleboxes(t *testing.T) {
	script := func(p internet.PAC) func(*pc) {
		p.Variable, p.URL = "autoconfig-url", "http://wpad.lan/wpad.dat"
		return func(pc *pc) { pc.net.Scripts = []internet.PAC{p} }
	}
	shut := func(p *pc) {
		for i := range p.net.Web {
			p.net.Web[i].Outcome, p.net.Web[i].Match = internet.Timeout, diag.Maybe
		}
		for i := range p.net.Anchors {
			p.net.Anchors[i].Outcome = internet.Timeout
		}
		p.net.TLS = nil
	}
	proxy := func(p internet.Proxy) func(*pc) {
		p.Variable, p.URL = "http_proxy", "http://192.168.1.9:3128"
		return func(pc *pc) { pc.net.Proxies = []internet.Proxy{p} }
	}
	inside := func(p *pc) {
		shut(p)
		for i := range p.net.Web {
			p.net.Web[i].Scope, p.net.Web[i].Resolver = link.Private, dns.ByConfigured
		}
	}
	answering := func(status int) func(*pc) {
		return func(p *pc) {
			for i := range p.net.Web {
				p.net.Web[i].Status, p.net.Web[i].Match = status, diag.No
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*pc)
		want   []string
	}{
		"a proxy that is off":              {proxy(internet.Proxy{Outcome: internet.Timeout}), []string{"proxy.dead"}},
		"one that is not used":             {proxy(internet.Proxy{Outcome: internet.Timeout, Bypassed: true}), nil},
		"one that a script may never name": {proxy(internet.Proxy{Outcome: internet.Timeout, Perhaps: true}), nil},
		"a script that is not there":       {script(internet.PAC{Outcome: internet.Connected, Status: 404}), []string{"proxy.pac_unreachable"}},
		"a script that nobody set":         {script(internet.PAC{Found: "dns", Outcome: internet.Connected, Status: 404}), nil},
		"one that the lease names in vain": {script(internet.PAC{Found: "dhcp", Outcome: internet.Connected, Status: 404}), []string{"proxy.wpad_stale"}},
		"a left-over name":                 {script(internet.PAC{Found: "dns", Outcome: internet.Timeout}), []string{"proxy.wpad_stale"}},
		"a name that nobody knows":         {script(internet.PAC{Outcome: internet.NoName}), []string{"proxy.pac_unreachable"}},
		"a script that came":               {script(internet.PAC{Outcome: internet.Connected, Status: 200, Script: diag.Yes}), nil},
		"a script that was not waited for": {script(internet.PAC{}), nil},
		"a network that is for proxies":    {func(p *pc) { shut(p); script(internet.PAC{Outcome: internet.Refused})(p) }, []string{"proxy.pac_unreachable"}},
		"a cache that signs":               {func(p *pc) { p.net.Web[0].Relay, p.net.Web[1].Relay = "cache.lan", "cache.lan" }, []string{"(proxy.transparent)"}},
		"two caches":                       {func(p *pc) { p.net.Web[0].Relay, p.net.Web[1].Relay = "a", "b" }, nil},
		"a box that adds": {func(p *pc) {
			r := internet.Relayed{Added: "x", Markup: true}
			p.net.Web[0].Relayed, p.net.Web[1].Relayed = r, r
		}, []string{"proxy.transparent"}},
		"an authority put here":               {func(p *pc) { p.net.TLS[0].Added, p.net.TLS[0].Scope = diag.Yes, link.Public }, []string{"(tls.intercepted)"}},
		"the same for an inner site":          {func(p *pc) { p.net.TLS[0].Added, p.net.TLS[0].Scope = diag.Yes, link.Private }, nil},
		"an authority nobody knows":           {func(p *pc) { p.net.TLS[0].Now, p.net.TLS[0].Then = internet.UnknownCA, internet.UnknownCA }, []string{"tls.intercepted"}},
		"both test sites out of order":        {answering(503), nil},
		"both missing a page":                 {answering(404), nil},
		"errors, and nothing is trusted":      {func(p *pc) { answering(403)(p); p.net.TLS = nil }, []string{"portal.captive"}},
		"another page, a site is trusted":     {answering(200), []string{"portal.captive"}},
		"a sign-in by the book":               {answering(511), []string{"portal.captive"}},
		"names that all lead inside":          {inside, []string{"portal.captive"}},
		"a network that says so itself":       {func(p *pc) { shut(p); p.net.Captive = &internet.Captive{Captive: diag.Yes} }, []string{"portal.captive"}},
		"a browser cut off from its names":    {func(p *pc) { p.dns.DoH = []dns.DoH{{By: dns.Firefox, URL: "https://d/q", Outcome: dns.Silent}} }, []string{"dns.doh_blocked"}},
		"a forwarder that works all the same": {func(p *pc) { p.dns.DoH = []dns.DoH{{By: "cloudflared", URL: "https://d/q", Outcome: dns.Silent}} }, nil},
		"a forwarder cut off": {func(p *pc) {
			p.resolverIs(answered4("SERVFAIL"))
			p.dns.DoH = []dns.DoH{{By: "cloudflared", URL: "https://d/q", Outcome: dns.Closed}}
		}, []string{"dns.doh_blocked"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthyPC()
			p.net.Web[0].Address, p.net.Web[1].Address = "203.0.113.80", "203.0.113.81"
			c.change(p)
			d := Explain(p.facts(), nil)
			var got []string
			for _, cause := range d.Causes {
				got = append(got, cause.ID)
			}
			for _, note := range d.Notes {
				got = append(got, "("+note.ID+")")
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
