package cause

import (
	"cmp"
	"math"
	"slices"

	"deskside/diag"
	"deskside/diag/text"
)

// mostQuestions bounds what is asked about one cause: a nervous caller answers
// three questions, not ten.
const mostQuestions = 3

// told: a person answered a question so; No when they said the opposite, Maybe
// when they could not tell or were not asked.
func told(question string, said diag.Tri) Clue {
	return func(s *scene) diag.Tri {
		if a, ok := s.answer(question); ok && a.Said != diag.Maybe {
			return diag.TriOf(a.Said == said)
		}
		return diag.Maybe
	}
}

func (s *scene) answer(question string) (diag.Answer, bool) {
	i := slices.IndexFunc(s.witness.Answers, func(a diag.Answer) bool { return a.Question == question })
	if i < 0 {
		return diag.Answer{}, false
	}
	return s.witness.Answers[i], true
}

// saying is an answer that bears on a cause.
type saying struct {
	diag.Answer
	Word
}

// sayings returns what a person's yes and no say about a cause, in the order of
// the catalogue.
func (s *scene) sayings(cause string) []saying {
	var out []saying
	for _, q := range questions {
		a, answered := s.answer(q.ID)
		b, bears := q.on(cause)
		if !answered || a.Said == diag.Maybe || !bears || !q.makesSense(s) {
			continue
		}
		out = append(out, saying{a, map[diag.Tri]Word{diag.Yes: b.Yes, diag.No: b.No}[a.Said]})
	}
	return out
}

// withWord adds the person's word to what was measured. It names nothing that
// was not worth naming without it; it can weaken what was, but not silence it
// (see undoubted for the one exception).
func (s *scene) withWord(cause string, measured float64) float64 {
	if measured < minimum {
		return measured
	}
	sum := measured
	for _, h := range s.sayings(cause) {
		sum += h.Weight
	}
	return math.Max(minimum, sum)
}

// ask gives a cause the person's answers as evidence, the advice that follows
// from the weightiest of them (of two that weigh the same, from the one that
// speaks for the cause), and the questions that are still open.
func (s *scene) ask(c *diag.Cause, list []candidate) {
	heaviest := Word{}
	for _, h := range s.sayings(c.ID) {
		c.Evidence = append(c.Evidence, s.seen(h.AtMS, diag.ByAnswer, "evidence.told."+h.Question+"_"+h.Said.String()))
		if h.Next != "" && (c.Advice.IsZero() || h.outweighs(heaviest)) {
			heaviest, c.Advice = h.Word, text.Message{Key: "advice." + h.Next, Args: c.Args}
		}
		if h.Say != "" {
			c.Saying = text.Message{Key: "saying." + h.Say, Args: c.Args}
		}
	}
	c.Questions = s.open(c.ID, list)
}

func (w Word) outweighs(o Word) bool {
	return cmp.Or(cmp.Compare(math.Abs(w.Weight), math.Abs(o.Weight)), cmp.Compare(w.Weight, o.Weight)) > 0
}

// open are the questions about a cause that were not put yet and make sense
// here, those first that tell the most.
func (s *scene) open(cause string, list []candidate) []diag.Question {
	var out []diag.Question
	worth := map[string]float64{}
	for _, q := range questions {
		b, bears := q.on(cause)
		if _, answered := s.answer(q.ID); answered || !bears || !q.makesSense(s) {
			continue
		}
		splits := []string{cause}
		worth[q.ID] = math.Abs(b.pull())
		for _, c := range list {
			if o, ok := q.on(c.rule.ID); ok && c.rule.ID != cause {
				splits = append(splits, c.rule.ID)
				worth[q.ID] += math.Abs(b.pull() - o.pull())
			}
		}
		out = append(out, diag.Question{ID: q.ID, Splits: splits})
	}
	slices.SortStableFunc(out, func(a, b diag.Question) int { return cmp.Compare(worth[b.ID], worth[a.ID]) })
	return out[:min(len(out), mostQuestions)]
}

func (q Question) on(cause string) (Bearing, bool) {
	i := slices.IndexFunc(q.Bears, func(b Bearing) bool { return b.On == cause })
	if i < 0 {
		return Bearing{}, false
	}
	return q.Bears[i], true
}

func (q Question) makesSense(s *scene) bool { return q.Sense == nil || q.Sense(s) == diag.Yes }

// pull is how much more a yes speaks for the cause than a no, in log-odds.
func (b Bearing) pull() float64 { return b.Yes.Weight - b.No.Weight }

// OfTarget reports that an answer is about the thing that was named.
func OfTarget(question string) bool {
	return slices.ContainsFunc(questions, func(q Question) bool { return q.ID == question && q.Target })
}

// QuestionIDs returns every question that can be answered, in order.
func QuestionIDs() []string {
	var ids []string
	for _, q := range questions {
		ids = append(ids, q.ID)
	}
	return ids
}
