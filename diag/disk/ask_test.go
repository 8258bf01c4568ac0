package disk

import (
	"context"
	"errors"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// hang makes every question about a mount one that is never answered.
func hang(t *testing.T, point string) *call {
	t.Helper()
	c := &call{done: make(chan struct{})}
	calls.Store(point, c)
	t.Cleanup(func() { calls.Delete(point) })
	return c
}

func pending(point string) *diag.Env {
	env := diag.NewEnv(&fake.Host{}, config.Default())
	Section.Update(env.Facts, func(f *Facts) {
		f.Readable, f.Filesystems = diag.Yes, []Filesystem{{Mount: point, Role: Data, State: Pending}}
	})
	return env
}

func state(env *diag.Env) (s State) {
	env.Facts.Look(func(f diag.Facts) { s = Section.Of(f).Filesystems[0].State })
	return s
}

func TestMuteDisk(t *testing.T) {
	t.Parallel()
	hang(t, "/mute")
	env := pending("/mute")
	begin := time.Now()
	if err := wait(context.Background(), env); err != nil || state(env) != Mute {
		t.Errorf("%v, %s", err, state(env))
	}
	if d := time.Since(begin); d > askLimit+time.Second {
		t.Errorf("gave up after %v", d)
	}
}

func TestStoppedRunProvesNothing(t *testing.T) {
	t.Parallel()
	hang(t, "/stopped")
	env := pending("/stopped")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := wait(ctx, env); !errors.Is(err, context.Canceled) || state(env) != Pending {
		t.Errorf("%v, %s", err, state(env))
	}
}

func TestLateAnswerCounts(t *testing.T) {
	t.Parallel()
	c := hang(t, "/late")
	env := pending("/late")
	c.fill = func(f *Filesystem) { f.State, f.Total = Answered, 42 }
	close(c.done) // between the first look and the probe
	if err := wait(context.Background(), env); err != nil || state(env) != Answered {
		t.Errorf("%v, %s", err, state(env))
	}
}
