package diag

import (
	"context"
	"errors"
	"slices"
	"sort"
	"sync"
	"time"
)

// Runner runs checks. The zero Wall means five seconds.
type Runner struct {
	Checks  []Check
	Explain Explainer
	Wall    time.Duration // hard wall for the first tier, offline probes apart
	Observe func(Event)   // called from one goroutine, in order; may be nil
}

// deepWall bounds the second tier: loss over twenty packets a hop needs five
// seconds, and a person who asked for it waits for twenty, not for thirty.
const deepWall = 20 * time.Second

// worthAnother is the least time that a second look needs: silence is known
// after 1.5 s, and the first steps come before. A starved look is broken off
// when no more than that is left.
const (
	worthAnother = 2200 * time.Millisecond
	lastCall     = 500 * time.Millisecond // how late we may come to think of it
)

// Run gathers and judges until every probe has ended, a proven cause explains
// everything that failed, or the wall is reached. When it returns no probe is
// running. Cancelling ctx ends it early with what is known.
//
// A look during which this program was kept from the processor, and which
// found something amiss, counts for nothing: there is another one as long as
// the wall leaves time. Where that is starved too, its silences are "could not
// tell" (see [Assess]).
func (r Runner) Run(ctx context.Context, env *Env) Result {
	if r.Wall == 0 {
		r.Wall = 5 * time.Second
	}
	begin, started := time.Now(), env.Host.Now().UTC()
	fresh := env.Facts.anew()
	verdict, starved := r.look(ctx, env, r.Wall, false)
	if left := r.Wall - time.Since(begin); starved {
		env.Facts = fresh()
		verdict, _ = r.look(ctx, env, left, true)
	}
	facts := env.Facts.seal()
	res := Result{
		Assessment: Assess(r.Checks, r.Explain, facts), Facts: facts, Contacted: env.Ledger.Rows(),
		StartedAt: started.Format(time.RFC3339), DurationMS: env.SinceMS(), VerdictMS: verdict,
	}
	r.emit(Event{AtMS: res.DurationMS, Finished: &res})
	return res
}

// look gathers once, and returns when its diagnosis was settled, in
// milliseconds since the run began; or that it was starved and may be done
// again, which a second look never says.
func (r Runner) look(ctx context.Context, env *Env, wall time.Duration, again bool) (verdict float64, starved bool) {
	end := time.Now().Add(wall)
	checks := r.asked(env)
	RunSection.Update(env.Facts, func(f *RunFacts) {
		f.Only, f.Deep, f.Euid, f.OS = env.Focus.Only, env.Focus.Deep, env.Host.Euid(), env.Host.OS()
		f.Again = again
	})
	for _, c := range checks {
		r.local(ctx, env, c)
	}
	env.Facts.Look(func(f Facts) {
		checks = slices.DeleteFunc(checks, func(c Check) bool { return !c.in(f) })
	})

	// A person's cancel shuts the gates before any probe hears of it, so that
	// no probe can mistake it for silence on the wire.
	all, stopAll := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAll()
	net, cut := context.WithTimeout(all, wall)
	defer cut()
	g := &group{env: env, gate: &gate{}, offline: &gate{}, running: map[string]int{}, timers: watchTimers(all)}
	defer func() { stopAll(); <-g.timers.over }()
	defer context.AfterFunc(ctx, func() {
		env.Facts.shut(g.gate, g.offline)
		stopAll()
	})()
	start := func(jobs []job) (settled bool) {
		settled = r.assess(env, g).Diagnosis.Settled
		for _, j := range jobs {
			switch {
			case j.probe.Offline:
				g.start(all, j.check, j.probe)
			case settled:
				g.record(j.check, j.probe, 0, EndCut)
			default:
				g.start(net, j.check, j.probe)
			}
		}
		return settled
	}
	first, rest := queue(checks)
	if !start(first) {
		g.letFirst(net, first)
	}
	start(rest)
	defer time.AfterFunc(time.Until(end)-worthAnother, env.Facts.poke).Stop()
	verdict, starved = r.watch(env, g, cut, func() {
		deep, end := context.WithTimeout(all, deepWall)
		context.AfterFunc(all, end)
		g.deepen(deep, checks)
	}, func(over bool) bool {
		left := time.Until(end)
		return !again && ctx.Err() == nil && left >= worthAnother-lastCall && (over || left <= worthAnother)
	})
	if starved {
		env.Facts.shut(g.gate, g.offline)
		stopAll()
	}
	g.wg.Wait()
	return verdict, starved
}

// watch judges after every change until nothing runs any more, and returns
// when the diagnosis was settled, in milliseconds since the start. It calls
// deepen once, when the first tier is over and has proven nothing. It ends
// early and says so when the verdict would be a starved one and another look
// may be had, which another is asked: is this one over?
func (r Runner) watch(env *Env, g *group, cut, deepen func(), another func(over bool) bool) (at float64, starved bool) {
	verdict, named, besides := -1.0, 0, 0
	for {
		next := env.Facts.next()
		waiting, aside, running := g.state()
		a := r.assess(env, g)
		r.emit(Event{AtMS: env.SinceMS(), Progress: &a, Running: running, Parts: g.progress()})
		settled := a.Diagnosis.Settled
		if settled {
			cut()
		}
		first := verdict < 0 && (settled || waiting == 0 && (aside == 0 || a.clean()))
		if verdict < 0 && a.Starved && another(first) {
			return -1, true
		}
		// What a probe that nobody waited for brought up is a new verdict.
		revised := verdict >= 0 && besides > 0 && len(a.Diagnosis.Causes) != named
		if first || revised {
			verdict, named = env.SinceMS(), len(a.Diagnosis.Causes)
			r.emit(Event{AtMS: verdict, Verdict: &a, Facts: env.Facts.copied()})
		}
		besides = aside
		if deepen != nil && waiting+aside == 0 && !settled {
			g.secondTier = true
			g.timers.restart(time.Now())
			deepen()
			deepen = nil
			continue
		}
		if len(running) == 0 {
			return verdict, false
		}
		<-next
	}
}

