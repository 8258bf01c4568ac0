package wizard

import (
	"slices"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/cause"
	"deskside/diag/text"
	"deskside/diag/witness"
)

// question puts to the person what only their eyes can tell. It stands over
// the cause it is about; going back is no answer.
type question struct {
	from  causePage
	about string // the cause
	diag.Question
}

func (s question) under() screen           { return s.from }
func (s question) onto(from screen) screen { s.from = from.(causePage); return s }

// askChoices offers the best open question about a cause, and to take the last
// answer back. Both need the facts, which are complete when the look is over.
func (w *Wizard) askChoices(c diag.Cause) []Choice {
	if w.result == nil || w.running {
		return nil
	}
	var out []Choice
	if len(c.Questions) > 0 {
		out = append(out, choice("ask", "a"))
	}
	if len(w.answers) > 0 {
		out = append(out, choice("unsay", "x"))
	}
	return out
}

func (s question) show(w *Wizard) Page {
	p := Page{ID: "question", Title: text.M("ui.question.title"),
		Lead: []Para{say(Ask, s.Message("ask")), say(Plain, s.Message("where"))}}
	if titles := w.titles(s.Splits); len(titles) > 1 {
		p.Detail = append([]Para{para(Heading, "ui.question.splits")}, titles...)
	} else {
		p.Detail = []Para{para(Dim, "ui.question.decides")}
	}
	p.Detail = append(p.Detail, para(Dim, "ui.question.kept"))
	p.Choices = []Choice{choice("told_yes", "y"), choice("told_no", "n"), choice("told_unsure", "u"), choice(ChoiceBack, "b")}
	return p
}

// titles are the causes with these IDs, as a list.
func (w *Wizard) titles(ids []string) []Para {
	var out []Para
	for _, c := range w.causes() {
		if contains(ids, c.ID) {
			out = append(out, say(Plain, c.Message("title")))
		}
	}
	return out
}

func (s question) choose(w *Wizard, id string) []Effect {
	said := map[string]diag.Tri{"told_yes": diag.Yes, "told_no": diag.No, "told_unsure": diag.Maybe}
	answer, answered := said[id]
	if !answered {
		w.at = s.from
		return nil
	}
	at := diag.MS(w.clock().Sub(w.since))
	w.answers = append(slices.Clone(w.answers), diag.Answer{Question: s.ID, Said: answer, AtMS: at})
	return w.weigh(s.about)
}

// unsay takes the last answer back: a key is pressed wrongly, or the caller
// looks again.
func (w *Wizard) unsay(about string) []Effect {
	w.answers = slices.Clone(w.answers[:len(w.answers)-1])
	return w.weigh(about)
}

// aimAt is what the person says does not work. What they saw of another thing
// says nothing about this one.
func (w *Wizard) aimAt(target string) {
	if target != w.target {
		w.answers = slices.DeleteFunc(slices.Clone(w.answers), func(a diag.Answer) bool { return cause.OfTarget(a.Question) })
	}
	w.target = target
}

// weigh judges the facts of this look again, with the answers as they are now,
// and shows the cause that was asked about, or the first one where the answer
// put another in its place.
func (w *Wizard) weigh(about string) []Effect {
	before := w.now.Diagnosis.Causes
	res := w.heard(*w.result)
	w.result, w.now = &res, res.Assessment
	after := w.now.Diagnosis.Causes
	w.renamed(before, after)
	n := max(0, slices.IndexFunc(after, func(c diag.Cause) bool { return c.ID == about }))
	if len(after) > 0 && before[0].ID != after[0].ID {
		n = 0
	}
	w.at = w.cause(n)
	if sameCauses(before, after) {
		return nil
	}
	return w.lookForFixes()
}

// heard is a look with the answers of this conversation, no more and no less.
func (w *Wizard) heard(r diag.Result) diag.Result {
	if !slices.Equal(witness.Section.Of(r.Facts).Answers, w.answers) {
		r.Facts = witness.Section.In(r.Facts, witness.Facts{Answers: w.answers})
		r.Assessment = catalog.Explain(r.Facts)
	}
	return r
}

// renamed keeps the list of what was wrong true: what an answer took off it
// was never wrong, and has not gone away either.
func (w *Wizard) renamed(before, after []diag.Cause) {
	w.wrong = slices.DeleteFunc(slices.Clone(w.wrong), func(c diag.Cause) bool { return named(before, c.ID) && !named(after, c.ID) })
	for _, c := range after {
		if !named(w.wrong, c.ID) {
			w.wrong = append(w.wrong, c)
		}
	}
}

func sameCauses(a, b []diag.Cause) bool {
	return slices.EqualFunc(a, b, func(x, y diag.Cause) bool { return x.ID == y.ID })
}

// toldLines are what the person said about a cause.
func toldLines(c diag.Cause) []Para {
	var out []Para
	for _, e := range c.Evidence {
		if e.Source == diag.ByAnswer {
			out = append(out, say(Dim, e.What))
		}
	}
	return out
}

// severalLine says how the causes of a diagnosis stand to each other.
func severalLine(c diag.Cause, n, count int) Para {
	key := "ui.cause.several"
	if len(c.Rivals) > 0 {
		key = "ui.cause.rivals"
		if slices.ContainsFunc(c.Questions, func(q diag.Question) bool { return len(q.Splits) > 1 }) {
			key = "ui.cause.rivals_ask"
		}
	}
	return para(Dim, key, "N", n+1, "Count", count)
}

// otherwise says how a cause stands to the first one: beside it, or instead.
func otherwise(c, first diag.Cause) string {
	if contains(c.Rivals, first.ID) {
		return "ui.verdict.or"
	}
	return "ui.verdict.also"
}
