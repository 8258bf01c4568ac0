package dns

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
)

// altered answers truly, then spoils the message.
func altered(t *testing.T, spoil func(*dns.Msg)) answerer {
	return func(q *dns.Msg) []packet {
		r := fromTable(q, example)
		spoil(r)
		return []packet{{0, pack(t, r)}}
	}
}

func rcode(t *testing.T, code int) answerer {
	return altered(t, func(m *dns.Msg) { m.Rcode, m.Answer = code, nil })
}

// late answers truly after a while, once: not again for every resend.
func late(t *testing.T, after time.Duration) answerer {
	first := true
	return func(q *dns.Msg) []packet {
		if !first {
			return nil
		}
		first = false
		return []packet{{after, pack(t, fromTable(q, example))}}
	}
}

type fateCase struct {
	name, proto    string
	server         answerer // nil over UDP: port closed; over TCP: accepts and is silent
	outcome, rcode string
	from, to       time.Duration
}

type result struct {
	Query
	known bool
	took  time.Duration
}

func TestFates(t *testing.T) {
	truth := zone(t, example)
	wrongID := altered(t, func(m *dns.Msg) { m.Id ^= 1 })
	wrongName := altered(t, func(m *dns.Msg) { m.Question[0].Name = "example.org." })
	wrongType := altered(t, func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX })
	lower := altered(t, func(m *dns.Msg) { m.Question[0].Name = "example.com." })
	junk := func(q *dns.Msg) []packet {
		return []packet{{0, append([]byte{byte(q.Id >> 8), byte(q.Id)}, "HTTP/1.1 400 Bad Request"...)}}
	}
	short := func(q *dns.Msg) []packet { // three answers promised, one there, TC not set: miekg/dns #1492
		b := pack(t, fromTable(q, example))
		b[7] = 3
		return []packet{{0, b}}
	}
	forgedFirst := func(q *dns.Msg) []packet { return append(wrongID(q), truth(q)...) }
	noEDNS := func(q *dns.Msg) []packet {
		if q.IsEdns0() != nil {
			r := new(dns.Msg).SetRcode(q, dns.RcodeFormatError)
			r.Question = nil
			return []packet{{0, pack(t, r)}}
		}
		return truth(q)
	}
	dropsEDNS := func(q *dns.Msg) []packet {
		if q.IsEdns0() != nil {
			return nil
		}
		return truth(q)
	}
	const never = 99 * time.Second
	cases := []fateCase{
		{"true", "udp", truth, Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"true", "tcp", truth, Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"silent", "udp", silent, Silent, "", udpBudget, udpBudget + 150*time.Millisecond},
		{"silent", "tcp", nil, Silent, "", tcpLeast, tcpLeast + 150*time.Millisecond},
		{"closed", "udp", nil, Closed, "", 0, 100 * time.Millisecond},
		{"hangs up", "tcp", silent, Malformed, "", 0, 200 * time.Millisecond},
		{"servfail", "udp", rcode(t, dns.RcodeServerFailure), Answered, "SERVFAIL", 0, 200 * time.Millisecond},
		{"refused", "udp", rcode(t, dns.RcodeRefused), Answered, "REFUSED", 0, 200 * time.Millisecond},
		{"wrong id", "udp", wrongID, Malformed, "", udpBudget, never},
		{"wrong id", "tcp", wrongID, Malformed, "", 0, 200 * time.Millisecond},
		{"wrong name", "udp", wrongName, Malformed, "", udpBudget, never},
		{"wrong type", "udp", wrongType, Malformed, "", udpBudget, never},
		{"query as answer", "udp", altered(t, func(m *dns.Msg) { m.Response = false }), Malformed, "", udpBudget, never},
		{"letter case lost", "udp", lower, Answered, "NOERROR", recasedWait, recasedWait + 400*time.Millisecond},
		{"truncated", "udp", altered(t, func(m *dns.Msg) { m.Truncated, m.Answer = true, nil }), Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"garbage", "udp", junk, Malformed, "", udpBudget, never},
		{"garbage", "tcp", junk, Malformed, "", 0, 200 * time.Millisecond},
		{"ends early", "udp", short, Malformed, "", udpBudget, never},
		{"slow 1.1 s", "udp", late(t, 1100*time.Millisecond), Answered, "NOERROR", 1100 * time.Millisecond, 1200 * time.Millisecond},
		{"slow 1.1 s", "tcp", late(t, 1100*time.Millisecond), Answered, "NOERROR", 1100 * time.Millisecond, 1200 * time.Millisecond},
		{"forgery before the truth", "udp", forgedFirst, Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"does not know EDNS", "udp", noEDNS, Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"does not know EDNS", "tcp", noEDNS, Answered, "NOERROR", 0, 200 * time.Millisecond},
		{"drops EDNS", "udp", dropsEDNS, Answered, "NOERROR", 700 * time.Millisecond, 900 * time.Millisecond},
	}
	got := make([]result, len(cases))
	var all sync.WaitGroup
	for i, c := range cases { // at once: most of them wait for a deadline
		m := newMachine(t, "")
		switch {
		case c.proto == "tcp":
			m.tcp("192.0.2.1", c.server)
		case c.server != nil:
			m.udp("192.0.2.1", c.server)
		}
		q := question{server: "192.0.2.1", proto: c.proto, kind: KindName, name: "example.com", qtype: dns.TypeA, why: "dns"}
		all.Go(func() {
			begin := time.Now()
			got[i].Query, got[i].known = ask(context.Background(), m.env(), q)
			got[i].took = time.Since(begin)
		})
	}
	all.Wait()
	for i, c := range cases {
		t.Run(c.name+" "+c.proto, func(t *testing.T) {
			r := got[i]
			if !r.known || r.Outcome != c.outcome || r.Rcode != c.rcode {
				t.Fatalf("known %v, outcome %q, rcode %q (%s), want %q %q", r.known, r.Outcome, r.Rcode, r.Errno, c.outcome, c.rcode)
			}
			if r.took < c.from || r.took > c.to {
				t.Errorf("took %v, want %v to %v", r.took, c.from, c.to)
			}
			if want := c.outcome == Answered && c.rcode == "NOERROR" && !r.Cut; want != (len(r.IPs) == 1) {
				t.Errorf("addresses %v", r.IPs)
			}
		})
	}
}

