package diag

import (
	"context"
	"testing"
	"time"
)

// TestLateness: the worst timer counts, one that is overdue too, and a new
// part of the run starts from nothing.
func TestLateness(t *testing.T) {
	t0 := time.Now()
	l := &lateness{due: t0.Add(beat)}
	l.rang(t0.Add(beat + 3*time.Millisecond))
	l.rang(t0.Add(2*beat + 400*time.Millisecond))
	l.rang(t0.Add(3*beat + 405*time.Millisecond))
	last := t0.Add(3*beat + 405*time.Millisecond)
	if got := l.soFar(last); got < 390*time.Millisecond || got > 400*time.Millisecond {
		t.Errorf("worst %v", got)
	}
	if got := l.soFar(last.Add(beat + time.Second)); got != time.Second {
		t.Errorf("overdue by a second: %v", got)
	}
	l.restart(last)
	if got := l.soFar(last.Add(beat)); got != 0 {
		t.Errorf("after a new start %v", got)
	}
}

// TestTimersAreWatched: it beats, and ends with its context.
func TestTimersAreWatched(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l := watchTimers(ctx)
	l.mu.Lock()
	l.due = time.Now().Add(-time.Hour) // as if the program had been paused
	l.mu.Unlock()
	for wait := time.Now().Add(10 * time.Second); time.Now().Before(wait); {
		l.mu.Lock()
		worst := l.worst
		l.mu.Unlock()
		if worst > 0 {
			break
		}
	}
	cancel()
	<-l.over
	if l.soFar(time.Now()) < time.Hour {
		t.Error("nobody looked at the timer that was due an hour ago")
	}
}
