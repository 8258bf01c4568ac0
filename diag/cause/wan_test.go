package cause

import (
	"slices"
	"testing"

	"deskside/diag/dns"
	"deskside/diag/internet"
)

// TestLossIsNoBlockedPort: connects that fail on a line where questions, too,
// are answered only when they go out again, say nothing about a port; unless
// the web on another port works.
func TestLossIsNoBlockedPort(t *testing.T) {
	for name, tt := range map[string]struct {
		sends int
		web   bool
		want  []string
	}{
		"names are answered at once":    {1, false, []string{"fw.upstream_port_block"}},
		"and on the third try":          {3, false, []string{}},
		"the same, and the web answers": {3, true, []string{"fw.upstream_port_block"}},
	} {
		p := healthyPC()
		p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome, p.net.TLS = internet.Timeout, internet.Timeout, nil
		if !tt.web {
			p.net.Web = nil
		}
		for i := range p.dns.Servers {
			q := answered4("NOERROR")
			q.Proto, q.Kind, q.Type, q.Sends, q.LastMS = "udp", dns.KindName, "A", tt.sends, 20
			p.dns.Servers[i].Queries = []dns.Query{q}
		}
		if got := ids(Explain(p.facts(), nil).Causes); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
