package witness_test

import (
	"encoding/json"
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
	"deskside/diag/privacy"
	"deskside/diag/witness"
)

func yes(id string) diag.Answer { return diag.Answer{Question: id, Said: diag.Yes, AtMS: 12} }
func no(id string) diag.Answer  { return diag.Answer{Question: id, Said: diag.No, AtMS: 34} }

func TestALaterAnswerTakesThePlaceOfTheOneBefore(t *testing.T) {
	first := witness.With(diag.Facts{}, []diag.Answer{yes("a"), yes("b")})
	second := witness.With(first, []diag.Answer{no("a")})
	if got := witness.Section.Of(second).Answers; !slices.Equal(got, []diag.Answer{yes("b"), no("a")}) {
		t.Errorf("%v", got)
	}
	if got := witness.Section.Of(first).Answers; !slices.Equal(got, []diag.Answer{yes("a"), yes("b")}) {
		t.Errorf("the facts before were changed: %v", got)
	}
}

// Who was told nothing has no section, so that reports without answers stay as
// they were.
func TestSilenceLeavesNoTrace(t *testing.T) {
	env := diag.NewEnv(&fake.Host{}, config.Default())
	witness.Recall(env)
	env.Facts.Look(func(f diag.Facts) {
		if b, _ := json.Marshal(witness.With(f, nil)); string(b) != "{}" {
			t.Errorf("%s", b)
		}
	})
	env.Focus.Answers = []diag.Answer{yes("a"), no("a")}
	witness.Recall(env)
	env.Facts.Look(func(f diag.Facts) {
		if got := witness.Section.Of(f).Answers; !slices.Equal(got, []diag.Answer{no("a")}) {
			t.Errorf("recalled %v", got)
		}
	})
}

// Answers say nothing about who gave them, so nothing of them is masked.
func TestAnswersAreKeptWhole(t *testing.T) {
	f := witness.With(diag.Facts{}, []diag.Answer{yes("a"), {Question: "b"}})
	r := privacy.NewRedactor(nil)
	r.Facts(f)
	if got := witness.Section.Of(f).Answers; !slices.Equal(got, []diag.Answer{yes("a"), {Question: "b"}}) || len(r.Counts) != 0 {
		t.Errorf("%v, %v", got, r.Counts)
	}
}

func TestADamagedAnswerIsAnError(t *testing.T) {
	var f diag.Facts
	if err := json.Unmarshal([]byte(`{"witness":{"answers":[{"question":"a","said":"perhaps"}]}}`), &f); err != nil {
		t.Fatal(err)
	}
	if err := witness.Section.Decode(f); err == nil {
		t.Error("took an answer that is none")
	}
}
