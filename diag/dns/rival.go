package dns

import (
	"context"
	"slices"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/link"
)

// Somebody on the way who answers in a server's name is faster than the
// server, but cannot hold its answer back: the true one comes in behind. So
// we listen on after the first answer. Time is dear on a healthy network:
// where another witness (the same server over TCP, a control resolver) says
// the same, we stop at once.
const (
	// rivalWait is how long a second answer is waited for when a witness says
	// something else (diagnosis.md 3.3).
	rivalWait = 300 * time.Millisecond
	// rivalBrief is the same once TCP has ended, while others may still speak.
	rivalBrief = 40 * time.Millisecond
)

// askAndListen asks, records, and amends the record when a second, different
// answer to the same packet comes in.
func askAndListen(ctx context.Context, env *diag.Env, s Server, q question) (Query, bool) {
	x := newExchange(env, q)
	defer x.close()
	known := x.run(ctx)
	if !known {
		return *x.record, false
	}
	r := *x.record
	at := s.put(env, r)
	// Two packets out may bring two answers, and a server that takes turns
	// among addresses gives different ones.
	if r.State() != Works || r.Sends != 1 || r.Rival || q.proto != "udp" {
		return r, true
	}
	if m := x.listen(ctx, s); m != nil && !takesTurns(ctx, env, s, q, r, m) {
		x.record.rival(m)
		s.amend(env, at, *x.record)
	}
	return r, true
}

// turns is how often a server is asked over TCP whether it gives both answers
// itself.
const turns = 3

// takesTurns reports that both answers are the server's own: asked where
// nobody on the way puts words into its mouth, over TCP, it gives the
// addresses of both. Some networks carry every question twice, and to a name
// server that takes turns among addresses they are two questions.
func takesTurns(ctx context.Context, env *diag.Env, s Server, q question, first Query, m *dns.Msg) bool {
	second := Query{Type: first.Type}
	second.fill(m, good)
	if len(first.IPs) == 0 || len(second.IPs) == 0 {
		return false
	}
	q.proto, q.kind = "tcp", KindMore
	var own []string
	for range turns {
		r, ok := keep(ctx, env, s, q)
		if !ok || r.State() != Works {
			return false
		}
		own = append(own, r.IPs...)
		if within(first.IPs, own) && within(second.IPs, own) {
			return true
		}
	}
	return false
}

func within(ips, all []string) bool {
	return !slices.ContainsFunc(ips, func(s string) bool { return !contains(all, s) })
}

// listen waits for a second answer that differs from the one on record.
func (x *exchange) listen(ctx context.Context, s Server) *dns.Msg {
	ctx, cancel := context.WithTimeout(ctx, rivalWait)
	defer cancel()
	if x.conn.SetReadDeadline(time.Now().Add(rivalWait)) != nil {
		return nil
	}
	found := make(chan *dns.Msg, 1)
	go func() { found <- x.second() }()
	enough := make(chan bool, 1)
	r := *x.record
	go func() { enough <- confirmed(ctx, x.env, s, r) }()
	select {
	case m := <-found:
		return m
	case stop := <-enough:
		if stop {
			return x.hangUp(found)
		}
		return <-found // contradicted, or rivalWait is over: hear it out
	}
}

// hangUp ends the listening, and gives what had come in by then.
func (x *exchange) hangUp(found <-chan *dns.Msg) *dns.Msg {
	_ = x.conn.SetReadDeadline(time.Now()) // a connection that is closed has ended the read already
	return <-found
}

// second reads until the deadline that listen has set; nil when nothing else
// was said.
func (x *exchange) second() *dns.Msg {
	buf := make([]byte, dns.MaxMsgSize)
	for {
		n, err := x.conn.Read(buf)
		if err != nil {
			return nil
		}
		if v, m := read(buf[:n], x.asked); v == good && x.record.differs(m) {
			return m
		}
	}
}

// confirmed waits until witnesses make a second answer unlikely, or none of
// them has anything to say; false when one says something else, or ctx ends.
// The answer over TCP is waited for anyway, so it costs nothing.
func confirmed(ctx context.Context, env *diag.Env, s Server, mine Query) bool {
	itself, verdict := pending, diag.Maybe
	look := func(all diag.Facts) {
		f := Section.Of(all)
		itself = f.server(s).witness(mine)
		verdict = weigh(itself, f.opinion(mine))
	}
	env.Facts.Await(ctx.Done(), func(all diag.Facts) bool { look(all); return itself != pending || verdict != diag.Maybe })
	brief, cancel := context.WithTimeout(ctx, rivalBrief)
	defer cancel()
	env.Facts.Await(brief.Done(), func(all diag.Facts) bool { look(all); return verdict != diag.Maybe })
	return verdict != diag.No && ctx.Err() == nil
}

// weigh takes the word of the server itself over TCP, and that of the control
// resolvers. A forger on the way may well answer in the names of all of them
// over UDP, so theirs alone is enough only where TCP is not served.
func weigh(itself, others testimonyOn) diag.Tri {
	switch {
	case itself == contradicts || others == contradicts:
		return diag.No
	case itself == agrees && others != pending, itself == mute && others == agrees:
		return diag.Yes
	}
	return diag.Maybe
}

// testimonyOn is what a witness says on an answer.
type testimonyOn int

const (
	pending testimonyOn = iota
	mute                // nothing to the point
	agrees
	contradicts
)

// witness is the same server, asked over TCP.
func (s *Server) witness(mine Query) testimonyOn {
	q, ended := s.Find("tcp", mine.Kind, mine.Type)
	if !ended {
		return pending
	}
	return q.on(mine)
}

// opinion is the control resolvers': one that agrees is enough, since many a
// name has other addresses elsewhere in the world.
func (f Facts) opinion(mine Query) testimonyOn {
	out := mute
	for _, s := range f.withRole(Control) {
		q, ended := s.Find("udp", mine.Kind, mine.Type)
		switch said := q.on(mine); {
		case !ended:
			out = pending
		case said == agrees:
			return agrees
		case said == contradicts && out == mute:
			out = contradicts
		}
	}
	return out
}

// on compares addresses; an answer without any has nothing to say of them (a
// company's own names exist inside only).
func (q Query) on(mine Query) testimonyOn {
	switch {
	case q.Outcome != Answered, len(q.IPs) == 0 && len(mine.IPs) > 0:
		return mute
	case q.Rcode == mine.Rcode && (len(mine.IPs)+len(q.IPs) == 0 || overlap(mine.IPs, q.IPs)):
		return agrees
	}
	return contradicts
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return contains(b, s) })
}

// differs compares codes and addresses only: the order of records and their
// time to live change from answer to answer.
func (q *Query) differs(m *dns.Msg) bool {
	other := Query{Type: q.Type}
	other.fill(m, good)
	return other.Rcode != q.Rcode || !sameSet(other.IPs, q.IPs)
}

func sameAnswer(a, b *dns.Msg, qtype uint16) bool {
	one := Query{Type: dns.TypeToString[qtype]}
	one.fill(a, good)
	return !one.differs(b)
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// rival keeps what the other answer said.
func (q *Query) rival(m *dns.Msg) {
	q.Rival, q.RivalIPs, q.RivalScopes = true, nil, nil
	for _, a := range addresses(m, dns.StringToType[q.Type]) {
		q.RivalIPs, q.RivalScopes = append(q.RivalIPs, a.String()), append(q.RivalScopes, link.ScopeOf(a.String()))
	}
}
