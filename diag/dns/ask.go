package dns

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/host"
)

// How long an answer may take. A round trip of 600 ms (a satellite) is
// healthy: UDP needs one of them. TCP needs two (handshake, question), so a
// handshake that has not ended after 1.2 s has failed, and one that took long
// buys the answer more time. Silence is known after 1.2 s over either.
const (
	udpBudget = 1200 * time.Millisecond
	tcpLeast  = 1200 * time.Millisecond
	tcpMost   = 1500 * time.Millisecond
	tcpThink  = 300 * time.Millisecond // for the server, on top of two round trips
	// udpPatience is for a server that gave a sign of life ([pulse]), so that
	// it may only be slow.
	udpPatience = 2000 * time.Millisecond
)

// resends are when a UDP question goes out (again). The last one goes without
// EDNS: some old routers drop what carries it, and the C library, which asks
// without, gets along with them.
var resends = []time.Duration{0, 300 * time.Millisecond, 700 * time.Millisecond}

// sparing are the times of a question whose answer others can stand in for:
// once more, when an answer over a satellite would have come. What is asked
// again before that brings a second answer to a socket that is closed by then.
var sparing = []time.Duration{0, 650 * time.Millisecond}

// recasedWait is how long a better answer may follow one whose letters' case
// is wrong, which may be a forgery or just a sloppy forwarder.
const recasedWait = 300 * time.Millisecond

// question is one thing to ask one server.
type question struct {
	server  string // address
	proto   string // udp, tcp
	kind    string
	name    string
	qtype   uint16
	noCheck bool
	plain   bool   // without EDNS from the first time on
	once    bool   // never again: nothing depends on the answer
	spare   bool   // once more at most: others can stand in for the answer
	sigs    bool   // with signatures, which makes the answer longer (DO, RFC 3225)
	why     string // for the ledger: dns, dns-control, dns-random, dns-second
	pulse   *pulse // what is known of the server meanwhile; nil: nothing
}

// ask asks on a fresh socket and waits for the question's fate. It is false
// when ctx ended first (or the name cannot be asked for at all): then nothing
// is known, and the socket is closed already.
func ask(ctx context.Context, env *diag.Env, q question) (Query, bool) {
	x := newExchange(env, q)
	defer x.close()
	known := x.run(ctx)
	return *x.record, known
}

func newExchange(env *diag.Env, q question) *exchange {
	return &exchange{env: env, q: q, simple: q.plain, asked: newMessage(q.name, q.qtype, q.noCheck), release: func() bool { return false },
		record: &Query{Proto: q.proto, Kind: q.kind, Name: q.name, Type: dns.TypeToString[q.qtype], NoCheck: q.noCheck, AtMS: env.SinceMS()}}
}

// exchange is one question under way.
type exchange struct {
	env     *diag.Env
	q       question
	begin   time.Time
	last    time.Time // when the question went out last
	asked   *dns.Msg
	packets [2][]byte // with EDNS, and without
	simple  bool      // asked without EDNS already
	conn    *dns.Conn
	release func() bool // stops what closes conn when ctx ends
	record  *Query
	odd     bool // something came back that is no answer
}

// run is false when ctx ended before the fate was known. The connection stays
// open for what may follow, until close.
func (x *exchange) run(ctx context.Context) bool {
	for i, m := range []*dns.Msg{withEDNS(x.asked, x.q.sigs), x.asked} {
		packet, err := m.Pack()
		if err != nil {
			return false
		}
		x.packets[i] = packet
	}
	x.begin = time.Now()
	known := x.converse(ctx)
	x.record.TookMS = diag.MS(time.Since(x.begin))
	if x.record.Outcome == Answered {
		x.record.LastMS, x.record.Plain = diag.MS(time.Since(x.last)), x.simple
	}
	return known
}

func (x *exchange) close() {
	x.release()
	if x.conn != nil {
		x.conn.Close()
	}
}