func TestExtendedErrorsAreCollected(t *testing.T) {
	m := newMachine(t, "")
	m.udp("192.0.2.1", altered(t, func(r *dns.Msg) {
		r.Rcode, r.Answer = dns.RcodeServerFailure, nil
		r.SetEdns0(ednsSize, false)
		r.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: 7}, &dns.EDNS0_EDE{InfoCode: 22}}
	}))
	r, _ := ask(context.Background(), m.env(), question{server: "192.0.2.1", proto: "udp", name: "example.com", qtype: dns.TypeA})
	if len(r.Errors) != 2 || r.Errors[0] != 7 || r.Errors[1] != 22 {
		t.Errorf("extended errors %v", r.Errors)
	}
}

func TestLedgerCountsResends(t *testing.T) {
	m := newMachine(t, "")
	m.udp("192.0.2.1", silent)
	env := m.env()
	ask(context.Background(), env, question{server: "192.0.2.1", proto: "udp", name: "example.com", qtype: dns.TypeA, why: "dns"})
	rows := env.Ledger.Rows()
	if len(rows) != 1 || rows[0].Packets != len(resends) || rows[0].Bytes < 3*29 || rows[0].Why != "dns" {
		t.Errorf("ledger %+v", rows)
	}
	if n := m.questions("udp 192.0.2.1"); n != len(resends) {
		t.Errorf("the server heard %d questions", n)
	}
}

// Cancelling must close the sockets at once: miekg/dns would wait for its
// deadline (its issue #1399).
func TestCancelLeavesNothingBehind(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\nnameserver 192.0.2.2\n")
	for _, a := range []string{"192.0.2.1", "192.0.2.2"} {
		m.udp(a, silent)
		m.tcp(a, nil)
	}
	env := m.env()
	Local(context.Background(), env)
	goroutines, fds := runtime.NumGoroutine(), openFiles(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		_ = askServers(ctx, env)
		_ = askRandom(ctx, env)
		close(done)
	}()
	waitFor(t, func() bool { return m.questions("udp 192.0.2.2") >= 2 })
	begin := time.Now()
	cancel()
	<-done
	if took := time.Since(begin); took > 50*time.Millisecond {
		t.Errorf("ended %v after the cancel", took)
	}
	for _, s := range Section.Of(factsOf(env)).Servers {
		if len(s.Queries) > 0 {
			t.Errorf("%s: a cut question left a record: %+v", s.Address, s.Queries)
		}
	}
	// The test servers' accepted TCP connections see the end and stay open: 2.
	waitFor(t, func() bool { return runtime.NumGoroutine() <= goroutines && openFiles(t) <= fds+2 })
}

func factsOf(env *diag.Env) (f diag.Facts) {
	f = Section.In(diag.Facts{}, snapshot(env))
	return f
}

func openFiles(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc here")
	}
	return len(list)
}

// waitFor polls a condition that no event announces.
func waitFor(t *testing.T, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(200 * time.Millisecond); !cond(); {
		if time.Now().After(end) {
			t.Fatal("did not come true within 200 ms")
		}
		runtime.Gosched()
	}
}
