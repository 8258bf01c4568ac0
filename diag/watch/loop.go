package watch

import (
	"context"
	"time"
)

// Watch is the loop: it asks, tracks, and has incidents named. All fields but
// Observe and Wake are needed.
type Watch struct {
	Interval time.Duration
	Clock    func() Moment
	// Tick asks every station once; it returns soon after ctx ends, and within
	// [tickMost] anyway.
	Tick func(ctx context.Context) (k Tick, packets int)
	// Diagnose looks for the root cause of what is wrong now. The incident is as
	// it opened.
	Diagnose func(ctx context.Context, i Incident) (v Verdict, packets int)
	// Observe is told of every tick and what changed with it, from one
	// goroutine, in order. view makes a picture of the watch; it must not be
	// called after Observe returned.
	Observe func(changes []Change, view func(samples int) View)
	// Wake, where something comes out of it, makes the next tick due at once:
	// the kernel said that the network changed.
	Wake <-chan struct{}
}

// named is a diagnosis that ended.
type named struct {
	incident int
	verdict  Verdict
	packets  int
}

// Run watches until ctx ends, and returns the summary. When it returns nothing
// it started runs any more.
func (w Watch) Run(ctx context.Context) View {
	t, purse := NewTracker(w.Interval), &Budget{}
	ctx, stop := context.WithCancel(ctx)
	verdicts := make(chan named, 1) // one diagnosis at a time
	var waiting []Incident          // those the running diagnosis does not belong to
	running := false

	diagnose := func(i Incident) []Change {
		switch {
		case running:
			waiting = append(waiting, i)
			return nil
		case purse.Left(w.Clock().Mono) < diagnosisCosts:
			return t.Name(i.ID, Verdict{Naming: Spared})
		}
		running = true
		go func() {
			v, packets := w.Diagnose(ctx, i)
			verdicts <- named{i.ID, v, packets}
		}()
		return nil
	}
	take := func(n named) []Change {
		running = false
		purse.Pay(w.Clock().Mono, n.packets)
		out := t.Name(n.incident, conclude(n.verdict, t.Open(n.incident)))
		next := waiting
		waiting = nil
		for _, i := range next {
			if t.Open(i.ID) {
				out = append(out, diagnose(i)...)
			} else {
				out = append(out, t.Name(i.ID, Verdict{Naming: Passed})...)
			}
		}
		return out
	}
	tell := func(changes []Change) {
		if w.Observe != nil {
			w.Observe(changes, t.View)
		}
	}

	due := time.NewTimer(0)
	defer due.Stop()
	var began time.Duration
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case n := <-verdicts:
			tell(take(n))
		case <-w.Wake:
			due.Reset(max(Again-(w.Clock().Mono-began), purse.Wait(w.Clock().Mono), 0))
		case <-due.C:
			began = w.Clock().Mono
			k, packets := w.Tick(ctx)
			purse.Pay(w.Clock().Mono, packets)
			if ctx.Err() != nil {
				break // cut short: says nothing
			}
			changes := t.Feed(k)
			for _, c := range changes {
				if c.Opened != nil {
					changes = append(changes, diagnose(*c.Opened)...)
				}
			}
			tell(changes)
			due.Reset(max(t.Next()-(w.Clock().Mono-began), purse.Wait(w.Clock().Mono), 0))
		}
	}
	stop()
	if running {
		<-verdicts
	}
	tell(t.End(w.Clock()))
	v := t.View(keptSamples)
	for n := range v.Incidents {
		if naming := &v.Incidents[n].Verdict.Naming; *naming == Looking {
			*naming = Cut
		}
	}
	return v
}

// conclude: a diagnosis that found nothing while the incident ended came too
// late, which is no doubt about what it found.
func conclude(v Verdict, open bool) Verdict {
	if v.Naming == Unclear && !open {
		v.Naming = Passed
	}
	return v
}
