package cause

import (
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/lan"
)

// segmentCase breaks a healthy PC, and wants exactly these causes.
type segmentCase struct {
	name   string
	break_ func(*pc)
	want   []string
}

func (c segmentCase) run(t *testing.T) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		p := healthyPC()
		c.break_(p)
		if got := ids(Explain(p.facts(), nil).Causes); !slices.Equal(got, append([]string{}, c.want...)) {
			t.Errorf("causes %v, want %v", got, c.want)
		}
	})
}

// muteRouter: the router is there, nothing passes it, and it does not speak.
func (p *pc) muteRouter() {
	p.silentBeyond(0)
	p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
	p.lan.MayAsk = diag.No
}

// Who may not ask the wire cannot tell a stray device from a dead line, and
// says so by naming both.
func TestPoser(t *testing.T) {
	for _, c := range []segmentCase{
		{"a stray device or a dead line", (*pc).muteRouter, []string{"gw.duplicate", "wan.silent_beyond_hop"}},
		{"an administrator has asked, and it is the line", func(p *pc) { p.muteRouter(); p.lan.MayAsk = diag.Yes }, []string{"wan.silent_beyond_hop"}},
		{"the router speaks, so it is one", func(p *pc) { p.muteRouter(); p.silentBeyond(0); p.gw.Hops = healthyPC().gw.Hops[:1] }, []string{"wan.silent_beyond_hop"}},
		{"the settings came from the network", func(p *pc) { p.muteRouter(); p.lan.DHCP.Client = "dhclient" }, []string{"addr.dhcp_rogue", "gw.duplicate", "wan.silent_beyond_hop"}},
		{"an earlier lease names another router, which is there", func(p *pc) {
			p.muteRouter()
			p.lan.DHCP.Routed = true
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true, Answers: diag.Yes}}
		}, []string{"addr.dhcp_rogue"}},
		{"an earlier lease names another router, which is gone", func(p *pc) {
			p.muteRouter()
			p.lan.DHCP.Routed = true
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true}}
		}, []string{"addr.dhcp_rogue", "gw.duplicate", "wan.silent_beyond_hop"}},
	} {
		c.run(t)
	}
	p := healthyPC()
	p.muteRouter()
	for _, c := range Explain(p.facts(), nil).Causes {
		if c.Confidence >= 0.7 {
			t.Errorf("%s with confidence %v, though nobody could ask", c.ID, c.Confidence)
		}
	}
}
