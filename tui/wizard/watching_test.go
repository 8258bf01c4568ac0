package wizard

import (
	"context"
	"testing"
	"time"

	"deskside/diag/text"
	"deskside/diag/watch"
)

// onlooker is a watch whose ticks the test makes.
type onlooker struct {
	started chan struct{}
	views   chan watch.View
	ended   chan struct{}
}

func newOnlooker() *onlooker {
	return &onlooker{make(chan struct{}), make(chan watch.View), make(chan struct{})}
}

func (o *onlooker) run(ctx context.Context, observe func(watch.View)) watch.View {
	defer close(o.ended)
	close(o.started)
	for {
		select {
		case v := <-o.views:
			observe(v)
		case <-ctx.Done():
			return watch.View{Watched: time.Minute}
		}
	}
}

// watchFromSummary leads to the last page of a PC on which all is well, and on to the
// watch.
func watchFromSummary(t *testing.T) (*onlooker, *Wizard, *Driver) {
	t.Helper()
	o := newOnlooker()
	deps := depsOf(&machine{})
	deps.Watch = o.run
	s := &stage{t: t, w: New(deps), look: func(Page) {}}
	s.press("6")
	for s.w.Page().ID != "summary" {
		s.press("n")
	}
	d := Drive(t.Context(), s.w)
	select {
	case <-o.started:
		t.Fatal("it watches unasked")
	default:
	}
	d.Choose("watch")
	<-o.started
	return o, s.w, d
}

func TestWatchingInTheWizard(t *testing.T) {
	o, w, d := watchFromSummary(t)
	s := &stage{t: t, w: w, look: func(Page) {}}
	s.on("watching").says("ui.watch.waiting")
	o.views <- watch.View{}
	d.Handle(<-d.Events())
	s.says("ui.watch.fine").says("ui.watch.none")
	incident := watch.Incident{ID: 1, Where: watch.Router, Open: true, Lasts: time.Second,
		Verdict: watch.Verdict{Naming: watch.Named, Title: text.M("cause.gw.arp_failed.title")}}
	o.views <- watch.View{Incidents: []watch.Incident{incident}}
	d.Handle(<-d.Events())
	s.says("ui.watch.incident.open").says("ui.watch.naming.named").says("ui.watch.incident.whole")
	if w.Page().Watch == nil {
		t.Error("nothing to draw")
	}
	if !contains(keys(w.Farewell()), "ui.watch.incident.whole") {
		t.Error("what was seen does not outlive the screen")
	}
	d.Choose(ChoiceHelp) // words go on to a page that lies under another
	o.views <- watch.View{}
	d.Handle(<-d.Events())
	d.Choose(ChoiceBack)
	s.says("ui.watch.fine")
	d.Choose(ChoiceBack)
	d.Handle(<-d.Events())
	<-o.ended
	s.on("watched").says("ui.watch.summary.title")
	d.Choose(ChoiceBack)
	s.on("summary")
	d.Finish()
}

// TestLeavingEndsTheWatch: nothing goes on being sent when nobody looks.
func TestLeavingEndsTheWatch(t *testing.T) {
	o, w, d := watchFromSummary(t)
	d.Choose(ChoiceQuit)
	if w.Page().ID == "quit" {
		d.Choose(ChoiceQuit)
	}
	d.Finish()
	<-o.ended
}

func TestWatchIsOnlyOfferedWhereItCanBe(t *testing.T) {
	s := play(t, &machine{}).press("6")
	for s.w.Page().ID != "summary" {
		s.press("n")
	}
	for _, c := range s.w.Page().Choices {
		if c.ID == "watch" {
			t.Error("offered without a watch")
		}
	}
}
