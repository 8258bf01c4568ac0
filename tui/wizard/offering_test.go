package wizard

import (
	"context"
	"sync"
	"testing"

	"deskside/diag"
	"deskside/diag/watch"
	"deskside/fixes"
)

// TestAFaultThatComesAndGoesIsNotRepaired: the second look finds nothing, so
// no fix is offered; the diagnosis stays, and watching is offered.
func TestAFaultThatComesAndGoesIsNotRepaired(t *testing.T) {
	m := &machine{Broken: true, Heals: true}
	d := depsOf(m)
	d.Watch = func(context.Context, func(watch.View)) watch.View { return watch.View{} }
	s := &stage{t: t, w: New(d), look: func(Page) {}}
	s.press("1").on("cause").says("cause.dns.server_silent.title").says("refuse.gone").says("ui.fix.watch")
	if m.Again != 1 || m.Looks != 1 || s.offers("f") {
		t.Errorf("looked %d times, again %d times, offers the fix: %v", m.Looks, m.Again, s.offers("f"))
	}
	s.press("m").on("watched").press("b").on("cause")

	s = play(t, &machine{Broken: true, Heals: true}).press("1").says("refuse.gone")
	if s.offers("m") || contains(keys(s.w.Page().Lead), "ui.fix.watch") {
		t.Error("offers a watch that there is not")
	}
}

// TestTheCauseIsReadWhileItIsLookedAtOnceMore: the page says what is waited
// for, and everything but the fix is there.
func TestTheCauseIsReadWhileItIsLookedAtOnceMore(t *testing.T) {
	m := &machine{Broken: true}
	s := play(t, m)
	asking, early := false, false
	s.look = func(p Page) {
		if p.ID == "cause" && p.Busy != nil && p.Busy.What.Key == "ui.waiting.again" {
			asking = true
			early = early || s.offers("f") || !s.offers("n") || m.Again != 0
		}
	}
	s.press("1").on("cause")
	if !asking || early || m.Again != 1 || !s.offers("f") || s.w.Page().Busy != nil {
		t.Errorf("asking %v, early %v, %d times, page %+v", asking, early, m.Again, s.w.Page())
	}
}

// TestNothingIsLookedAtTwiceForNoFix: where there is nothing to offer there is
// nothing to make sure of.
func TestNothingIsLookedAtTwiceForNoFix(t *testing.T) {
	for _, m := range []*machine{{}, {Second: true}, {Broken: true, Refuse: &fixes.Refusal{}}} {
		if play(t, m).press("1"); m.Again != 0 {
			t.Errorf("%+v: looked once more", m)
		}
	}
}

// TestANewLookEndsTheSecond: its word no longer counts, and it is told so.
func TestANewLookEndsTheSecond(t *testing.T) {
	w := New(depsOf(&machine{Broken: true}))
	d := Drive(t.Context(), w)
	started, ended := make(chan struct{}), make(chan struct{})
	var first sync.Once
	run := w.deps.Run
	w.deps.Run = func(ctx context.Context, f diag.Focus, observe func(diag.Event)) diag.Result {
		if len(f.Until) > 0 {
			first.Do(func() {
				close(started)
				<-ctx.Done()
				close(ended)
			})
		}
		return run(ctx, f, observe)
	}
	d.Choose("internet")
	for !w.asking || w.running {
		d.Handle(<-d.Events())
	}
	<-started
	d.Choose("summary")
	d.Choose("again")
	<-ended
	if w.asking || w.offersDue {
		t.Error("still asking for the look before")
	}
	d.Finish()
}

// TestFixesAreOfferedAtTheVerdict: what only fills in the picture (folders, the
// air) runs on meanwhile, and its end neither asks nor looks a second time.
func TestFixesAreOfferedAtTheVerdict(t *testing.T) {
	m := &machine{Broken: true}
	s := play(t, m)
	s.hold = true
	s.press("1")
	a := m.Assessment()
	s.hold = false
	s.do(s.w.Handle(Event{Diag: &diag.Event{Verdict: &a}}))
	if s.on("cause"); !s.w.running || s.w.Page().Busy == nil || !s.offers("f") || m.Again != 1 {
		t.Fatalf("running %v, offered %v, again %d", s.w.running, s.offers("f"), m.Again)
	}
	s.press("f").on("plan").says("ui.plan.nothing_yet")
	s.do(s.w.Handle(Event{Diag: &diag.Event{Finished: &diag.Result{Assessment: a}}}))
	if s.on("plan").press("n").on("cause"); !s.offers("f") || m.Again != 1 {
		t.Errorf("at the end: offered %v, again %d", s.offers("f"), m.Again)
	}
	m.Second = true // another reason came up: what was offered for the first is asked anew
	b := m.Assessment()
	s.do(s.w.Handle(Event{Diag: &diag.Event{Verdict: &b}}))
	if m.Again != 2 || !s.offers("f") {
		t.Errorf("another reason: again %d", m.Again)
	}
}

// TestOffersForAnotherDiagnosisDoNotCount: a late word of an asking that was
// ended changes nothing.
func TestOffersForAnotherDiagnosisDoNotCount(t *testing.T) {
	s := play(t, &machine{Broken: true}).press("1")
	late := OffersReady{ask: s.w.asks - 1}
	s.do(s.w.Handle(Event{Offers: &late, look: s.w.look}))
	if late.Asking = true; !s.offers("f") {
		t.Error("the offers are gone")
	}
	s.do(s.w.Handle(Event{Offers: &late, look: s.w.look}))
	if s.w.Page().Busy != nil {
		t.Error("waits for an asking that was ended")
	}
}