// assess judges what is known. A settled diagnosis closes the gate of the
// network probes in the same breath, so that the facts stay those that led to
// it; what they find afterwards no longer counts. A look that only asks
// whether something is still wrong is settled as soon as it is.
func (r Runner) assess(env *Env, g *group) (a Assessment) {
	g.noteLateness()
	first := env.Facts.lookAndClose(g.gate, func(f Facts) bool {
		a = Assess(r.Checks, r.Explain, f)
		a.Diagnosis.Settled = a.Diagnosis.Settled || a.wrong(env.Focus.Until)
		return a.Diagnosis.Settled
	})
	if first && len(a.Diagnosis.Causes) > 0 {
		RunSection.Update(env.Facts, func(f *RunFacts) {
			f.CutBy, f.CutMS = a.Diagnosis.Causes[0].ID, env.SinceMS()
		})
		g.settled = true
	}
	return a
}

func (r Runner) emit(e Event) {
	if r.Observe != nil {
		r.Observe(e)
	}
}

func (r Runner) asked(env *Env) []Check {
	run := RunFacts{Only: env.Focus.Only, Deep: env.Focus.Deep}
	var out []Check
	for _, c := range r.Checks {
		if run.asked(c) {
			out = append(out, c)
		}
	}
	return out
}

func (r Runner) local(ctx context.Context, env *Env, c Check) {
	if c.Local == nil {
		return
	}
	begin, end := time.Now(), EndDone
	defer func() {
		if recover() != nil {
			end = EndPanic
		}
		record(env, c.ID, c.ID+".local", time.Since(begin), end)
	}()
	c.Local(ctx, env)
}

func record(env *Env, check, id string, took time.Duration, end ProbeEnd) {
	RunSection.Update(env.Facts, func(f *RunFacts) {
		f.Probes = append(f.Probes, ProbeOutcome{Check: check, ID: id, TookMS: MS(took), End: end})
	})
}

// group is the probes of one run.
type group struct {
	env     *Env
	gate    *gate // of the network probes' facts
	offline *gate // of the others'
	wg      sync.WaitGroup
	mu      sync.Mutex
	running map[string]int // by check
	waiting int            // probes every verdict waits for
	aside   int            // probes that only a bad verdict waits for
	parts   []Part         // of the second tier

	timers     *lateness
	settled    bool // a verdict that rests on the facts so far: later lateness is none of its
	secondTier bool
}

// noteLateness keeps how late timers were among the facts, in steps, so that
// noting it is not a change that is noted for ever.
func (g *group) noteLateness() {
	late := MS(g.timers.soFar(time.Now()).Round(10 * time.Millisecond))
	if late <= 0 || g.settled {
		return
	}
	of := func(f *RunFacts) *float64 {
		if g.secondTier {
			return &f.DeepLateMS
		}
		return &f.LateMS
	}
	grew := false
	g.env.Facts.Look(func(all Facts) { f := RunSection.Of(all); grew = late > *of(&f) })
	if grew {
		RunSection.Update(g.env.Facts, func(f *RunFacts) { *of(f) = late })
	}
}

// deepen starts the second tier: all of it in a deep look, otherwise the
// probes that the first tier's facts call for.
func (g *group) deepen(parent context.Context, checks []Check) {
	for _, c := range checks {
		for _, p := range c.Probes {
			wanted := g.env.Focus.Deep
			if p.Deep && !wanted && p.Suspect != nil {
				g.env.Facts.Look(func(f Facts) { wanted = p.Suspect(f) })
			}
			if p.Deep && wanted {
				g.start(parent, c, p)
			}
		}
	}
}

func (g *group) start(parent context.Context, c Check, p Probe) {
	if !g.wanted(p) {
		g.record(c, p, 0, EndPointless)
		return
	}
	g.count(c.ID, p, +1)
	step, over := g.part(c, p)
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		begin := time.Now()
		end := g.run(parent, p, step)
		over()
		g.record(c, p, time.Since(begin), end)
		g.count(c.ID, p, -1)
		g.env.Facts.poke()
	}()
}

// run runs one probe to its end; a panic in it is that probe's end only.
func (g *group) run(parent context.Context, p Probe, step func(done, of int)) (end ProbeEnd) {
	ctx, cancel := context.WithTimeout(parent, p.Budget)
	defer cancel()
	defer func() {
		if recover() != nil {
			end = EndPanic
		}
	}()
	env := *g.env
	env.step = step
	env.Facts = g.env.Facts.behind(g.gate)
	if p.Offline {
		env.Facts = g.env.Facts.behind(g.offline)
	}
	err := p.Run(ctx, &env)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return EndDeadline
	case ctx.Err() != nil:
		return EndCut
	case err != nil:
		return EndError
	}
	return EndDone
}

func (g *group) record(c Check, p Probe, took time.Duration, end ProbeEnd) {
	record(g.env, c.ID, p.ID, took, end)
}

func (g *group) count(check string, p Probe, by int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running[check] += by
	switch {
	case p.Offline, p.Deep:
	case p.Aside:
		g.aside += by
	default:
		g.waiting += by
	}
}

// state returns how many probes every verdict still waits for, how many only
// a bad one does, and the checks that are not finished.
func (g *group) state() (waiting, aside int, running []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, n := range g.running {
		if n > 0 {
			running = append(running, id)
		}
	}
	sort.Strings(running)
	return g.waiting, g.aside, running
}
