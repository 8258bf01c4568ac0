package watch

import "time"

// timers watches timers of this program's own while something runs: they ring
// late when the program was kept from the processor, and then every time it
// measures is too long by as much.
type timers struct {
	stop  chan struct{}
	worst chan time.Duration
}

func watchTimers() timers {
	const beat = 25 * time.Millisecond
	t := timers{make(chan struct{}), make(chan time.Duration, 1)}
	go func() {
		due, worst := time.Now().Add(beat), time.Duration(0)
		timer := time.NewTimer(beat)
		defer timer.Stop()
		for {
			select {
			case <-t.stop:
				t.worst <- max(worst, time.Since(due))
				return
			case now := <-timer.C:
				worst = max(worst, now.Sub(due))
				timer.Reset(beat)
				due = time.Now().Add(beat)
			}
		}
	}()
	return t
}

// end stops watching and returns how late the worst of them was.
func (t timers) end() time.Duration {
	close(t.stop)
	return max(<-t.worst, 0)
}
