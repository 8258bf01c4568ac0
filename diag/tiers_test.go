package diag_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// after blocks until the facts hold n words, then says one more.
func after(n int, word string) func(context.Context, *diag.Env) error {
	return func(ctx context.Context, env *diag.Env) error {
		env.Facts.Await(ctx.Done(), func(f diag.Facts) bool { return len(section.Of(f).Words) >= n })
		return say(word)(ctx, env)
	}
}

// verdictOf runs one check, deep or not, and returns what was said when the
// verdict came, and the result.
func verdictOf(ctx context.Context, deep bool, probes ...diag.Probe) (words []string, r diag.Result) {
	env := diag.NewEnv(&fake.Host{}, config.Default())
	env.Focus.Deep = deep
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: probes}}
	r = diag.Runner{Checks: checks, Explain: explainBroken, Wall: time.Hour, Observe: func(e diag.Event) {
		if e.Verdict != nil {
			env.Facts.Look(func(f diag.Facts) { words = append(words, section.Of(f).Words...) })
			section.Update(env.Facts, func(s *seen) { s.Words = append(s.Words, "verdict") })
		}
	}}.Run(ctx, env)
	return words, r
}

// TestAsideHoldsOnlyABadVerdict: the probe that waits for the verdict ends
// only if the verdict did not wait for it, and the other way round.
func TestAsideHoldsOnlyABadVerdict(t *testing.T) {
	fast := diag.Probe{ID: "a.fast", Budget: time.Hour, Run: say("fine")}
	aside := diag.Probe{ID: "a.aside", Budget: time.Minute, Aside: true, Run: after(2, "late")}
	words, r := verdictOf(context.Background(), false, fast, aside)
	if len(words) != 1 || ends(r)["a.aside"] != diag.EndDone {
		t.Errorf("all well: the verdict came after %q, ends %v", words, ends(r))
	}

	bad := diag.Probe{ID: "a.bad", Budget: time.Hour, Run: func(_ context.Context, env *diag.Env) error {
		section.Update(env.Facts, func(s *seen) { s.Words = append([]string{"broken"}, s.Words...) })
		return nil
	}}
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{bad, {ID: "a.aside", Budget: time.Hour, Aside: true, Run: after(1, "late")}}}}
	var at []string
	unproven := func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }
	env := diag.NewEnv(&fake.Host{}, config.Default())
	diag.Runner{Checks: checks, Explain: unproven, Wall: time.Hour, Observe: func(e diag.Event) {
		if e.Verdict != nil {
			env.Facts.Look(func(f diag.Facts) { at = append(at, section.Of(f).Words...) })
		}
	}}.Run(context.Background(), env)
	if len(at) != 2 {
		t.Errorf("something is wrong: the verdict came after %q", at)
	}
}

// TestWhatCameAsideIsANewVerdict: a cause that was found after the good
// verdict is told, and dates the result.
func TestWhatCameAsideIsANewVerdict(t *testing.T) {
	aside := diag.Probe{ID: "a.aside", Budget: time.Minute, Aside: true, Run: after(2, "broken")}
	words, r := verdictOf(context.Background(), false, diag.Probe{ID: "a.fast", Budget: time.Hour, Run: say("fine")}, aside)
	if want := 1 + 3; len(words) != want || len(r.Diagnosis.Causes) != 1 {
		t.Errorf("said at the verdicts: %q, causes %v", words, r.Diagnosis.Causes)
	}
}

// TestProofCutsAside: nothing is asked on once the answer is proven.
func TestProofCutsAside(t *testing.T) {
	_, r := verdictOf(context.Background(), false,
		diag.Probe{ID: "a.fast", Budget: time.Hour, Run: say("broken")},
		diag.Probe{ID: "a.aside", Budget: time.Hour, Aside: true, Run: waits})
	if got := ends(r); got["a.aside"] != diag.EndCut {
		t.Errorf("ends: %v", got)
	}
}

