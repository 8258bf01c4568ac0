package dns

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
)

func giving(ip string) map[string][]string { return map[string][]string{"example.com": {ip}} }

// sends gives answers one after the other, at these times after the question.
func sends(t *testing.T, at []time.Duration, tables ...map[string][]string) answerer {
	return func(q *dns.Msg) []packet {
		var out []packet
		for i, table := range tables {
			out = append(out, packet{at[i], pack(t, fromTable(q, table))})
		}
		return out
	}
}

// A second, different answer is noticed; the same one twice, answers to
// questions asked twice, and witnesses who only sit elsewhere are no matter.
func TestRival(t *testing.T) {
	const ms = time.Millisecond
	const truth, lie = "203.0.113.80", "203.0.113.99"
	for _, c := range []struct {
		name         string
		at           []time.Duration
		udp          []map[string][]string
		tcp, control string // "": not served
		rival        bool
		most         time.Duration
	}{
		{"honest", []time.Duration{0}, []map[string][]string{giving(truth)}, truth, truth, false, 100 * ms},
		{"honest, no TCP", []time.Duration{0}, []map[string][]string{giving(truth)}, "", truth, false, 100 * ms},
		{"honest, no witness", []time.Duration{0}, []map[string][]string{giving(truth)}, "", "", false, 150 * ms},
		{"the packet came twice", []time.Duration{0, 20 * ms}, []map[string][]string{giving(truth), giving(truth)}, truth, truth, false, 100 * ms},
		{"forestalled, TCP is true", []time.Duration{0, 90 * ms}, []map[string][]string{giving(lie), giving(truth)}, truth, "", true, 400 * ms},
		{"forestalled, TCP lies too", []time.Duration{0, 90 * ms}, []map[string][]string{giving(lie), giving(truth)}, lie, truth, true, 400 * ms},
		{"forestalled everywhere but over TCP", []time.Duration{0, 90 * ms}, []map[string][]string{giving(lie), giving(truth)}, truth, lie, true, 400 * ms},
		{"the packet came twice, to a server that takes turns", []time.Duration{0, 20 * ms}, []map[string][]string{giving(truth), giving(lie)}, truth + " " + lie, "", false, 400 * ms},
		{"a name that is elsewhere for others", []time.Duration{0}, []map[string][]string{giving(truth)}, truth, "203.0.113.7", false, 450 * ms},
		{"slow, asked twice, other addresses in turn", []time.Duration{350 * ms, 400 * ms}, []map[string][]string{giving(truth), giving(lie)}, truth, truth, false, 900 * ms},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.udp("192.0.2.1", sends(t, c.at, c.udp...))
			if c.tcp != "" {
				var asked atomic.Uint32
				answers := strings.Fields(c.tcp) // in turn
				m.tcp("192.0.2.1", func(q *dns.Msg) []packet {
					return zone(t, giving(answers[int(asked.Add(1)-1)%len(answers)]))(q)
				})
			}
			control := []string{}
			if c.control != "" {
				control = append(control, "192.0.2.9")
				m.both("192.0.2.9", zone(t, giving(c.control)))
			}
			m.getent(truth)
			begin := time.Now()
			f, res := m.run(m.env(control...))
			q, found := f.Servers[0].Find("udp", KindName, "A")
			if !found || q.Rival != c.rival || (len(q.RivalIPs) > 0) != c.rival {
				t.Errorf("%+v", q)
			}
			if took := time.Since(begin); took > c.most {
				t.Errorf("took %v", took)
			}
			if want := map[bool]diag.Status{true: diag.Warn, false: diag.OK}[c.rival]; statusOf(res, CodeHonest) != want {
				t.Errorf("honest is %v, want %v", statusOf(res, CodeHonest), want)
			}
		})
	}
}
