package report

import (
	"encoding/json"
	"html"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/text"
	"deskside/diag/witness"
)

// told is broken, and what a person saw of it.
func told(t *testing.T, answers ...diag.Answer) Report {
	t.Helper()
	res := broken()
	res.Facts = witness.With(res.Facts, answers)
	res.Assessment = catalog.Explain(res.Facts)
	rep, err := New(res, Options{Printer: text.New("en"), Config: config.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// TestQuestionsAndAnswersAreShown: what is worth asking, and once it was
// answered what the person said, in every form that a person reads.
func TestQuestionsAndAnswersAreShown(t *testing.T) {
	p := text.New("en")
	ask, says, advice := p.S("question.link_light.ask"), p.S("evidence.told.link_light_no"), p.S("advice.link_dark")
	open, answered := told(t), told(t, diag.Answer{Question: "link_light", Said: diag.No, AtMS: 4200})
	for _, format := range []string{"text", "markdown", "html", "json"} {
		flat := func(rep Report) string {
			return strings.Join(strings.Fields(strings.ReplaceAll(html.UnescapeString(written(t, format, rep)), `\_`, "_")), " ")
		}
		before, after := flat(open), flat(answered)
		if !strings.Contains(before, ask) || !strings.Contains(before, "link_light") || strings.Contains(before, says) {
			t.Errorf("%s does not ask:\n%s", format, before)
		}
		if strings.Contains(after, ask) || !strings.Contains(after, says) || !strings.Contains(after, advice) {
			t.Errorf("%s does not say what was answered:\n%s", format, after)
		}
	}
}

// TestQuestionsInJSON: always a list, best first, with what each splits.
func TestQuestionsInJSON(t *testing.T) {
	var doc struct {
		Diagnosis []struct {
			Questions []struct {
				ID, Question, Where string
				Splits              []string
			}
		}
	}
	if err := json.Unmarshal([]byte(written(t, "json", told(t))), &doc); err != nil {
		t.Fatal(err)
	}
	q := doc.Diagnosis[0].Questions
	if len(q) != 2 || q[0].ID != "link_light" || q[1].ID != "router_light" || q[0].Where == "" || len(q[0].Splits) != 1 {
		t.Errorf("%+v", q)
	}
	rep := told(t, diag.Answer{Question: "link_light"}, diag.Answer{Question: "router_light"})
	if out := written(t, "json", rep); !strings.Contains(out, `"questions": []`) {
		t.Errorf("no list where nothing is left to ask:\n%s", out)
	}
}

// TestAQuestionIsReadOnce, though it stands under both causes that it splits;
// and what stands between causes says how they stand to each other.
func TestAQuestionIsReadOnce(t *testing.T) {
	q := []Question{{ID: "other_device", Question: "Does it?", Splits: []string{"a", "b"}}}
	all := []Cause{{Cause: "a", Rivals: []string{"b"}, Questions: q}, {Cause: "b", Rivals: []string{"a"}, Questions: q}, {Cause: "c"}, {Cause: "d"}}
	if len(unasked(all, 0)) != 1 || len(unasked(all, 1)) != 0 || len(all[1].Questions) != 1 {
		t.Errorf("read %d and %d times", len(unasked(all, 0)), len(unasked(all, 1)))
	}
	for i, want := range []string{"", "or", "also", ""} {
		if got := joint(all, i); got != want {
			t.Errorf("before cause %d: %q, want %q", i, got, want)
		}
	}
	if got := joint(all[2:], 1); got != "also" {
		t.Errorf("before the second of two: %q", got)
	}
}
