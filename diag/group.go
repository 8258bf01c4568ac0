package diag

import (
	"context"
	"errors"
	"sort"
	"sync"
	"time"
)

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

func record(env *Env, check, id string, took time.Duration, end ProbeEnd) {
	RunSection.Update(env.Facts, func(f *RunFacts) {
		f.Probes = append(f.Probes, ProbeOutcome{Check: check, ID: id, TookMS: MS(took), End: end})
	})
}
