package cause

import (
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
)

// TestHostsLineIsHeardOut: a proven fault of the name server does not end the
// run while a line of the hosts file has not been looked at.
func TestHostsLineIsHeardOut(t *testing.T) {
	silent := func(entries ...dns.HostsEntry) *pc {
		p := healthyPC()
		p.dns.Servers[0].Queries = []dns.Query{fate(dns.Silent), {Proto: "tcp", Kind: dns.KindName, Type: "A", Outcome: dns.Silent}}
		p.dns.Lookups = nil
		p.dns.Hosts.Entries = entries
		p.namesDead()
		return p
	}
	line := dns.HostsEntry{Line: 3, Name: "a.example", IP: "10.66.66.66", Scope: "private"}
	looked := silent(line)
	looked.run.Probes = append(looked.run.Probes, diag.ProbeOutcome{ID: "dns.hosts", End: diag.EndDone})
	for name, tt := range map[string]struct {
		pc      *pc
		settled bool
	}{"no line": {silent(), true}, "a line, not looked at": {silent(line), false}, "a line, looked at": {looked, true}} {
		d := Explain(tt.pc.facts(), nil)
		if !slices.Equal(ids(d.Causes), []string{"dns.server_silent"}) || d.Settled != tt.settled {
			t.Errorf("%s: %q, settled %v, want %v", name, ids(d.Causes), d.Settled, tt.settled)
		}
	}
}
