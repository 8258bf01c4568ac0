package cause

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
	"deskside/diag/witness"
)

// TestQuestionsAreWhole: each can be asked, answered, quoted and followed; it
// bears on faults that exist; a word is never a proof; and no answer is asked
// for that would change nothing.
func TestQuestionsAreWhole(t *testing.T) {
	p := english()
	faults := map[string]bool{}
	for _, r := range Rules() {
		faults[r.ID] = r.Severity != diag.OK
	}
	seen := map[string]bool{}
	for _, q := range questions {
		if seen[q.ID] {
			t.Errorf("%s is in the catalogue twice", q.ID)
		}
		seen[q.ID] = true
		for _, key := range []string{"question." + q.ID + ".ask", "question." + q.ID + ".where", "evidence.told." + q.ID + "_yes", "evidence.told." + q.ID + "_no"} {
			if !p.Has(key) {
				t.Errorf("%s has no words", key)
			}
		}
		if ask := p.S("question." + q.ID + ".ask"); strings.Count(ask, "?") != 1 || !strings.HasSuffix(ask, "?") {
			t.Errorf("%q is not one question", ask)
		}
		on := map[string]bool{}
		for _, b := range q.Bears {
			if !faults[b.On] || on[b.On] {
				t.Errorf("%s bears on %s: no fault, or twice", q.ID, b.On)
			}
			on[b.On] = true
			for _, w := range []Word{b.Yes, b.No} {
				if w.Weight > strong || w.Weight < -strong {
					t.Errorf("%s: a word that weighs %g on %s is a proof", q.ID, w.Weight, b.On)
				}
				if !p.Has("advice." + w.Next) {
					t.Errorf("%s on %s: no advice %q", q.ID, b.On, w.Next)
				}
			}
			if b.Yes == b.No {
				t.Errorf("%s: both answers say the same about %s", q.ID, b.On)
			}
		}
	}
}

// TestEveryQuestionIsAskedSomewhere, and where it is, either answer changes
// what is seen: the causes, how sure they are, or what to do.
func TestEveryQuestionIsAskedSomewhere(t *testing.T) {
	asked := map[string]bool{}
	for _, c := range askedCases() {
		before := Explain(c.facts, nil)
		if len(before.Causes) == 0 {
			t.Errorf("%s: nothing is wrong", c.name)
		}
		for _, cause := range before.Causes {
			for _, q := range cause.Questions {
				asked[q.ID] = true
				shown := []string{looks(t, before)}
				for _, said := range []diag.Tri{diag.Yes, diag.No} {
					shown = append(shown, looks(t, Explain(c.told(diag.Answer{Question: q.ID, Said: said}), nil)))
				}
				if shown[0] == shown[1] || shown[0] == shown[2] || shown[1] == shown[2] {
					t.Errorf("%s: an answer to %s changes nothing:\n%s", c.name, q.ID, strings.Join(shown, "\n"))
				}
				unsure := Explain(c.told(diag.Answer{Question: q.ID}), nil)
				if looks(t, unsure) != shown[0] || slices.Contains(open(unsure.Causes), q.ID) {
					t.Errorf("%s: who cannot tell %s has said something, or is asked again", c.name, q.ID)
				}
			}
		}
	}
	for _, id := range QuestionIDs() {
		if !asked[id] {
			t.Errorf("%s is never asked in these cases", id)
		}
	}
}

// TestAWordIsNoProof: whatever a person answers, what was measured keeps its
// name or gives way to its rival; a fault never loses its name; nothing is
// settled by a word that was not settled without it.
func TestAWordIsNoProof(t *testing.T) {
	for _, c := range askedCases() {
		before := Explain(c.facts, nil)
		may := map[string]bool{}
		for _, cause := range before.Causes {
			may[cause.ID] = true
		}
		for _, id := range c.rivals {
			may[id] = true
		}
		everyAnswer(open(before.Causes), nil, func(told []diag.Answer) {
			after := Explain(c.told(told...), nil)
			if len(after.Causes) == 0 {
				t.Errorf("%s: after %v the fault has no name", c.name, told)
			}
			for _, cause := range after.Causes {
				if !may[cause.ID] {
					t.Errorf("%s: %v made it %s", c.name, told, cause.ID)
				}
			}
			if after.Settled && !before.Settled {
				t.Errorf("%s: %v settled it", c.name, told)
			}
			looks(t, after)
		})
	}
}

// TestAWordAloneNamesNothing: a healthy PC stays healthy whatever is said, and
// what the SSH session disproves is not named because a light is off.
func TestAWordAloneNamesNothing(t *testing.T) {
	afar := healthyPC()
	routerSilent(afar)
	afar.link.Session = &link.Session{Client: "198.51.100.9", Server: "192.168.1.50", Index: 2, Gateway: router, OnLink: diag.No, OwnAddress: diag.Yes}
	for _, p := range []*pc{healthyPC(), afar} {
		want := ids(Explain(p.facts(), nil).Causes)
		for _, said := range []diag.Tri{diag.Yes, diag.No} {
			for _, id := range QuestionIDs() {
				f := witness.With(p.facts(), []diag.Answer{{Question: id, Said: said}})
				if got := ids(Explain(f, nil).Causes); !slices.Equal(got, want) {
					t.Errorf("%s=%v made it %v, want %v", id, said, got, want)
				}
			}
		}
	}
}

// everyAnswer visits every way to answer these questions, or not to.
func everyAnswer(ids []string, told []diag.Answer, visit func([]diag.Answer)) {
	if len(ids) == 0 {
		visit(told)
		return
	}
	everyAnswer(ids[1:], told, visit)
	for _, said := range []diag.Tri{diag.Yes, diag.No, diag.Maybe} {
		everyAnswer(ids[1:], append(slices.Clone(told), diag.Answer{Question: ids[0], Said: said}), visit)
	}
}

var english = sync.OnceValue(func() *text.Printer { return text.New("en") })

// open are the questions of a diagnosis.
func open(causes []diag.Cause) []string {
	var out []string
	for _, c := range causes {
		for _, q := range c.Questions {
			if !slices.Contains(out, q.ID) {
				out = append(out, q.ID)
			}
		}
	}
	return out
}

// looks is what a person sees of a diagnosis, answers and questions apart.
func looks(t *testing.T, d diag.Diagnosis) string {
	t.Helper()
	p := english()
	var b strings.Builder
	for _, c := range d.Causes {
		next := p.T(c.Message("next"))
		if strings.Contains(next, "<no value>") || strings.HasPrefix(next, "[") {
			t.Errorf("%s advises %q", c.ID, next)
		}
		b.WriteString(c.ID + " " + strings.Repeat("*", int(100*c.Confidence)) + " " + next + "\n")
		for _, e := range c.Evidence {
			if strings.HasPrefix(p.T(e.What), "[") {
				t.Errorf("%s: evidence without words: %s", c.ID, e.What.Key)
			}
		}
		if len(c.Questions) > mostQuestions {
			t.Errorf("%s asks %d questions", c.ID, len(c.Questions))
		}
	}
	return b.String()
}