func (x *exchange) converse(ctx context.Context) bool {
	dial, cancel := context.WithTimeout(ctx, tcpLeast)
	defer cancel()
	if x.q.proto == "tcp" {
		x.log(0) // the handshake alone makes it a contact
	}
	c, err := x.env.Host.Dial(dial, host.DialOptions{Terse: true}, x.q.proto, net.JoinHostPort(x.q.server, "53"))
	if err != nil {
		return x.failed(ctx, err)
	}
	// miekg/dns looks at deadlines only (its issue #1399): closing the socket
	// is what ends a read when ctx does.
	x.release = context.AfterFunc(ctx, func() { c.Close() })
	x.conn = &dns.Conn{Conn: c}
	if x.q.proto == "tcp" {
		x.record.ConnectMS = diag.MS(time.Since(x.begin))
		err = x.stream()
	} else {
		hearErrors(c)
		err = x.datagrams()
	}
	if err != nil {
		return x.failed(ctx, err)
	}
	return true
}

// failed turns an error into an outcome, unless it only means that ctx ended.
func (x *exchange) failed(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	x.record.Outcome, x.record.Errno = outcomeOf(err)
	if x.record.Outcome == Silent && x.odd {
		x.record.Outcome = Malformed
	}
	return true
}

// datagrams sends and resends until an answer or the end of the budget.
func (x *exchange) datagrams() error {
	var err error
	if x.q.once {
		if err := x.send(false); err != nil {
			return err
		}
		return x.receive(x.begin.Add(udpBudget))
	}
	times := resends
	if x.q.spare {
		times = sparing
	}
	for i := range times {
		until := udpBudget
		if i+1 < len(times) {
			until = times[i+1]
		}
		if err = x.send(i+1 == len(times)); err != nil {
			return err
		}
		if err = x.receive(x.begin.Add(until)); !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
	if x.q.pulse.maySlow() {
		return x.receive(x.begin.Add(udpPatience))
	}
	return err
}

// stream asks once over TCP, where the handshake has just ended.
func (x *exchange) stream() error {
	budget := min(max(2*time.Since(x.begin)+tcpThink, tcpLeast), tcpMost)
	if err := x.send(false); err != nil {
		return err
	}
	return x.receive(x.begin.Add(budget))
}

func (x *exchange) send(withoutEDNS bool) error {
	packet := x.packets[0]
	if withoutEDNS || x.simple {
		packet, x.simple = x.packets[1], true
	}
	x.log(len(packet))
	x.record.Sends++
	x.last = time.Now()
	_, err := x.conn.Write(packet)
	if x.passes(err) { // about the packet before this one, which has not left now
		_, err = x.conn.Write(packet)
	}
	if errors.Is(err, droppedHere) {
		return nil
	}
	return err
}

// passes notes who on the way said that there is none. That may pass, and so
// may a lifetime that ran out: the question goes on. It is false for every
// other error.
func (x *exchange) passes(err error) bool {
	if err == nil || x.q.proto != "udp" {
		return false
	}
	from, passing := heardOf(x.conn.Conn)
	if from != "" {
		x.record.ToldBy = from
	}
	return passing
}

func (x *exchange) log(bytes int) {
	x.env.Ledger.Sent(x.q.server, 53, x.q.proto, x.q.why, bytes)
}

// receive reads until an answer or the deadline. What is no answer to our
// question is passed over: the true one may come behind it.
func (x *exchange) receive(deadline time.Time) error {
	buf := make([]byte, dns.MaxMsgSize)
	var held *dns.Msg
	for {
		if err := x.conn.SetReadDeadline(deadline); err != nil {
			return err
		}
		n, err := x.conn.Read(buf)
		if held != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			x.record.fill(held, recased)
			return nil
		}
		if x.passes(err) {
			continue
		}
		if err != nil {
			return err
		}
		v, m := read(buf[:n], x.asked)
		switch {
		case v == good && !x.simple && rejectsEDNS(m):
			if err := x.send(true); err != nil {
				return err
			}
		case v == good:
			if held != nil && !sameAnswer(held, m, x.asked.Question[0].Qtype) {
				x.record.rival(held)
			}
			x.record.fill(m, v)
			x.record.Bytes = n
			return nil
		case v == recased:
			if held == nil {
				held, deadline = m, time.Now().Add(recasedWait)
			}
		case x.q.proto == "tcp":
			return errNoAnswer // nobody else can write into this stream
		default:
			x.odd = true
		}
	}
}
