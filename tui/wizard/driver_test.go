package wizard

import (
	"context"
	"errors"
	"testing"
	"time"
)

// drive pumps events until the page is the one named.
func drive(t *testing.T, d *Driver, w *Wizard, page string) {
	t.Helper()
	for w.Page().ID != page {
		select {
		case e := <-d.Events():
			d.Handle(e)
		case <-time.After(10 * time.Second):
			t.Fatalf("on %q, never on %q", w.Page().ID, page)
		}
	}
}

// toConfirm drives a wizard on this machine to the question before the change.
func toConfirm(t *testing.T, m *machine, ctx context.Context) (*Wizard, *Driver) {
	t.Helper()
	w := New(depsOf(m))
	d := Drive(ctx, w)
	d.Choose("internet")
	drive(t, d, w, "cause")
	for len(w.fixChoices(w.causes()...)) == 0 {
		d.Handle(<-d.Events())
	}
	d.Choose("fix:dns-set-servers")
	for w.at.(plan).done == nil {
		d.Handle(<-d.Events())
	}
	d.Choose("apply")
	return w, d
}

func TestFinishTakesBackWhatIsUndecided(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	w, d := toConfirm(t, m, context.Background())
	d.Choose("yes")
	drive(t, d, w, "result")
	back := d.Finish()
	if back == nil || back.Err != nil || m.Back != 1 || !m.Broken {
		t.Fatalf("hang-up with an undecided fix: %+v, taken back %d times", back, m.Back)
	}
	if w.Working() || !w.Over() || w.Undecided() != nil {
		t.Error("not at its end")
	}
}

// The terminal goes away while the fix is being looked at again: nobody reads
// Events any more, the fix ends cleanly all the same.
func TestFinishWaitsForARunningFixAndTakesItBack(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	ctx, hangUp := context.WithCancel(context.Background())
	defer hangUp()
	w, d := toConfirm(t, m, ctx)
	looking := make(chan struct{})
	m.OnLook = func(ctx context.Context) { close(looking); <-ctx.Done() }
	d.Choose("yes")
	for begun := false; !begun; { // its words of progress, and what the first look still says
		select {
		case e := <-d.Events():
			d.Handle(e)
		case <-looking:
			begun = true
		}
	}
	if !w.Working() {
		t.Error("a running fix does not count as work")
	}
	hangUp()
	if back := d.Finish(); back != nil {
		t.Errorf("taken back twice: %+v", back)
	}
	if m.Back != 1 || !m.Broken || w.Working() {
		t.Errorf("taken back %d times, working %v", m.Back, w.Working())
	}
}

func TestFinishStopsLooking(t *testing.T) {
	m := &machine{OnLook: func(ctx context.Context) { <-ctx.Done() }}
	w := New(depsOf(m))
	d := Drive(context.Background(), w)
	d.Choose("everything")
	if back := d.Finish(); back != nil || !w.Over() {
		t.Errorf("back %+v, over %v", back, w.Over())
	}
	if d.Choose("internet"); m.Looks != 1 {
		t.Error("looked after the end")
	}
}

func TestATakeBackThatFailsIsSaid(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	w, d := toConfirm(t, m, context.Background())
	d.Choose("yes")
	drive(t, d, w, "result")
	m.BackErr = errMachine
	if back := d.Finish(); back == nil || !errors.Is(back.Err, errMachine) {
		t.Errorf("got %+v", back)
	}
}
