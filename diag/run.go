package diag

import (
	"context"
	"slices"
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
	if ctx.Err() != nil {
		RunSection.Update(env.Facts, func(f *RunFacts) { f.Interrupted = f.unfinished() })
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
	if g.secondTier && env.Focus.Deep && !starved {
		verdict = env.SinceMS() // who asked for a longer look gets its answer at its end
	}
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
