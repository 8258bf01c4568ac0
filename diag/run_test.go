package diag_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// seen is a little family of its own: what its probes wrote.
type seen struct {
	Local bool     `json:"local" privacy:"none"`
	Words []string `json:"words" privacy:"none"`
}

var section = diag.Section[seen]{Name: "seen"}

func say(word string) func(context.Context, *diag.Env) error {
	return func(_ context.Context, env *diag.Env) error {
		section.Update(env.Facts, func(s *seen) { s.Words = append(s.Words, word) })
		return nil
	}
}

// waits blocks until its context ends and then writes what must not count.
func waits(ctx context.Context, env *diag.Env) error {
	<-ctx.Done()
	section.Update(env.Facts, func(s *seen) { s.Words = append(s.Words, "late") })
	return ctx.Err()
}

func judgeWords(f diag.Facts) (j diag.Judgement) {
	words := section.Of(f).Words
	if len(words) == 0 {
		j.Add("words", diag.Unknown, nil)
		return j
	}
	j.Add("words", map[bool]diag.Status{true: diag.Fail, false: diag.OK}[words[0] == "broken"], nil)
	return j
}

// explainBroken settles as soon as the word "broken" was said.
func explainBroken(f diag.Facts, _ []diag.CheckResult) diag.Diagnosis {
	for _, w := range section.Of(f).Words {
		if w == "broken" {
			return diag.Diagnosis{Causes: []diag.Cause{{ID: "test.broken", Severity: diag.Fail, Explains: []string{"words"}}}, Settled: true}
		}
	}
	return diag.Diagnosis{}
}

func run(t *testing.T, ctx context.Context, checks []diag.Check, wall time.Duration, observe func(diag.Event)) diag.Result {
	t.Helper()
	env := diag.NewEnv(&fake.Host{Clock: time.Unix(1_800_000_000, 0)}, config.Default())
	return diag.Runner{Checks: checks, Explain: explainBroken, Wall: wall, Observe: observe}.Run(ctx, env)
}

func ends(r diag.Result) map[string]diag.ProbeEnd {
	out := map[string]diag.ProbeEnd{}
	for _, p := range diag.RunSection.Of(r.Facts).Probes {
		out[p.ID] = p.End
	}
	return out
}

func TestProvenCauseCutsTheRest(t *testing.T) {
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
		{ID: "a.slow", Budget: time.Hour, Run: waits},
		{ID: "a.fast", Budget: time.Hour, Run: say("broken")},
	}}}
	r := run(t, context.Background(), checks, time.Hour, nil)
	if got := ends(r); got["a.slow"] != diag.EndCut || got["a.fast"] != diag.EndDone {
		t.Errorf("ends: %v", got)
	}
	if words := section.Of(r.Facts).Words; !reflect.DeepEqual(words, []string{"broken"}) {
		t.Errorf("what came after the cut counted: %v", words)
	}
	if by := diag.RunSection.Of(r.Facts).CutBy; by != "test.broken" {
		t.Errorf("cut by %q", by)
	}
}

func TestLocalProofStartsNoProbe(t *testing.T) {
	started := false
	checks := []diag.Check{{
		ID: "a", Judge: judgeWords,
		Local: func(ctx context.Context, env *diag.Env) { _ = say("broken")(ctx, env) },
		Probes: []diag.Probe{{ID: "a.net", Budget: time.Hour, Run: func(context.Context, *diag.Env) error {
			started = true
			return nil
		}}},
	}}
	r := run(t, context.Background(), checks, time.Hour, nil)
	if started || ends(r)["a.net"] != diag.EndCut {
		t.Errorf("started %v, ends %v", started, ends(r))
	}
}

func TestPanicIsUnknownForItsCheckOnly(t *testing.T) {
	boom := func(context.Context, *diag.Env) error { panic("boom") }
	checks := []diag.Check{
		{ID: "bad", Judge: judgeWords, Probes: []diag.Probe{{ID: "bad.p", Budget: time.Hour, Run: boom}}},
		{ID: "worse", Judge: func(diag.Facts) diag.Judgement { panic("judge") }},
		{ID: "good", Judge: judgeWords, Probes: []diag.Probe{{ID: "good.p", Budget: time.Hour, Run: say("fine")}}},
	}
	r := run(t, context.Background(), checks, time.Hour, nil)
	want := map[string]diag.Status{"bad": diag.Unknown, "worse": diag.Unknown, "good": diag.OK}
	for _, c := range r.Checks {
		if c.Status != want[c.ID] {
			t.Errorf("%s: %v, want %v", c.ID, c.Status, want[c.ID])
		}
	}
	if ends(r)["bad.p"] != diag.EndPanic {
		t.Errorf("ends: %v", ends(r))
	}
}