// TestSecondTier: deep probes start after the verdict, when asked or when the
// facts call for them, and never after a proof.
func TestSecondTier(t *testing.T) {
	first := func(word string) diag.Probe { return diag.Probe{ID: "a.first", Budget: time.Hour, Run: say(word)} }
	deep := diag.Probe{ID: "a.deep", Budget: time.Minute, Deep: true, Run: after(2, "deep"),
		Suspect: func(f diag.Facts) bool { return section.Of(f).Words[0] == "odd" }}
	for _, tt := range []struct {
		name, word string
		deep       bool
		want       diag.ProbeEnd
	}{
		{"asked", "fine", true, diag.EndDone},
		{"not asked", "fine", false, ""},
		{"called for", "odd", false, diag.EndDone},
		{"proven before", "broken", true, ""},
	} {
		words, r := verdictOf(context.Background(), tt.deep, first(tt.word), deep)
		if len(words) != 1 {
			t.Errorf("%s: the verdict came after %q", tt.name, words)
		}
		if got := ends(r)["a.deep"]; got != tt.want {
			t.Errorf("%s: deep probe ended %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestCancelledDeepLookKeepsTheVerdict: what the first tier said stands, and
// nothing of the second counts.
func TestCancelledDeepLookKeepsTheVerdict(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, r := verdictOf(ctx, true,
		diag.Probe{ID: "a.first", Budget: time.Hour, Run: say("fine")},
		diag.Probe{ID: "a.deep", Budget: time.Hour, Deep: true, Run: func(ctx context.Context, env *diag.Env) error {
			cancel()
			return waits(ctx, env)
		}})
	if ends(r)["a.deep"] != diag.EndCut || r.Checks[0].Status != diag.OK {
		t.Errorf("ends %v, status %v", ends(r), r.Checks[0].Status)
	}
	if !diag.RunSection.Of(r.Facts).Interrupted || r.Status != diag.Unknown {
		t.Errorf("a stopped look is not marked, or says %v", r.Status)
	}
}

// TestDeepChecksOnlyInADeepLook: a plain report has no trace of them.
func TestDeepChecksOnlyInADeepLook(t *testing.T) {
	for _, deep := range []bool{false, true} {
		env := diag.NewEnv(&fake.Host{}, config.Default())
		env.Focus.Deep = deep
		checks := []diag.Check{{ID: "a", Judge: judgeWords}, {ID: "d", Deep: true, Judge: judgeWords}}
		r := diag.Runner{Checks: checks, Explain: explainBroken}.Run(context.Background(), env)
		if got := len(r.Checks) == 2; got != deep {
			t.Errorf("deep %v: %d checks", deep, len(r.Checks))
		}
	}
}

// TestDeepPartsTellHowFarTheyAre: every step of a deep probe reaches whoever
// looks on, forwards only, and the end of it too.
func TestDeepPartsTellHowFarTheyAre(t *testing.T) {
	var seen []diag.Part
	steps := func(_ context.Context, env *diag.Env) error {
		for _, n := range []int{1, 2, 1, 9} { // one goes back, one goes too far
			env.Step(n, 3)
		}
		return nil
	}
	env := diag.NewEnv(&fake.Host{}, config.Default())
	env.Focus.Deep = true
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
		{ID: "a.first", Budget: time.Hour, Run: func(ctx context.Context, env *diag.Env) error {
			env.Step(1, 2) // the first tier has no parts
			return say("fine")(ctx, env)
		}},
		{ID: "a.deep", Budget: time.Hour, Deep: true, Run: steps},
	}}}
	diag.Runner{Checks: checks, Explain: explainBroken, Wall: time.Hour, Observe: func(e diag.Event) {
		if e.Progress != nil && len(e.Parts) > 0 && (len(seen) == 0 || seen[len(seen)-1] != e.Parts[0]) {
			seen = append(seen, e.Parts[0])
		}
	}}.Run(context.Background(), env)
	last := diag.Part{Check: "a", Probe: "a.deep", Done: 3, Of: 3, Ended: true}
	if len(seen) == 0 || seen[len(seen)-1] != last {
		t.Fatalf("parts %+v, want %+v last", seen, last)
	}
	for n := 1; n < len(seen); n++ {
		if seen[n].Done < seen[n-1].Done || seen[n-1].Ended {
			t.Errorf("went back: %+v", seen)
		}
	}
}

// TestFirstIsHeardBeforeOthersSpeak: a probe that goes first settles the run,
// so that what would have followed never starts.
func TestFirstIsHeardBeforeOthersSpeak(t *testing.T) {
	heard := func(f diag.Facts) bool { return len(section.Of(f).Words) > 0 }
	_, r := verdictOf(context.Background(), false,
		diag.Probe{ID: "a.other", Budget: time.Hour, Run: say("other")},
		diag.Probe{ID: "a.first", Budget: time.Hour, First: true, Heard: heard, Run: say("broken")})
	if got := ends(r); got["a.other"] != diag.EndCut || got["a.first"] != diag.EndDone {
		t.Errorf("ends: %v", got)
	}
}

// TestFirstMaySayNothing: nobody waits for ever, nor for a probe that has no
// purpose here.
func TestFirstMaySayNothing(t *testing.T) {
	never := func(diag.Facts) bool { return false }
	words, r := verdictOf(context.Background(), false,
		diag.Probe{ID: "a.mute", Budget: time.Hour, First: true, Heard: never, Run: after(1, "mute")},
		diag.Probe{ID: "a.pointless", Budget: time.Hour, First: true, Heard: never, When: never, Run: say("pointless")},
		diag.Probe{ID: "a.other", Budget: time.Hour, Run: say("other")})
	if got := ends(r); !slices.Equal(words, []string{"other", "mute"}) || got["a.pointless"] != diag.EndPointless {
		t.Errorf("words %q, ends %v", words, got)
	}
}

// TestALookUntilSomethingIsWrong ends as soon as it is, even where no cause is
// named, and starts nothing where that is known without a probe.
func TestALookUntilSomethingIsWrong(t *testing.T) {
	unnamed := func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }
	look := func(until string, local bool) map[string]diag.ProbeEnd {
		env := diag.NewEnv(&fake.Host{}, config.Default())
		env.Focus.Until = []string{until}
		check := diag.Check{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
			{ID: "a.fast", Budget: time.Hour, Run: say("broken")},
			{ID: "a.slow", Budget: 20 * time.Millisecond, Run: waits},
		}}
		if local {
			check.Local = func(ctx context.Context, env *diag.Env) { _ = say("broken")(ctx, env) }
		}
		return ends(diag.Runner{Checks: []diag.Check{check}, Explain: unnamed, Wall: time.Hour}.Run(context.Background(), env))
	}
	if got := look("words", false); got["a.fast"] != diag.EndDone || got["a.slow"] != diag.EndCut {
		t.Errorf("ends: %v", got)
	}
	if got := look("words", true); got["a.fast"] != diag.EndCut || got["a.slow"] != diag.EndCut {
		t.Errorf("known at once: %v", got)
	}
	if got := look("others", false); got["a.slow"] != diag.EndDeadline {
		t.Errorf("something else is wrong: %v", got)
	}
}
