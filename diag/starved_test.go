package diag_test

import (
	"context"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// hears is a check that waits for a word; looks counts how often it was asked,
// and every look up to deaf is starved and hears what is wrong only.
func hears(looks *int, deaf int) []diag.Check {
	return []diag.Check{{ID: "a", Waits: true, Judge: judgeWords, Probes: []diag.Probe{{ID: "a.p", Budget: time.Minute, Run: func(ctx context.Context, env *diag.Env) error {
		if *looks++; *looks > deaf {
			return say("fine")(ctx, env)
		}
		diag.RunSection.Update(env.Facts, func(f *diag.RunFacts) { f.LateMS = 900 })
		return say("broken")(ctx, env)
	}}}}}
}

// TestStarvedLookIsDoneAgain: once, as long as there is time for it; what the
// second one hears counts, and what neither hears is not known.
func TestStarvedLookIsDoneAgain(t *testing.T) {
	nothing := func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }
	for name, tt := range map[string]struct {
		deaf   int
		wall   time.Duration
		looks  int
		again  bool
		status diag.Status
	}{
		"calm":                 {0, time.Hour, 1, false, diag.OK},
		"starved at first":     {1, time.Hour, 2, true, diag.OK},
		"starved all the time": {9, time.Hour, 2, true, diag.Unknown},
		"no time for another":  {1, time.Second, 1, false, diag.Unknown},
	} {
		looks, verdicts := 0, 0
		env := diag.NewEnv(&fake.Host{}, config.Default())
		section.Update(env.Facts, func(s *seen) { s.Local = true }) // given beforehand
		r := diag.Runner{Checks: hears(&looks, tt.deaf), Explain: nothing, Wall: tt.wall, Observe: func(e diag.Event) {
			if e.Verdict != nil {
				verdicts++
			}
		}}.Run(context.Background(), env)
		run := diag.RunSection.Of(r.Facts)
		if looks != tt.looks || run.Again != tt.again || r.Status != tt.status || verdicts != 1 {
			t.Errorf("%s: %d looks, again %v, %v, %d verdicts; want %d, %v, %v, one", name, looks, run.Again, r.Status, verdicts, tt.looks, tt.again, tt.status)
		}
		if unseen := len(r.Checks[0].Unseen); (unseen == 1) != (tt.status == diag.Unknown) {
			t.Errorf("%s: %d things unseen", name, unseen)
		}
		if !section.Of(r.Facts).Local {
			t.Errorf("%s: what was known before is gone", name)
		}
	}
}

// TestStarvedLookBelievesWhatItHeard: a settled cause stands, and so does a
// failure of a check that waits for nobody.
func TestStarvedLookBelievesWhatItHeard(t *testing.T) {
	looks := 0
	env := diag.NewEnv(&fake.Host{}, config.Default())
	r := diag.Runner{Checks: hears(&looks, 9), Explain: explainBroken, Wall: time.Hour}.Run(context.Background(), env)
	if looks != 1 || r.Status != diag.Fail {
		t.Errorf("a proven cause: %d looks, %v", looks, r.Status)
	}
	f := diag.RunSection.In(section.In(diag.Facts{}, seen{Words: []string{"broken"}}), diag.RunFacts{LateMS: 900})
	nothing := func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }
	if a := diag.Assess([]diag.Check{{ID: "a", Judge: judgeWords}}, nothing, f); a.Status != diag.Fail {
		t.Errorf("a check that waits for nobody: %v", a.Status)
	}
}
