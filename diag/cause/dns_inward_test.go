package cause

import (
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/target"
)

// TestHeldBack: a name held back is somebody's wish, a nuisance, or the end of
// all names here.
func TestHeldBack(t *testing.T) {
	ask := func(name, kind string, ips ...string) dns.Query {
		q := dns.Query{Proto: "udp", Kind: kind, Name: name, Type: "A", Outcome: dns.Answered, Rcode: "NXDOMAIN"}
		if len(ips) > 0 {
			q.Rcode, q.IPs, q.Scopes = "NOERROR", ips, []link.Scope{link.ScopeOf(ips[0])}
		}
		return q
	}
	const one, two = "www.example", "more.example"
	for name, c := range map[string]struct {
		own    []dns.Query
		change func(*pc)
		want   diag.Status
	}{
		"no name at all":                   {[]dns.Query{ask(one, dns.KindName), ask(two, dns.KindMore)}, nil, diag.Fail},
		"every name leads nowhere":         {[]dns.Query{ask(one, dns.KindName, "0.0.0.0"), ask(two, dns.KindMore, "0.0.0.0")}, func(p *pc) { p.dns.Lookups[0].Outcome = dns.Found }, diag.Fail},
		"one of two":                       {[]dns.Query{ask(one, dns.KindName), ask(two, dns.KindMore, "203.0.113.81")}, nil, diag.Warn},
		"one, and nothing else was asked":  {[]dns.Query{ask(one, dns.KindName)}, nil, diag.Warn},
		"two, and a page was found":        {[]dns.Query{ask(one, dns.KindName), ask(two, dns.KindMore)}, func(p *pc) { p.net.Web[0].Resolver, p.net.Web[0].Scope = dns.ByConfigured, link.Public }, diag.Warn},
		"the proxy looks the names up":     {[]dns.Query{ask(one, dns.KindName), ask(two, dns.KindMore)}, func(p *pc) { p.net.Web[0].Proxy = "http://proxy.lan:3128" }, diag.Warn},
		"the PC's programs find one still": {[]dns.Query{ask(one, dns.KindName), ask(two, dns.KindMore)}, func(p *pc) { p.dns.Lookups[0].Outcome = dns.Found }, diag.Warn},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthyPC()
			p.dns.Servers[0].Queries = c.own
			p.dns.Servers[1].Queries = []dns.Query{ask(one, dns.KindName, "203.0.113.80"), ask(two, dns.KindMore, "203.0.113.81")}
			p.dns.Lookups[0].Outcome = dns.NotFound
			p.net.TLS = []internet.TLS{{URL: "https://www.example/", Resolver: dns.ByControl, Scope: link.Public, Outcome: internet.Connected, Now: internet.Trusted}}
			for i := range p.net.Web {
				p.net.Web[i].Resolver = dns.ByControl
			}
			if c.change != nil {
				c.change(p)
			}
			d := Explain(p.facts(), []diag.CheckResult{{ID: "dns", Judgement: diag.Judgement{Findings: []diag.Finding{{Code: "dns.resolves", Status: diag.Fail}}}}})
			if len(d.Causes) != 1 || d.Causes[0].ID != "dns.blocked" || d.Causes[0].Severity != c.want {
				t.Errorf("%+v, want dns.blocked as %v", d.Causes, c.want)
			}
		})
	}
}

// TestHostsLines: a line that keeps a name shut is a note where the rest of the
// web is there; one that leads it to a wrong machine never is.
func TestHostsLines(t *testing.T) {
	shut := dns.HostsEntry{Line: 4, Name: "a.example", IP: "0.0.0.0", Scope: link.Null, InDNS: diag.Yes, Agrees: diag.No}
	loop := dns.HostsEntry{Line: 4, Name: "a.example", IP: "127.0.0.1", Scope: link.Loopback, InDNS: diag.Yes, Agrees: diag.No}
	wrong := dns.HostsEntry{Line: 7, Name: "b.example", IP: "10.66.66.66", Scope: link.Private, InDNS: diag.Yes, Agrees: diag.No}
	nothingOpens := func(p *pc, f diag.Facts) diag.Facts {
		p.net.Web, p.net.TLS = []internet.Web{{URL: urlA, Outcome: internet.Refused}}, nil
		return internet.Section.In(f, p.net)
	}
	for name, c := range map[string]struct {
		lines  []dns.HostsEntry
		change func(*pc, diag.Facts) diag.Facts
		line   int // of the cause; 0 for a note
	}{
		"shut":                 {[]dns.HostsEntry{shut}, nil, 0},
		"shut towards this PC": {[]dns.HostsEntry{loop}, nil, 0},
		"astray":               {[]dns.HostsEntry{wrong}, nil, 7},
		"one shut, one astray": {[]dns.HostsEntry{shut, wrong}, nil, 7},
		"shut, nothing opens":  {[]dns.HostsEntry{shut}, nothingOpens, 4},
		"shut, and asked for by name": {[]dns.HostsEntry{shut}, func(_ *pc, f diag.Facts) diag.Facts {
			return target.Section.In(f, target.Facts{Targets: []target.Target{{Name: "a.example"}}})
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthyPC()
			p.dns.Hosts = dns.Hosts{Readable: diag.Yes, Entries: c.lines}
			f := p.facts()
			if c.change != nil {
				f = c.change(p, f)
			}
			d := Explain(f, nil)
			if c.line == 0 {
				if len(d.Causes) > 0 || len(d.Notes) != 1 || d.Notes[0].ID != "dns.hosts_override" || len(d.Notes[0].Fixes) > 0 {
					t.Errorf("%+v, notes %+v; want the one note, and nothing to treat", d.Causes, d.Notes)
				}
				return
			}
			if len(d.Causes) != 1 || d.Causes[0].ID != "dns.hosts_override" || d.Causes[0].Args["Line"] != c.line {
				t.Errorf("%+v, want dns.hosts_override for line %d", d.Causes, c.line)
			}
		})
	}
}