func TestDeadlinesAndErrors(t *testing.T) {
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
		{ID: "own", Budget: time.Millisecond, Run: waits},
		{ID: "error", Budget: time.Hour, Run: func(context.Context, *diag.Env) error { return errors.New("no") }},
		{ID: "never", Budget: time.Hour, When: func(diag.Facts) bool { return false }, Run: waits},
		{ID: "offline", Budget: time.Hour, Offline: true, Run: say("fine")},
		{ID: "wall", Budget: time.Hour, Run: waits},
	}}}
	got := ends(run(t, context.Background(), checks, 20*time.Millisecond, nil))
	want := map[string]diag.ProbeEnd{"own": diag.EndDeadline, "error": diag.EndError, "never": diag.EndPointless, "offline": diag.EndDone, "wall": diag.EndDeadline}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("ends: %v, want %v", got, want)
	}
}

func TestCancelEndsTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
		{ID: "a.p", Budget: time.Hour, Run: func(ctx context.Context, env *diag.Env) error { cancel(); return waits(ctx, env) }},
		{ID: "a.offline", Offline: true, Budget: time.Hour, Run: waits},
	}}}
	if r := run(t, ctx, checks, time.Hour, nil); r.Checks[0].Status == diag.OK {
		t.Error("a cancelled run says OK")
	} else if !diag.RunSection.Of(r.Facts).Interrupted || r.Status != diag.Unknown {
		t.Errorf("a cancelled run is not marked, or says %v", r.Status)
	}
}

// TestNothingOutlivesTheRun counts goroutines before and after many runs.
func TestNothingOutlivesTheRun(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 50 {
		run(t, context.Background(), []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
			{ID: "a.slow", Budget: time.Hour, Run: waits}, {ID: "a.fast", Budget: time.Hour, Run: say("broken")},
		}}}, time.Hour, nil)
	}
	for start := time.Now(); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Since(start) > 200*time.Millisecond {
			t.Fatalf("%d goroutines before, %d still there 200 ms after", before, runtime.NumGoroutine())
		}
	}
}

func TestEventsTellOneStory(t *testing.T) {
	var verdicts, finished, progress int
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{{ID: "a.p", Budget: time.Hour, Run: say("fine")}}}}
	r := run(t, context.Background(), checks, time.Hour, func(e diag.Event) {
		switch {
		case e.Finished != nil:
			finished++
			if verdicts != 1 {
				t.Error("finished before the verdict")
			}
		case e.Verdict != nil:
			verdicts++
		case e.Progress != nil:
			progress++
		}
	})
	if verdicts != 1 || finished != 1 || progress == 0 {
		t.Errorf("%d progress, %d verdicts, %d finished", progress, verdicts, finished)
	}
	if r.VerdictMS < 0 || r.VerdictMS > r.DurationMS {
		t.Errorf("verdict %v ms, duration %v ms", r.VerdictMS, r.DurationMS)
	}
}

func TestOnlyWhatWasAsked(t *testing.T) {
	env := diag.NewEnv(&fake.Host{}, config.Default())
	env.Focus.Only = []string{"b"}
	checks := []diag.Check{{ID: "a", Judge: judgeWords}, {ID: "b", Judge: judgeWords}}
	r := diag.Runner{Checks: checks, Explain: explainBroken}.Run(context.Background(), env)
	if len(r.Checks) != 1 || r.Checks[0].ID != "b" {
		t.Errorf("%+v", r.Checks)
	}
}

// TestFactsSurviveJSON: what is saved is what was seen, also the part that
// this program does not know.
func TestFactsSurviveJSON(t *testing.T) {
	in := `{"seen":{"local":true,"words":["a","b"]},"tomorrow":{"x":[1,2,{"y":null}]}}`
	var f diag.Facts
	if err := json.Unmarshal([]byte(in), &f); err != nil {
		t.Fatal(err)
	}
	if got := section.Of(f); !got.Local || len(got.Words) != 2 {
		t.Errorf("before decoding: %+v", got)
	}
	if err := section.Decode(f); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != in {
		t.Errorf("%s\n%s", in, out)
	}
	bad := diag.Facts{}
	if err := json.Unmarshal([]byte(`{"seen":{"local":"yes"}}`), &bad); err != nil {
		t.Fatal(err)
	}
	if err := section.Decode(bad); err == nil {
		t.Error("a section of the wrong type decodes")
	}
}

// TestTheVerdictCarriesItsFacts, as a copy: what comes later does not change it.
func TestTheVerdictCarriesItsFacts(t *testing.T) {
	var at diag.Facts
	checks := []diag.Check{{ID: "a", Judge: judgeWords, Probes: []diag.Probe{
		{ID: "a.net", Budget: time.Hour, Run: say("broken")},
		{ID: "a.offline", Budget: time.Minute, Offline: true, Run: after(2, "later")},
	}}}
	env := diag.NewEnv(&fake.Host{}, config.Default())
	r := diag.Runner{Checks: checks, Explain: explainBroken, Wall: time.Hour, Observe: func(e diag.Event) {
		if e.Verdict != nil {
			at = e.Facts
			section.Update(env.Facts, func(s *seen) { s.Words = append(s.Words, "verdict") })
		}
	}}.Run(context.Background(), env)
	if got := section.Of(at).Words; !reflect.DeepEqual(got, []string{"broken"}) {
		t.Errorf("with the verdict: %q", got)
	}
	if got := section.Of(r.Facts).Words; len(got) != 3 {
		t.Errorf("at the end: %q", got)
	}
}
