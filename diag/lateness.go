package diag

import (
	"context"
	"sync"
	"time"
)

// A program that was kept from the processor hears answers late and takes
// them for silence. So every run watches its own timers: they are late when
// the program was starved, whatever the reason (busy programs, a low
// priority, a virtual machine that was paused), and nothing else makes them so.
const (
	// beat is how often a timer is looked at; it costs a millisecond of
	// processor time in a second.
	beat = 25 * time.Millisecond
	// starvedAfter: silence is known after 1.2 s and healthy lines take up to
	// 0.6 s, so that a few timers this late eat the air between the two.
	// Measured on two processors: beside 16 busy loops the worst was 125 ms
	// and no answer wrong; at nice 19 beside 8 of them it was 600 to 1300 ms,
	// and a third of the answers wrong.
	starvedAfter = 200 * time.Millisecond
)

// lateness is the worst delay of a timer so far.
type lateness struct {
	mu    sync.Mutex
	due   time.Time
	worst time.Duration
	over  chan struct{}
}

// watchTimers looks at timers until ctx ends.
func watchTimers(ctx context.Context) *lateness {
	l := &lateness{due: time.Now().Add(beat), over: make(chan struct{})}
	go func() {
		defer close(l.over)
		timer := time.NewTimer(beat)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
				l.rang(time.Now())
				timer.Reset(beat)
			}
		}
	}()
	return l
}

func (l *lateness) rang(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst = max(l.worst, now.Sub(l.due))
	l.due = now.Add(beat)
}

// soFar counts a timer that has not rung yet, too: after a pause everybody
// wakes up at once, and who looks first must see it.
func (l *lateness) soFar(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.worst, now.Sub(l.due))
}

// restart forgets what was, for a part of the run of its own.
func (l *lateness) restart(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst, l.due = 0, now.Add(beat)
}
