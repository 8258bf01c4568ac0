package dns

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/link"
)

// Budgets of the probes. A question's own deadline ends it, so these only
// catch a machine that was held up; dns.servers may ask twice (see cd).
const (
	serversBudget = udpPatience + udpBudget + time.Second
	onceBudget    = udpBudget + time.Second
)

// Probes are this family's measurements. None has a When: what has nothing to
// ask ends at once by itself, since a pointless probe would turn every unknown
// finding of the check into a skipped one.
func Probes() []diag.Probe {
	probes := []diag.Probe{
		{ID: "dns.servers", Budget: serversBudget, Run: askServers},
		{ID: "dns.second", Budget: secondBudget, Run: lookCloser},
		{ID: "dns.random", Budget: onceBudget, Run: askRandom},
		{ID: "dns.hosts", Budget: onceBudget, Run: compareHosts},
		{ID: "dns.doh", Budget: dohBudget + time.Second, Run: askDoH},
		{ID: "dns.lookup", Budget: lookupBudget + 200*time.Millisecond, Run: lookUp},
	}
	return append(probes, osProbes()...)
}

var errNoNames = errors.New("no names configured to ask for")

// asked are the servers that this PC's programs ask.
func (f Facts) asked() []Server { return f.withRole(Configured, Implied) }

func (f Facts) withRole(roles ...string) []Server {
	var out []Server
	for _, s := range f.Servers {
		for _, role := range roles {
			if s.Role == role {
				out = append(out, s)
			}
		}
	}
	return out
}

// snapshot copies this section out of the store.
func snapshot(env *diag.Env) (f Facts) {
	env.Facts.Look(func(all diag.Facts) {
		f = Section.Of(all)
		f.Servers = append([]Server{}, f.Servers...)
		f.Hosts.Entries = append([]HostsEntry{}, f.Hosts.Entries...)
	})
	return f
}

// askServers asks every server for the first probed name.
func askServers(ctx context.Context, env *diag.Env) error {
	return askAll(ctx, env, snapshot(env).Servers)
}

func askAll(ctx context.Context, env *diag.Env, servers []Server) error {
	if len(env.Config.Probe.Names) == 0 {
		return errNoNames
	}
	name := env.Config.Probe.Names[0]
	opinions, enough := context.WithCancel(ctx)
	defer enough()
	var own, others sync.WaitGroup
	for _, s := range servers {
		p, wg, ctx := &pulse{}, &own, ctx
		aside := s.Role == Control || s.Role == Passed
		if aside || s.Role == Upstream { // no program asks it
			wg, ctx = &others, opinions
		}
		about := func(proto string, qtype uint16) question {
			return question{server: s.Address, proto: proto, kind: KindName, name: name, qtype: qtype, spare: aside, why: whyOf(s), pulse: p}
		}
		var again unchecked
		wg.Go(func() {
			first := keep
			if s.Role == Configured {
				first = askAndListen
			}
			r, _ := first(ctx, env, s, about("udp", dns.TypeA))
			again.ask(ctx, env, s, about("udp", dns.TypeA), r)
		})
		wg.Go(func() {
			r, ok := keep(ctx, env, s, about("tcp", dns.TypeA))
			p.answered.Store(ok && r.Outcome == Answered)
			again.ask(ctx, env, s, about("tcp", dns.TypeA), r)
		})
		if !aside { // a second opinion on one question is enough
			wg.Go(func() { p.feel(ctx, env, s) })
			wg.Go(func() {
				r, _ := keep(ctx, env, s, about("udp", dns.TypeAAAA))
				again.ask(ctx, env, s, about("udp", dns.TypeAAAA), r)
			})
		}
	}
	own.Wait()
	if took, ok := allWork(snapshot(env)); ok && knowsNews(ctx, env) {
		defer time.AfterFunc(patience(took), enough).Stop()
	}
	others.Wait()
	return nil
}

// allWork reports that every server of this PC gave its first answer, and how
// long the slowest took, in milliseconds. Then a second opinion that does not
// come is not waited for: many networks let only their own servers through.
func allWork(f Facts) (tookMS float64, ok bool) {
	for _, s := range f.asked() {
		q, _ := s.Find(f.Conf.proto(), KindName, "A")
		if q.State() != Works {
			return 0, false
		}
		tookMS = max(tookMS, q.TookMS)
	}
	return tookMS, len(f.asked()) > 0
}

// knowsNews waits until this PC's servers have answered a name that nobody
// can have asked for before. A stub may answer all others from memory while
// those behind it are dead: then these are heard out.
func knowsNews(ctx context.Context, env *diag.Env) bool {
	news := true
	env.Facts.Await(ctx.Done(), func(all diag.Facts) bool {
		f := Section.Of(all)
		open := false
		for _, s := range f.asked() {
			if s.Scope != link.Loopback || f.Stub == nil || len(f.Stub.Upstreams) == 0 {
				continue
			}
			q, ended := s.Find(f.Conf.proto(), KindRandom, "A")
			open = open || !ended
			news = news && (!ended || q.Outcome == Answered && q.Rcode != "SERVFAIL")
		}
		return !open
	})
	return news
}

// keep asks and records the fate, if it became known.
func keep(ctx context.Context, env *diag.Env, s Server, q question) (Query, bool) {
	r, ok := ask(ctx, env, q)
	if ok {
		s.put(env, r)
	}
	return r, ok
}

// put records a query of this server, and returns its place there.
func (s Server) put(env *diag.Env, q Query) (at int) {
	Section.Update(env.Facts, func(f *Facts) {
		mine := f.server(s)
		at = len(mine.Queries)
		mine.Queries = append(mine.Queries, q)
	})
	return at
}

// amend replaces a record, unless the run was cut before it was kept.
func (s Server) amend(env *diag.Env, at int, q Query) {
	Section.Update(env.Facts, func(f *Facts) {
		if mine := f.server(s); at < len(mine.Queries) {
			mine.Queries = slices.Clone(mine.Queries) // somebody may be reading a snapshot
			mine.Queries[at] = q
		}
	})
}

// server is the row of a server, made where there is none yet.
func (f *Facts) server(s Server) *Server {
	for i := range f.Servers {
		if f.Servers[i].Address == s.Address && f.Servers[i].Role == s.Role {
			return &f.Servers[i]
		}
	}
	s.Queries = nil
	f.Servers = append(f.Servers, s)
	return &f.Servers[len(f.Servers)-1]
}

func whyOf(s Server) string {
	if s.Role == Control {
		return "dns-control"
	}
	return "dns"
}

// askRandom asks this PC's servers for a name that cannot exist: an address
// for it is made up.
func askRandom(ctx context.Context, env *diag.Env) error {
	name := randomName()
	var wg sync.WaitGroup
	f := snapshot(env)
	for _, s := range f.asked() {
		q := question{server: s.Address, kind: KindRandom, name: name, proto: f.Conf.proto(), qtype: dns.TypeA, spare: true, why: "dns-random"}
		wg.Go(func() { keep(ctx, env, s, q) })
	}
	wg.Wait()
	return nil
}
