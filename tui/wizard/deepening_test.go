package wizard

import (
	"context"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

// deepOf is depsOf on a connection that costs by volume, or does not.
func deepOf(m *machine, metered diag.Tri) Deps {
	d := depsOf(m)
	d.Metered = func(context.Context) diag.Tri { return metered }
	return d
}

func playDeep(t *testing.T, m *machine, metered diag.Tri) *stage {
	return &stage{t: t, w: New(deepOf(m, metered)), look: func(Page) {}}
}

func (s *stage) offers(key string) bool {
	for _, c := range s.w.Page().Choices {
		if c.Key == key {
			return true
		}
	}
	return false
}

// TestLookLongerIsOffered: when nothing wrong was found, and to who says that
// the PC is slow as soon as the first answer is there.
func TestLookLongerIsOffered(t *testing.T) {
	for _, tt := range []struct {
		name    string
		m       machine
		symptom string
		want    bool
	}{
		{"all well", machine{}, "1", true},
		{"not everything seen", machine{Unseen: true}, "6", true},
		{"a reason", machine{Broken: true}, "1", false},
		{"slow, all well", machine{}, "3", true},
	} {
		s := play(t, &tt.m).press(tt.symptom)
		if got := s.offers("d"); got != tt.want {
			t.Errorf("%s: offered %v, want %v", tt.name, got, tt.want)
		}
	}
	w := New(depsOf(&machine{}))
	w.Choose("slow")
	a := (&machine{}).Assessment()
	if s := (&stage{t: t, w: w}); s.offers("d") {
		t.Error("slow: offered before the first answer")
	}
	w.Handle(Event{Diag: &diag.Event{Verdict: &a}})
	if s := (&stage{t: t, w: w}); !s.offers("d") || !w.running {
		t.Error("slow: not offered at the first answer")
	}
}

// TestTheTransferIsAskedForFirst: nothing is sent before a yes, and what will
// be is listed; where the connection costs by volume there is no such yes.
func TestTheTransferIsAskedForFirst(t *testing.T) {
	for _, tt := range []struct {
		metered diag.Tri
		offered bool
		says    string
	}{{diag.No, true, "ui.deepen.load"}, {diag.Maybe, true, "ui.deepen.unsure"}, {diag.Yes, false, "ui.deepen.metered"}} {
		m := &machine{}
		s := playDeep(t, m, tt.metered).press("1")
		s.hold = true
		s.press("d").on("deepen")
		if p := s.w.Page(); p.Busy == nil || s.offers("y") || !s.offers("w") {
			t.Errorf("%v, before it is known: %+v", tt.metered, p)
		}
		s.hold = false
		s.do(s.kept)
		s.says(tt.says).says(config.Default().Probe.Anchors[0])
		if s.offers("y") != tt.offered || m.Looks != 1 {
			t.Errorf("%v: transfer offered %v, %d looks", tt.metered, s.offers("y"), m.Looks)
		}
		listed := strings.Count(strings.Join(keys(s.w.Page().Detail), " "), "ui.deepen.load")
		if (listed == 1) != tt.offered {
			t.Errorf("%v: the transfer is listed %d times", tt.metered, listed)
		}
		for _, c := range s.w.Page().Choices {
			if c.Key == "y" && (c.Default || !c.Consent) {
				t.Errorf("the transfer is chosen too easily: %+v", c)
			}
		}
		if s.press("n").on("symptom"); m.Looks != 1 {
			t.Error("a no looked")
		}
	}
	d := deepOf(&machine{}, diag.No)
	d.Config.Probe.Web = nil
	s := &stage{t: t, w: New(d), look: func(Page) {}}
	if s.press("1", "d").says("ui.deepen.nowhere"); s.offers("y") {
		t.Error("a transfer to nowhere is offered")
	}
}

func TestTheLongerLook(t *testing.T) {
	for key, noLoad := range map[string]bool{"y": false, "w": true} {
		m := &machine{}
		s := playDeep(t, m, diag.No).press("1", "d")
		var shown []Page
		s.look = func(p Page) { shown = append(shown, p) }
		s.press(key).on("step").says("finding.path.loss.ok")
		if got := m.Asked[len(m.Asked)-1]; !got.Deep || got.NoLoad != noLoad {
			t.Errorf("%s: asked for %+v", key, got)
		}
		if p := s.w.Page(); p.Place != deepCheck || p.Of != 7 {
			t.Errorf("on the step of %s, one of %d", p.Place, p.Of)
		}
		progress := false
		for _, p := range shown {
			progress = progress || p.ID == "deepening" && p.Busy != nil && p.Busy.Done == 1 && (noLoad && p.Busy.Of == 1 && p.Busy.What.Key == "ui.deepening.end" || p.Busy.Of == 2 && p.Busy.What.Key == "part.path.load")
		}
		if !progress {
			t.Errorf("no progress: %+v", shown)
		}
		if s.press("s").on("summary"); s.offers("d") != noLoad {
			t.Errorf("%s: another one offered: %v", key, s.offers("d"))
		}
		s.press("r").on("symptom") // a new look is a quick one again
		if got := m.Asked[len(m.Asked)-1]; got.Deep || !s.offers("d") {
			t.Errorf("asked for %+v", got)
		}
	}
}

func TestTheLongerLookNamesTheReason(t *testing.T) {
	s := playDeep(t, &machine{Bloat: true}, diag.No).press("3", "d", "y").on("cause").says("cause.perf.bufferbloat.title")
	s.press("n").on("step")
	if p := s.w.Page(); p.Place != deepCheck || p.Step != 1 {
		t.Errorf("slow: the first step is %s", p.Place)
	}
	if f := s.w.focus(); !f.Deep || f.NoLoad {
		t.Errorf("a look after a fix would not see whether it helped: %+v", f)
	}
}

// TestStoppingTheLongerLook: x and Esc end it at once, through the driver; the
// first answer stays, and what was seen of the path is kept beside it.
func TestStoppingTheLongerLook(t *testing.T) {
	for _, stop := range []string{ChoiceBack} {
		begun := make(chan struct{})
		m := &machine{Bloat: true, OnDeep: func(ctx context.Context) { close(begun); <-ctx.Done() }}
		w := New(deepOf(m, diag.No))
		d := Drive(t.Context(), w)
		d.Choose("everything")
		for w.result == nil {
			d.Handle(<-d.Events())
		}
		first := w.result
		d.Choose("deepen")
		for !(&stage{w: w}).offers("y") {
			d.Handle(<-d.Events())
		}
		d.Choose("deepen_whole")
		for w.at.(deepening).parts == nil || !w.at.(deepening).parts[0].Ended {
			d.Handle(<-d.Events())
		}
		<-begun
		d.Choose(stop)
		if p := w.Page(); p.ID != "deepening" || p.Busy.What.Key != "ui.deepening.stopping" {
			t.Errorf("%s: %+v", stop, p)
		}
		d.Choose(ChoiceHelp) // the end comes while another page is read
		for base(w.at) == w.at || isDeepening(base(w.at)) {
			d.Handle(<-d.Events())
		}
		d.Choose(ChoiceBack)
		s := &stage{t: t, w: w, look: func(Page) {}}
		s.on("step").says("ui.deepening.stopped").says("ui.step.unseen_line").says("finding.path.loss.ok")
		if w.result != first || w.now.Status != diag.OK || w.Page().Place != deepCheck {
			t.Errorf("%s: status %v on %s", stop, w.now.Status, w.Page().Place)
		}
		if s.press("b"); len(w.verdict()) != 1 || w.verdict()[0].Role != Good {
			t.Errorf("%s: the first answer is gone: %v", stop, w.verdict())
		}
		d.Finish()
	}
}

// TestAStopBeforeAnyAnswerLeavesNoTrace: what was begun and cut says nothing.
func TestAStopBeforeAnyAnswerLeavesNoTrace(t *testing.T) {
	m := &machine{}
	s := playDeep(t, m, diag.No).press("1", "d")
	s.hold = true
	s.press("w").on("deepening")
	s.do(s.w.Choose(ChoiceBack))
	bad := diag.Result{Assessment: (&machine{Broken: true}).Assessment()}
	s.hold = false
	s.do(s.w.Handle(Event{Deepened: &Deepened{Result: &bad, stopped: true}}))
	s.on("symptom").says("ui.verdict.ok")
	if s.w.wrong != nil || !s.offers("d") {
		t.Errorf("kept %v", s.w.wrong)
	}
}
