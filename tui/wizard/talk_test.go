package wizard

import (
	"context"
	"testing"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// Pressing these keys from the opening: no internet, preview, go on, yes.
var applyFix = []string{"1", "f", "a", "y"}

func TestNothingIsLookedAtBeforeTheChoice(t *testing.T) {
	m := &machine{Broken: true}
	s := play(t, m)
	s.press("c").on("contacts").press("b", "?", "b").on("opening")
	for _, c := range s.w.Page().Choices {
		if c.Default {
			t.Errorf("a bare Enter would choose %q: an empty line is not a yes", c.ID)
		}
	}
	s.do(s.w.Choose("nonsense"))
	s.do(s.w.Choose("next"))
	if m.Looks != 0 {
		t.Fatalf("looked %d times before any choice", m.Looks)
	}
	s.do(s.w.Choose(ChoiceQuit))
	if !s.w.Over() || m.Looks != 0 {
		t.Fatalf("leaving the opening: over=%v, looks=%d", s.w.Over(), m.Looks)
	}
	if s.do(s.w.Choose("internet")); m.Looks != 0 {
		t.Error("a choice after leaving looked at the machine")
	}
}

func TestTheRootCauseIsOfferedFirstThenTheSteps(t *testing.T) {
	m := &machine{Broken: true, Second: true}
	s := play(t, m).press("2").on("cause").says("cause.dns.server_silent.say")
	s.press("n").on("cause").says("cause.disk.full.title").press("n").on("step")
	if p := s.w.Page(); p.Place != "dns" || p.Step != 1 || p.Of != 6 {
		t.Errorf("some sites do not open: first step is %s, %d of %d", p.Place, p.Step, p.Of)
	}
	s.says("ui.step.because").press("e").on("evidence").press("b").on("step").press("n", "n", "n", "n", "n").on("summary")
	s.press("b").on("step").press("b", "b", "b", "b").on("step").press("b").on("cause").press("b", "b").on("symptom").press("b").on("opening")
	if m.Looks != 1 {
		t.Errorf("looked %d times", m.Looks)
	}
	s.press("5").on("symptom").press("n", "n", "n").on("step") // another order of the same answers
	if p := s.w.Page(); p.Place != "disk" || m.Looks != 1 {
		t.Errorf("disk full: first step is %s after %d looks", p.Place, m.Looks)
	}
}

func TestAPageIsNotTornAwayFromItsReader(t *testing.T) {
	s := play(t, &machine{Broken: true})
	s.hold = true
	s.press("1").on("symptom").press("n").on("step")
	if p := s.w.Page(); p.Busy == nil || len(p.Lead) == 0 {
		t.Error("an unfinished step is empty")
	}
	s.hold = false
	s.do(s.kept)
	s.on("step")             // the verdict came; the reader stays
	s.press("n").on("cause") // and is led to the root cause next
	s.press("n").on("step").says("finding.connectivity.anchors.ok")
}

func TestAFixThatHelpsIsKeptAndUndoneLater(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	s := play(t, m)
	sawLocked, sawAgain := false, false
	s.look = func(p Page) {
		sawLocked = sawLocked || p.ID == "applying" && p.Locked && p.Busy != nil
		sawAgain = sawAgain || p.ID == "applying" && p.Busy.What.Key == "ui.applying.looking"
	}
	s.press(applyFix[:3]...).on("confirm")
	if m.Applied != 0 {
		t.Fatal("applied before the yes")
	}
	s.press("y").on("result").says("ui.result.cured").says("ui.compare.line")
	if !sawLocked || !sawAgain || m.Looks != 2 {
		t.Errorf("locked %v, looked again %v, looks %d", sawLocked, sawAgain, m.Looks)
	}
	if s.w.Undecided() == nil {
		t.Error("an applied fix is not undecided")
	}
	s.press("k").on("kept").says("deskside undo tx1").press("n").on("summary").says("ui.summary.gone").says("deskside undo tx1")
	if s.w.Undecided() != nil || m.Back != 0 {
		t.Error("kept, but still undecided or taken back")
	}
	s.press("w").says("ui.summary.saved")
	s.press("1").on("undo").press("n").on("summary").press("1", "y").on("undone").says("ui.undo.done")
	if m.Back != 1 || m.Looks != 3 {
		t.Errorf("taken back %d times, looks %d", m.Back, m.Looks)
	}
	s.press("n").on("summary").says("ui.verdict.cause").says("ui.summary.remains").says("cause.dns.server_silent.next")
}

func TestAFixThatDoesNotHelpIsTakenBackAtOnce(t *testing.T) {
	for _, m := range []*machine{{Broken: true}, {Broken: true, Harms: true}, {Broken: true, Helps: true, Harms: true}} {
		s := play(t, m).press(applyFix...).on("result").says("ui.result.back")
		if m.Back != 1 || s.w.Undecided() != nil || !m.Broken {
			t.Errorf("%+v: not taken back", m)
		}
		s.press("n").on("cause") // the cause is still there
	}
}

func TestTakingBackByHandLooksAgain(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	s := play(t, m).press(applyFix...).press("t").on("undone").says("ui.undo.done").press("n").on("summary")
	if m.Back != 1 || m.Looks != 3 || len(s.w.causes()) != 1 {
		t.Errorf("back %d, looks %d, causes %d", m.Back, m.Looks, len(s.w.causes()))
	}
}

func TestFailuresAreSaid(t *testing.T) {
	play(t, &machine{Broken: true, PlanErr: errMachine}).press("1", "f").on("plan").says("ui.failed").press("n").on("cause")
	play(t, &machine{Broken: true, PlanErr: &fixes.Refusal{Why: text.M("ui.hop.pc"), ByHand: []string{"ip link"}}}).
		press("1", "f").on("plan").says("ui.hop.pc").says("ip link")
	play(t, &machine{Broken: true, Refuse: &fixes.Refusal{Why: text.M("ui.hop.pc"), ByHand: []string{"ip link"}}}).
		press("1").on("cause").says("ui.fix.refused").says("ip link").press("s").says("ip link")
	play(t, &machine{Broken: true, ApplyErr: errMachine}).press(applyFix...).on("result").says("ui.result.failed").press("n").on("cause")
	play(t, &machine{Broken: true, ApplyErr: &fixes.Pending{}}).press(applyFix...).on("result").says("ui.result.refused").says("fix.error.pending")
	play(t, &machine{Broken: true, BackErr: errMachine}).press(applyFix...).on("result").says("ui.result.stuck").says("deskside recover")
	play(t, &machine{Broken: true, Helps: true, KeepErr: errMachine}).press(applyFix...).press("k").on("kept").says("ui.kept.failed")
	play(t, &machine{Broken: true, Helps: true, BackErr: errMachine}).press(applyFix...).press("t").on("undone").says("ui.undo.failed")
	play(t, &machine{SaveErr: errMachine}).press("6").press("n", "n", "n", "n", "n", "n", "w").on("summary").says("ui.summary.notsaved")
}

func TestUndoThatFindsDriftShowsItAndAsksAgain(t *testing.T) {
	m := &machine{Broken: true, Helps: true, UndoErr: &fixes.Drift{Target: "/etc/resolv.conf",
		Diff: []fixes.DiffLine{{Sign: "+", Text: "nameserver 192.0.2.9"}}}}
	s := play(t, m).press(applyFix...).press("k", "n", "1", "y").on("undone").says("ui.undo.drift").says("nameserver 192.0.2.9")
	if m.Back != 0 {
		t.Fatal("taken back over a change of someone else")
	}
	s.press("n").on("summary").press("1", "y", "o").on("undo").press("n").on("undone").press("o", "y").says("ui.undo.done")
	if m.Back != 1 {
		t.Error("forced, but not taken back")
	}
}

func TestLeaving(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	s := play(t, m).press(applyFix...).press("q").on("quit").says("ui.quit.undecided").press("n").on("result")
	s.do(s.w.Choose(ChoiceQuit))
	s.do(s.w.Choose(ChoiceQuit)) // asking twice does not decide
	if s.on("quit"); s.w.Over() {
		t.Fatal("left with an undecided fix")
	}
	if s.press("t"); !s.w.Over() || m.Back != 1 {
		t.Errorf("over %v, back %d", s.w.Over(), m.Back)
	}

	m = &machine{Broken: true, Helps: true}
	if s = play(t, m).press(applyFix...).press("q", "k"); !s.w.Over() || m.Back != 0 || s.w.Undecided() != nil {
		t.Errorf("keep and leave: over %v, back %d", s.w.Over(), m.Back)
	}

	s = play(t, &machine{}).press("1", "n", "q").on("quit").press("n").on("step").press("q", "y")
	if !s.w.Over() {
		t.Error("did not leave")
	}
}

func TestNothingQuitsARunningFix(t *testing.T) {
	m := &machine{Broken: true, Helps: true}
	s := play(t, m).press(applyFix[:3]...)
	s.hold = true
	s.press("y").on("applying")
	for range 3 {
		s.do(s.w.Choose(ChoiceQuit))
		if p := s.on("quit").w.Page(); !p.Locked || s.w.Over() || !s.w.Working() {
			t.Fatalf("locked %v, over %v, working %v", p.Locked, s.w.Over(), s.w.Working())
		}
	}
	s.hold = false
	s.do(s.kept)
	s.on("quit").says("ui.quit.undecided").press("n").on("result") // now it is a real question
	if s.w.Working() {
		t.Error("still working")
	}
}

func TestWhatWasLeftOpenIsShown(t *testing.T) {
	m := &machine{Journal: []fixes.Tx{
		{ID: "old", Fix: "hosts-comment-line", State: fixes.Applied, Undo: fixes.R0},
		{ID: "torn", Fix: "link-up", State: fixes.Stuck, Undo: fixes.R0},
	}}
	s := play(t, m).says("ui.opening.earlier").press("e").on("earlier").says("deskside recover")
	s.press("1").on("undo").press("n").on("earlier").press("1", "y").on("undone").press("n").on("opening")
	if m.Looks != 0 || m.Back != 1 {
		t.Errorf("looks %d, back %d: taking back is no yes to looking", m.Looks, m.Back)
	}
}

func TestLookingAgainForgetsTheOldLook(t *testing.T) {
	m := &machine{Broken: true}
	s := play(t, m).press("1").on("cause").press("s", "r").on("cause")
	late := m.Assessment()
	m.Broken = false
	s.press("s", "r").on("symptom").says("ui.verdict.ok")
	s.do(s.w.Handle(Event{Diag: &diag.Event{Verdict: &late}})) // of the first look
	s.on("symptom").says("ui.verdict.ok")
	if m.Looks != 3 {
		t.Errorf("looked %d times", m.Looks)
	}
}

func TestACheckThatWasCutIsNotFine(t *testing.T) {
	m := &machine{Broken: true}
	d := depsOf(m)
	d.Run = func(ctx context.Context, f diag.Focus, observe func(diag.Event)) diag.Result {
		res := m.Run(ctx, f, observe)
		res.Facts = diag.RunSection.In(res.Facts, diag.RunFacts{Probes: []diag.ProbeOutcome{{Check: "gateway", ID: "gateway.echo", End: diag.EndCut}}})
		return res
	}
	s := &stage{t: t, w: New(d), look: func(Page) {}}
	s.press("1", "n", "n").on("step").says("ui.step.partly")
	for _, p := range s.w.Page().Lead {
		if p.Role == Good {
			t.Errorf("calls a check fine that was cut: %+v", p)
		}
	}
	s.press("n").says("finding.dns.resolves.fail")
}

func TestUnknownIsNeverFine(t *testing.T) {
	s := play(t, &machine{Unseen: true}).press("6").on("symptom").says("ui.verdict.unknown")
	s.press("n", "n").on("step").says("ui.step.unseen_line")
	for _, p := range s.w.Page().Detail {
		if p.Text.Key == "unseen.nothing.unlock" {
			t.Error("offers an unlock that the catalogue cannot say")
		}
	}
}

// TestBackFromTheSummary leads to the page it was opened from.
func TestBackFromTheSummary(t *testing.T) {
	s := play(t, &machine{Broken: true})
	s.press("1").on("cause").press("s").on("summary").press("b").on("cause")
	s.press("n").on("step").press("s").on("summary").press("b").on("step")
}
