package dns

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
)

// The second look: what is worth asking only once a server works. It takes
// one round trip on a healthy network, and one server: the one that this PC's
// programs use.

const (
	secondBudget = udpPatience + 2*udpBudget + time.Second
	// briskWait is, on top of two round trips, how long an answer may take
	// whose absence would prove nothing.
	briskWait = 100 * time.Millisecond
	moreNames = 2 // of the probed names beyond the first
	mostTries = 3 // of the search list: glibc tries all six it may have, one silent suffix is enough for us
	knownName = "ipv4only.arpa"
	// large is more than any answer without EDNS may have (RFC 1035 4.2.1).
	large = 512
)

// knownIPs are the addresses of ipv4only.arpa: RFC 7050 section 2.2.
var knownIPs = []string{"192.0.0.170", "192.0.0.171"}

// second is the server under a second look.
type second struct {
	env    *diag.Env
	server Server
	first  Query // how it answered the first question
	conf   Conf
}

func lookCloser(ctx context.Context, env *diag.Env) error {
	if len(env.Config.Probe.Names) == 0 {
		return errNoNames
	}
	l, ok := firstWorking(ctx, env)
	if !ok {
		return nil
	}
	var wg sync.WaitGroup
	wg.Go(func() { l.known(ctx) })
	wg.Go(func() { l.large(ctx) })
	names := env.Config.Probe.Names
	for _, name := range names[1:min(len(names), 1+moreNames)] {
		wg.Go(func() { l.another(ctx, name) })
	}
	wg.Go(func() { l.six(ctx, names[min(1, len(names)-1)]) })
	for _, name := range suffixed(names[0], l.conf) {
		wg.Go(func() { keep(ctx, env, l.server, l.question(KindSearch, name, dns.TypeA)) })
	}
	wg.Wait()
	return nil
}

// firstWorking waits until a server answers this PC's programs well; false
// when all have ended otherwise.
func firstWorking(ctx context.Context, env *diag.Env) (l second, ok bool) {
	l.env = env
	env.Facts.Await(ctx.Done(), func(all diag.Facts) bool {
		f := Section.Of(all)
		l.conf = f.Conf
		open := 0
		for _, s := range f.asked() {
			q, ended := s.Find(f.Conf.proto(), KindName, "A")
			switch {
			case !ended:
				open++
			case q.State() == Works && !ok:
				l.server, l.first, ok = s, q, true
			}
		}
		return ok || open == 0
	})
	return l, ok
}

func (l second) question(kind, name string, qtype uint16) question {
	return question{server: l.server.Address, proto: l.conf.proto(), kind: kind, name: name, qtype: qtype, plain: l.first.Plain, why: "dns-second"}
}

// another asks for a further name, and where it leads inside or nowhere, what
// the control resolvers say of it.
func (l second) another(ctx context.Context, name string) {
	r, ok := l.brisk(ctx, l.question(KindMore, name, dns.TypeA))
	if !ok || r.State() != Works || r.Cut || len(r.IPs) > 0 && !r.Inward() {
		return
	}
	var wg sync.WaitGroup
	for _, s := range snapshot(l.env).withRole(Control) {
		q := question{server: s.Address, proto: "udp", kind: KindMore, name: name, qtype: dns.TypeA, once: true, why: whyOf(s)}
		wg.Go(func() { keep(ctx, l.env, s, q) })
	}
	wg.Wait()
}

// brisk asks and gives up soon: silence is not recorded.
func (l second) brisk(ctx context.Context, q question) (Query, bool) {
	q.once = true
	ctx, cancel := context.WithTimeout(ctx, l.patience())
	defer cancel()
	return keep(ctx, l.env, l.server, q)
}

func (l second) patience() time.Duration { return patience(l.first.TookMS) }

// patience is how long an answer may take that nothing depends on, by how
// long another one took, in milliseconds.
func patience(tookMS float64) time.Duration {
	return 2*time.Duration(tookMS*float64(time.Millisecond)) + briskWait
}

// known asks for the name whose addresses everybody knows.
func (l second) known(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, l.patience())
	defer cancel()
	q := l.question(KindKnown, knownName, dns.TypeA)
	q.once = true
	r, ok := ask(ctx, l.env, q)
	if !ok {
		return
	}
	for _, ip := range r.IPs {
		if r.AsKnown = diag.TriOf(contains(knownIPs, ip)); r.AsKnown == diag.No {
			break
		}
	}
	l.server.put(l.env, r)
}

// six asks for another name's IPv6 addresses where the first one's are late:
// silence on one question may be chance, on two it is not.
func (l second) six(ctx context.Context, name string) {
	soon, cancel := context.WithTimeout(ctx, l.patience())
	defer cancel()
	answered := l.env.Facts.Await(soon.Done(), func(all diag.Facts) bool {
		f := Section.Of(all)
		_, ok := f.server(l.server).Find(l.conf.proto(), KindName, "AAAA")
		return ok
	})
	if !answered && ctx.Err() == nil {
		keep(ctx, l.env, l.server, l.question(KindMore, name, dns.TypeAAAA))
	}
}

// large asks for an answer that fits one packet with EDNS and none without.
// Servers that do not want to be asked for keys are no matter; only where the
// answer exists (over TCP it comes, and is large) does its absence over UDP
// say something.
func (l second) large(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := l.question(KindLarge, ".", dns.TypeDNSKEY)
	q.sigs = true
	if q.plain || q.proto == "tcp" {
		return // this PC never gets large answers in one packet
	}
	whole := q // the same question, asked the way a large answer always comes
	whole.proto = "tcp"
	over := make(chan struct{})
	go func() {
		defer close(over)
		keep(ctx, l.env, l.server, q)
	}()
	select {
	case <-over:
		return
	case <-ctx.Done():
	case <-time.After(l.patience()):
		if r, ok := keep(ctx, l.env, l.server, whole); !ok || r.Outcome != Answered || r.Bytes <= large {
			cancel()
		}
	}
	<-over
}

// suffixed are the names that the C library tries before the name itself:
// those made of the search list, when the name has fewer dots than ndots
// says (resolv.conf(5); one by default).
func suffixed(name string, c Conf) []string {
	if strings.Count(name, ".") >= c.ndots() || strings.HasSuffix(name, ".") {
		return nil
	}
	var out []string
	for _, suffix := range c.Search {
		if suffix = strings.Trim(suffix, "."); suffix != "" && len(out) < mostTries {
			out = append(out, name+"."+suffix)
		}
	}
	return out
}

func (c Conf) ndots() int {
	n := 1
	for _, o := range c.Options {
		if v, ok := strings.CutPrefix(o, "ndots:"); ok {
			n, _ = strconv.Atoi(v) // known() let numbers only through
			n = min(n, 15)         // RES_MAXNDOTS
		}
	}
	return n
}
