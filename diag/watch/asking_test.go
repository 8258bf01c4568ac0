package watch

import (
	"slices"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/link"
)

func TestFlapped(t *testing.T) {
	facts := func(carrier bool, flaps int) link.Facts {
		return link.Facts{
			Links: []link.Link{{Index: 2, Up: true, Carrier: carrier, Flaps: flaps}, {Index: 3, Up: true, Carrier: true, Flaps: 10 * flaps}},
			Paths: []link.Path{{For: "anchor", Index: 2, Reachable: diag.Yes}, {For: "dns", Index: 3, Reachable: diag.Yes}},
		}
	}
	for _, c := range []struct {
		before, now link.Facts
		want        bool
	}{
		{facts(true, 1), facts(true, 1), false},
		{facts(true, 1), facts(true, 3), true},
		{facts(true, 1), facts(false, 2), false}, // gone, not back: the table says so
		{facts(false, 2), facts(true, 3), false}, // back: was told when it went
		{link.Facts{}, facts(true, 9), false},
	} {
		if got := flapped(c.before, c.now); got != c.want {
			t.Errorf("%+v, %+v: %v", c.before.Links, c.now.Links, got)
		}
	}
}

func TestVerdictOf(t *testing.T) {
	cause := func(id string, s diag.Status) diag.Cause { return diag.Cause{ID: id, Severity: s} }
	for _, c := range []struct {
		causes []diag.Cause
		kind   Kind
		want   Naming
		cause  string
	}{
		{nil, Silence, Unclear, ""},
		{[]diag.Cause{cause("a", diag.Warn)}, Silence, Named, "a"},
		{[]diag.Cause{cause("a", diag.Warn), cause("b", diag.Fail)}, Silence, Named, "b"},
		{[]diag.Cause{cause("n", diag.OK)}, Silence, Unclear, ""},
		{[]diag.Cause{cause("dns.slow", diag.Fail), cause("wan.loss_hop", diag.Fail)}, Losses, Named, "wan.loss_hop"},
		{[]diag.Cause{cause("b", diag.Fail), cause("perf.uplink_hog", diag.Warn)}, Slow, Named, "perf.uplink_hog"},
		{[]diag.Cause{cause("b", diag.Fail)}, Slow, Named, "b"},
	} {
		if v := verdictOf(diag.Diagnosis{Causes: c.causes}, c.kind); v.Naming != c.want || v.Cause != c.cause {
			t.Errorf("%v: %+v", c.causes, v)
		}
	}
}

// TestContactsStayBounded: a PC that roams for weeks; the sums stay true.
func TestContactsStayBounded(t *testing.T) {
	var c Contacts
	c.Add(diag.Contact{Address: "a", Port: 53, Proto: "udp", Why: "dns", Packets: 1})
	for n := range 10_000 {
		c.Add(diag.Contact{Address: string(rune('α' + n)), Proto: "icmp", Why: "echo", Packets: 1, Bytes: 2})
	}
	c.Add(diag.Contact{Address: "a", Port: 53, Proto: "udp", Why: "dns", Packets: 1})
	packets, bytes := 0, 0
	rows := c.Rows()
	for _, r := range rows {
		packets, bytes = packets+r.Packets, bytes+r.Bytes
	}
	if len(rows) != mostContacts || packets != 10_002 || bytes != 20_000 || !slices.ContainsFunc(rows, func(r diag.Contact) bool { return r.Why == "dns" && r.Packets == 2 }) {
		t.Errorf("%d rows, %d packets, %d bytes", len(rows), packets, bytes)
	}
}

func TestPackets(t *testing.T) {
	rows := []diag.Contact{{Proto: "icmp", Packets: 1}, {Proto: "tcp", Packets: 1}, {Proto: "udp", Packets: 3}}
	if got := Packets(rows); got != 7 {
		t.Errorf("%d", got)
	}
}

// TestQuestionsSentAgain: a lost question is told from a server that takes its
// time.
func TestQuestionsSentAgain(t *testing.T) {
	var p Prober
	for _, c := range []struct {
		q    dns.Query
		want Reading
	}{
		{dns.Query{Sends: 2, TookMS: 301, LastMS: 1}, Reading{State: Answered, RTT: 301 * time.Millisecond}}, // nobody knows yet how soon it answers
		{dns.Query{Sends: 1, TookMS: 20}, Reading{State: Answered, RTT: 20 * time.Millisecond}},
		{dns.Query{Sends: 2, TookMS: 322, LastMS: 22}, Reading{State: Answered, RTT: 322 * time.Millisecond, Retried: true}},
		{dns.Query{Sends: 2, TookMS: 500, LastMS: 200}, Reading{State: Answered, RTT: 500 * time.Millisecond}},
		{dns.Query{Proto: "tcp", TookMS: 40}, Reading{State: Answered, RTT: 40 * time.Millisecond}},
	} {
		if got := p.named(c.q); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.q, got, c.want)
		}
	}
}
