package wizard

import (
	"context"
	"slices"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/diag/witness"
	"deskside/fixes"
	"deskside/tui/wizard/fake"
)

// asking plays a conversation about a router that is online and passes nothing
// on; every page on the way keeps the promises of form and has its words.
func asking(t *testing.T) (*stage, *machine) {
	m := &machine{}
	d := depsOf(m)
	d.Run = fake.Look(fake.RouterOnline)
	words := vocabulary{t: t, printer: text.New("en"), heard: map[string]bool{}}
	return &stage{t: t, w: New(d), look: func(p Page) {
		if err := broken(p); err != "" {
			t.Errorf("%s: %s", p.ID, err)
		}
		words.page(p)
	}}, m
}

func (s *stage) named(want ...string) *stage {
	s.t.Helper()
	var got []string
	for _, c := range s.w.causes() {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, want) {
		s.t.Fatalf("the reasons are %v, want %v", got, want)
	}
	return s
}

func TestAnAnswerSplitsThePair(t *testing.T) {
	s, _ := asking(t)
	s.press("1").on("cause").named("gw.no_forward", "gw.no_nat").says("ui.cause.rivals_ask").says("cause.gw.no_forward.next")
	s.press("a").on("question").says("question.other_device.ask").says("question.other_device.where").says("ui.question.splits").says("cause.gw.no_nat.title")
	for _, c := range s.w.Page().Choices {
		if c.Default {
			t.Errorf("a bare Enter answers %q", c.ID)
		}
	}
	s.press("b").on("cause").named("gw.no_forward", "gw.no_nat") // going back is no answer
	if len(s.w.answers) != 0 {
		t.Errorf("answered by going back: %v", s.w.answers)
	}
	s.press("a", "n").on("cause").named("gw.no_nat", "gw.no_forward")
	s.says("cause.gw.no_nat.title").says("advice.nat_for_nobody").says("evidence.told.other_device_no").says("ui.cause.rivals").says("ui.confidence.verylikely")
	if s.offers("a") {
		t.Error("asks again what was answered")
	}
	s.press("e").on("evidence")
	if last := s.w.Page().Detail; last[len(last)-1].Text.Args["Source"] != diag.ByAnswer {
		t.Errorf("the answer is not among what was seen: %+v", last)
	}
	s.press("b", "x").named("gw.no_forward", "gw.no_nat").says("ui.cause.rivals_ask").press("a", "y").named("gw.no_forward")
	s.says("advice.forward_for_others").says("ui.confidence.certain").press("s").on("summary")
	for _, p := range s.w.Page().Detail {
		if p.Text.Key == "ui.summary.gone" {
			t.Errorf("what an answer ruled out counts as repaired: %+v", p)
		}
	}
}

// The last words do not call an alternative another fault.
func TestTheFarewellNamesThePair(t *testing.T) {
	s, _ := asking(t)
	if got := keys(s.press("1").w.Farewell()); !contains(got, "ui.verdict.or") || contains(got, "ui.verdict.also") {
		t.Errorf("one of two reasons, and the last words are %v", got)
	}
}

func TestWhoCannotTellIsNotAskedAgain(t *testing.T) {
	s, _ := asking(t)
	s.press("1", "a", "u").on("cause").named("gw.no_forward", "gw.no_nat").says("cause.gw.no_forward.next").says("ui.cause.rivals")
	if s.offers("a") {
		t.Error("asks again")
	}
}

// A new look knows what was said in this conversation, and the report that is
// written carries it.
func TestANewLookKeepsTheAnswers(t *testing.T) {
	s, _ := asking(t)
	var saved diag.Facts
	s.w.deps.SaveReport = func(r diag.Result, _ []fixes.Tx) (string, error) { saved = r.Facts; return "/state/report.json", nil }
	s.press("1", "a", "y", "s", "r").on("cause").named("gw.no_forward").says("evidence.told.other_device_yes")
	s.press("s", "w")
	want := []diag.Answer{{Question: "other_device", Said: diag.Yes}}
	if got := witness.Section.Of(saved).Answers; !slices.Equal(got, want) {
		t.Errorf("the report holds %v, want %v", got, want)
	}
	// A look that was asked for before the answer was given hears it all the same.
	deaf := s.w.deps.Run(context.Background(), diag.Focus{}, nil)
	s.do(s.w.again(&deaf))
	s.named("gw.no_forward")
}

func TestTheTimeOfAnAnswerIsKept(t *testing.T) {
	s, _ := asking(t)
	s.press("1", "a")
	now := s.w.deps.Now()
	s.w.deps.Now = func() time.Time { return now.Add(41 * time.Second) }
	s.press("y")
	if got := s.w.answers[0].AtMS; got != 41000 {
		t.Errorf("said after %g ms", got)
	}
}

// While it is still being looked at there are no facts to weigh an answer
// with, so nothing is asked.
func TestNothingIsAskedBeforeTheLookIsOver(t *testing.T) {
	s, _ := asking(t)
	s.press("1").on("cause")
	verdict := s.w.result.Assessment
	s.hold = true
	s.press("s", "r").on("symptom")
	s.do(s.w.learn(diag.Event{Verdict: &verdict}))
	if s.on("cause"); s.offers("a") || s.offers("x") {
		t.Errorf("asks while it looks: %+v", s.w.Page().Choices)
	}
}

// What was seen of one thing on the web says nothing about another.
func TestAnotherTargetForgetsWhatWasSeenOfTheFirst(t *testing.T) {
	w := New(depsOf(&machine{}))
	w.answers = []diag.Answer{{Question: "elsewhere", Said: diag.No}, {Question: "other_device", Said: diag.No}}
	w.aimAt("")
	if len(w.answers) != 2 {
		t.Errorf("the same target, and %v is left", w.answers)
	}
	w.aimAt("shop.example")
	if len(w.answers) != 1 || w.answers[0].Question != "other_device" {
		t.Errorf("another target, and %v is left", w.answers)
	}
}

// The same with goroutines, as the front ends drive it.
func TestAskingIsDriven(t *testing.T) {
	s, _ := asking(t)
	d := Drive(context.Background(), s.w)
	d.Choose("internet")
	drive(t, d, s.w, "cause")
	for !s.offers("a") {
		d.Handle(<-d.Events())
	}
	d.Choose("ask")
	s.on("question")
	d.Choose("told_yes")
	drive(t, d, s.w, "cause")
	s.named("gw.no_forward")
	d.Finish()
}

func TestWithoutAQuestionThereIsNoKeyForIt(t *testing.T) {
	s := play(t, &machine{Broken: true}).press("1").on("cause")
	if s.offers("a") || s.offers("x") {
		t.Errorf("offers to ask nothing: %+v", s.w.Page().Choices)
	}
}
