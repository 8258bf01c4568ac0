package wizard

import (
	"testing"

	"deskside/diag"
	"deskside/diag/text"
)

func keys(list []Para) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Text.Key)
	}
	return out
}

func TestAFixThatLeavesAnotherFaultSaysSo(t *testing.T) {
	s := play(t, &machine{Broken: true, Second: true, Helps: true}).press(applyFix...).on("result")
	s.says("ui.result.cured").says("ui.result.left")
	one := play(t, &machine{Broken: true, Helps: true}).press(applyFix...)
	if contains(keys(one.w.Page().Lead), "ui.result.left") {
		t.Error("another fault is announced where there is none")
	}
}

func TestTheFarewellNamesEveryReason(t *testing.T) {
	s := play(t, &machine{Broken: true, Second: true}).press("2")
	if got := keys(s.w.Farewell()); !contains(got, "ui.verdict.cause") || !contains(got, "ui.verdict.also") {
		t.Errorf("two reasons, and the last words are %v", got)
	}
	if got := keys(play(t, &machine{Broken: true}).press("2").w.Farewell()); contains(got, "ui.verdict.also") {
		t.Errorf("one reason, and the last words are %v", got)
	}
}

func TestWhatIsWrongStandsFirst(t *testing.T) {
	lines := foundLines(diag.CheckResult{Judgement: diag.Judgement{Findings: []diag.Finding{
		{Code: "a", Status: diag.OK}, {Code: "b", Status: diag.Warn}, {Code: "c", Status: diag.Skipped},
		{Code: "d", Status: diag.Fail}, {Code: "e", Status: diag.Unknown}, {Code: "f", Status: diag.OK}}}})
	want := []string{"ui.step.findings", "finding.d.fail", "finding.b.warn", "finding.e.unknown", "finding.a.ok", "finding.f.ok"}
	got := keys(lines)
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %s, want %s", i, got[i], want[i])
		}
	}
}

func TestAProblemThatStaysForAnotherReasonShowsBoth(t *testing.T) {
	w := play(t, &machine{}).w
	look := func(summary string) diag.Assessment {
		return diag.Assessment{Checks: []diag.CheckResult{{ID: "connectivity", Status: diag.Fail, Summary: text.M(summary)}}}
	}
	if got := keys(w.compared(look("ui.hop.pc"), look("ui.hop.web"))); !contains(got, "ui.compare.after") {
		t.Errorf("another reason, but only %v", got)
	}
	if got := keys(w.compared(look("ui.hop.pc"), look("ui.hop.pc"))); contains(got, "ui.compare.after") {
		t.Errorf("the same reason is told twice: %v", got)
	}
}
