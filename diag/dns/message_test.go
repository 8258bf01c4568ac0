package dns

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func TestNamesAreHardToGuess(t *testing.T) {
	seen := map[string]bool{}
	for range 64 {
		seen[newMessage("wikipedia.org", dns.TypeA, false).Question[0].Name] = true
	}
	if len(seen) < 32 {
		t.Errorf("only %d spellings in 64 questions", len(seen))
	}
	for name := range seen {
		if !strings.EqualFold(name, "wikipedia.org.") {
			t.Errorf("asks for %q", name)
		}
	}
	if a, b := randomName(), randomName(); a == b || len(a) != len("abcdefghijklmnop.com") {
		t.Errorf("%q, %q", a, b)
	}
}

func FuzzRead(f *testing.F) {
	asked := new(dns.Msg)
	asked.SetQuestion("ExAmple.com.", dns.TypeA)
	asked.Id = 0x1234
	truth := fromTable(asked, example)
	b, err := truth.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:20])
	truth.SetEdns0(ednsSize, false)
	b, _ = truth.Pack()
	f.Add(b)
	f.Fuzz(func(t *testing.T, packet []byte) {
		v, m := read(packet, asked)
		if (v == good || v == recased) != (m != nil && compare(m, asked) <= recased) {
			t.Errorf("verdict %v with message %v", v, m)
		}
		if v == good || v == recased {
			q := Query{Type: "A"}
			q.fill(m, v)
			if len(q.IPs) > maxIPs || len(q.Scopes) != len(q.IPs) || q.Rcode == "" {
				t.Errorf("%+v", q)
			}
		}
	})
}
