package dns

import (
	"testing"

	"github.com/miekg/dns"
)

// A server that fails is asked once more with checking disabled, whichever of
// its answers got through, and over the other transport when that is lost.
func TestRunAsksWithoutCheckingWhateverWasLost(t *testing.T) {
	t.Parallel()
	bogus := func(q *dns.Msg) []packet {
		r := fromTable(q, example)
		if !q.CheckingDisabled {
			r.Rcode, r.Answer = dns.RcodeServerFailure, nil
		}
		return []packet{{0, pack(t, r)}}
	}
	losing := func(lost func(*dns.Msg) bool) answerer {
		return func(q *dns.Msg) []packet {
			if lost(q) {
				return nil
			}
			return bogus(q)
		}
	}
	const a, aaaa = dns.TypeA, dns.TypeAAAA
	for _, c := range []struct {
		name     string
		udp, tcp func(*dns.Msg) bool // lost on this way
		want     string              // how the question without checking was answered
	}{
		{"nothing", func(*dns.Msg) bool { return false }, func(*dns.Msg) bool { return false }, ""},
		{"A over UDP, and TCP", func(q *dns.Msg) bool { return q.Question[0].Qtype == a }, func(*dns.Msg) bool { return true }, "udp"},
		{"UDP", func(*dns.Msg) bool { return true }, func(*dns.Msg) bool { return false }, "tcp"},
		{"AAAA, and what goes without checking over UDP", func(q *dns.Msg) bool { return q.Question[0].Qtype == aaaa || q.CheckingDisabled }, func(q *dns.Msg) bool { return !q.CheckingDisabled }, "tcp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.udp("192.0.2.1", losing(c.udp))
			m.tcp("192.0.2.1", losing(c.tcp))
			m.getent()
			f, _ := m.run(m.env())
			ways := []string{}
			for _, q := range f.Servers[0].Queries {
				if q.NoCheck && q.State() == Works {
					ways = append(ways, q.Proto)
				}
			}
			if len(ways) != 1 || c.want != "" && ways[0] != c.want {
				t.Errorf("answered without checking over %v, want %q: %+v", ways, c.want, f.Servers[0].Queries)
			}
		})
	}
}
