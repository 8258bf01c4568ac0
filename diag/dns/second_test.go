package dns

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
)

func TestSuffixed(t *testing.T) {
	for _, c := range []struct{ name, conf, want string }{
		{"www.example.com", "search lan corp.example", ""},
		{"www.example.com", "search lan corp.example\noptions ndots:2", ""},
		{"www.example.com", "search lan corp.example\noptions ndots:3", "www.example.com.lan www.example.com.corp.example"},
		{"www.example.com", "search a b c d\noptions ndots:99", "www.example.com.a www.example.com.b www.example.com.c"},
		{"www.example.com.", "search lan\noptions ndots:5", ""},
		{"printer", "search lan.", "printer.lan"},
		{"printer", "search .", ""},
		{"printer", "options ndots:3", ""},
	} {
		if got := strings.Join(suffixed(c.name, parseResolvConf([]byte(c.conf+"\n"))), " "); got != c.want {
			t.Errorf("%s, %q: %q, want %q", c.name, c.conf, got, c.want)
		}
	}
}

// What the second look finds, and that silence of what is not vital is not
// waited for.
func TestSecondLook(t *testing.T) {
	known := map[string][]string{"example.com": example["example.com"], knownName: {"192.0.0.171", "192.0.0.170"}}
	forged := map[string][]string{"example.com": example["example.com"], knownName: {"192.0.0.170", "10.1.2.3"}}
	ignoring := func(t *testing.T, names ...string) answerer {
		return func(q *dns.Msg) []packet {
			if slices.Contains(names, canonical(q.Question[0].Name)) {
				return nil
			}
			return zone(t, known)(q)
		}
	}
	for _, c := range []struct {
		name   string
		server func(*testing.T) answerer
		agrees diag.Tri
		kinds  []string // that must be on record
		most   time.Duration
	}{
		{"as known", func(t *testing.T) answerer { return zone(t, known) }, diag.Yes, []string{KindKnown, KindLarge}, 200 * time.Millisecond},
		{"forged", func(t *testing.T) answerer { return zone(t, forged) }, diag.No, []string{KindKnown, KindLarge}, 200 * time.Millisecond},
		{"no such name", func(t *testing.T) answerer { return zone(t, example) }, diag.Maybe, []string{KindKnown, KindLarge}, 200 * time.Millisecond},
		{"ignored", func(t *testing.T) answerer { return ignoring(t, knownName, "") }, diag.Maybe, nil, 400 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.both("192.0.2.1", c.server(t))
			m.getent("203.0.113.80")
			f, res := m.run(m.env())
			var kinds []string
			agrees := diag.Maybe
			for _, q := range f.Servers[0].Queries {
				if q.Kind == KindKnown || q.Kind == KindLarge && q.Proto == "udp" {
					kinds = append(kinds, q.Kind)
				}
				if q.Kind == KindKnown {
					agrees = q.AsKnown
				}
			}
			slices.Sort(kinds)
			if agrees != c.agrees || !slices.Equal(kinds, c.kinds) {
				t.Errorf("agrees %v, on record %v", agrees, kinds)
			}
			if took := time.Duration(res.DurationMS * float64(time.Millisecond)); took > c.most {
				t.Errorf("took %v", took)
			}
		})
	}
}
