package watch

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// world is a PC whose provider fails at times, in the false time of a synctest
// bubble.
type world struct {
	begun    time.Time
	down     func(since time.Duration) bool
	diagnose func(ctx context.Context) Verdict
	costs    int // packets of a diagnosis
	said     []string
	packets  atomic.Int64
	looks    atomic.Int64
}

func (w *world) now() Moment {
	d := time.Since(w.begun)
	return Moment{Wall: epoch.Add(d), Mono: d, Boot: d}
}

func (w *world) tick(context.Context) (Tick, int) {
	k := Tick{At: w.now(), Place: "r"}
	for s := range Stations {
		k.Readings[s] = Reading{State: Answered, RTT: 5 * time.Millisecond}
	}
	if w.down(k.At.Mono) {
		k.Readings[Provider], k.Readings[Names] = Reading{State: Lost}, Reading{State: Lost}
		time.Sleep(1500 * time.Millisecond)
	}
	k.Ended = w.now()
	w.packets.Add(5)
	return k, 5
}

func (w *world) run(long time.Duration) View {
	w.begun = time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	return Watch{
		Interval: Interval, Clock: w.now, Tick: w.tick,
		Diagnose: func(ctx context.Context, _ Incident) (Verdict, int) {
			w.looks.Add(1)
			w.packets.Add(int64(w.costs))
			return w.diagnose(ctx), w.costs
		},
		Observe: func(changes []Change, _ func(int) View) {
			for _, c := range changes {
				switch {
				case c.Opened != nil:
					w.said = append(w.said, "opened")
				case c.Closed != nil:
					w.said = append(w.said, "closed")
				case c.Named != nil:
					w.said = append(w.said, string(c.Named.Verdict.Naming))
				}
			}
		},
	}.Run(ctx)
}

func between(from, to time.Duration) func(time.Duration) bool {
	return func(d time.Duration) bool { return d >= from && d < to }
}

func finds(naming Naming, after time.Duration) func(context.Context) Verdict {
	return func(ctx context.Context) Verdict {
		select {
		case <-time.After(after):
		case <-ctx.Done():
		}
		return Verdict{Naming: naming, Cause: "x"}
	}
}

func TestLoop(t *testing.T) {
	for name, c := range map[string]struct {
		down     func(time.Duration) bool
		diagnose func(context.Context) Verdict
		long     time.Duration
		want     []string
	}{
		"named while it lasts":        {between(10*time.Second, 30*time.Second), finds(Named, time.Second), time.Minute, []string{"opened", "named", "closed"}},
		"over before it could be":     {between(10*time.Second, 13*time.Second), finds(Unclear, 5*time.Second), time.Minute, []string{"opened", "closed", "passed"}},
		"named though it is over":     {between(10*time.Second, 13*time.Second), finds(Named, 5*time.Second), time.Minute, []string{"opened", "closed", "named"}},
		"nothing found while it goes": {between(10*time.Second, 30*time.Second), finds(Unclear, time.Second), time.Minute, []string{"opened", "unclear", "closed"}},
		"ended first":                 {between(10*time.Second, time.Hour), finds(Named, time.Hour), 20 * time.Second, []string{"opened"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{down: c.down, diagnose: c.diagnose, costs: 60}
				v := w.run(c.long)
				if !slices.Equal(w.said, c.want) || w.looks.Load() != 1 {
					t.Errorf("%v after %d looks, want %v", w.said, w.looks.Load(), c.want)
				}
				if cut := v.Incidents[0].Verdict.Naming == Cut; cut != (name == "ended first") {
					t.Errorf("%+v", v.Incidents)
				}
			})
		})
	}
}

// TestLoopKeepsItsPromise: a line that fails every half a minute, for a day.
// Diagnoses are spared rather than the promise of three packets a second broken.
func TestLoopKeepsItsPromise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flapping := func(d time.Duration) bool { return d%(30*time.Second) > 20*time.Second }
		w := &world{down: flapping, diagnose: finds(Named, time.Second), costs: 80}
		const day = 24 * time.Hour
		v := w.run(day)
		packets, looks := int(w.packets.Load()), int(w.looks.Load())
		if most := int(day.Seconds()*Rate) + Burst; packets > most {
			t.Errorf("%d packets in a day, promised %d", packets, most)
		}
		if v.Tally.Incidents < 2800 || looks < 100 || looks == v.Tally.Incidents || !slices.Contains(w.said, string(Spared)) {
			t.Errorf("%d incidents, %d looks", v.Tally.Incidents, looks)
		}
		t.Logf("%d incidents, %d looks, %.2f packets a second", v.Tally.Incidents, looks, float64(packets)/day.Seconds())
	})
}
