package cause

import (
	"slices"
	"testing"

	"deskside/diag/dns"
)

// TestLossySilence: on a line that loses packets, silence proves nothing
// against a name server, nor against its port.
func TestLossySilence(t *testing.T) {
	overTCP := func(p *pc) {
		q := answered4("NOERROR")
		q.Proto, q.ConnectMS = "tcp", 20
		p.dns.Servers[0].Queries = append(p.dns.Servers[0].Queries, q)
	}
	for name, c := range map[string]struct {
		change func(*pc)
		want   string
	}{
		"a quick line":                        {func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 25 }, "dns.server_silent"},
		"one connect's first packet was lost": {func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 1025 }, ""},
		"a slow anchor on a slow line":        {func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 700, 1025 }, "dns.server_silent"},
		"the port alone is shut":              {func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 25; overTCP(p) }, "dns.udp53_blocked"},
		"TCP gets through, a packet was lost": {func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 1025; overTCP(p) }, ""},
		"a resolver answers the second packet": {func(p *pc) {
			p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 25
			q := &p.dns.Servers[1].Queries[0]
			q.Sends, q.LastMS = 2, 22
		}, ""},
		"a resolver that takes its time": {func(p *pc) {
			p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 20, 25
			q := &p.dns.Servers[1].Queries[0]
			q.Sends, q.LastMS = 2, 280
		}, "dns.server_silent"},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthyPC()
			p.resolverIs(fate(dns.Silent))
			c.change(p)
			got := ""
			if d := Explain(p.facts(), nil); len(d.Causes) > 0 {
				got = d.Causes[0].ID
			}
			if got != c.want {
				t.Errorf("named %q, want %q", got, c.want)
			}
		})
	}
}

// TestLateEDNS: on a line that is slower than the program's patience every
// answer comes after the question without EDNS has gone out.
func TestLateEDNS(t *testing.T) {
	for trip, noted := range map[float64]bool{20: true, 900: false} {
		p := healthyPC()
		p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = trip, trip
		q := &p.dns.Servers[0].Queries[0]
		q.Plain, q.Sends, q.TookMS, q.LastMS = true, 3, 902, 202
		d := Explain(p.facts(), nil)
		if got := slices.Contains(ids(d.Notes), "dns.edns_dropped"); got != noted {
			t.Errorf("a way of %v ms: noted %v, want %v", trip, got, noted)
		}
	}
}
