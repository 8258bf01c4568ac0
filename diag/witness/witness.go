// Package witness keeps what a person saw with their own eyes: the answers to
// the questions of package cause. They are facts like any other, gathered by
// asking instead of probing, so a saved report explains itself with them.
package witness

import (
	"slices"

	"deskside/diag"
)

// Section is this package's part of the facts. It is absent as long as nobody
// has answered anything.
var Section = diag.Section[Facts]{Name: "witness"}

// Facts are the answers in the order they were given, one for each question.
type Facts struct {
	Answers []diag.Answer `json:"answers"`
}

// Recall puts what was answered before a run among its facts. It sends
// nothing and asks nobody.
func Recall(env *diag.Env) {
	if len(env.Focus.Answers) == 0 {
		return
	}
	Section.Update(env.Facts, func(f *Facts) { f.Answers = merged(nil, env.Focus.Answers) })
}

// With returns facts that hold these answers too; f stays as it is. A later
// answer to the same question takes the place of the one before.
func With(f diag.Facts, answers []diag.Answer) diag.Facts {
	if len(answers) == 0 {
		return f
	}
	return Section.In(f, Facts{Answers: merged(Section.Of(f).Answers, answers)})
}

func merged(old, answers []diag.Answer) []diag.Answer {
	out := slices.Clone(old)
	for _, a := range answers {
		out = slices.DeleteFunc(out, func(b diag.Answer) bool { return b.Question == a.Question })
		out = append(out, a)
	}
	return out
}
