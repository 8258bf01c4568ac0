package wizard

import (
	"deskside/diag"
)

// stepPage is one check: the verdict in a sentence, what it means, what was
// found and what could not be seen.
type stepPage struct{ n int }

func (w *Wizard) step(n int) screen { return stepPage{n} }

func (s stepPage) show(w *Wizard) Page {
	order := w.order()
	id := order[s.n]
	p := Page{ID: "step", Title: checkTitle(id), Place: id, Step: s.n + 1, Of: len(order) + 1}
	c, ok := w.check(id)
	if !ok || w.pending[id] {
		p.Busy = &Busy{What: waitingFor(id), Since: w.since}
		p.Lead = append(p.Lead, para(Dim, "ui.step.looking"))
	} else if c.Status == diag.OK && w.cutShort(c) {
		p.Lead = append(p.Lead, para(Skip, "ui.step.partly"))
	} else {
		p.Lead = append(p.Lead, say(roleOf(c.Status), c.Summary), say(Plain, means(c)))
	}
	behind := w.behind(c)
	for _, cause := range behind {
		p.Lead = append(p.Lead, para(Plain, "ui.step.because", "Cause", cause.Message("title")))
	}
	p.Detail = append(foundLines(c), unseen(c.Unseen)...)
	p.Choices = append(p.Choices, standard("next", "n"), choice(ChoiceBack, "b"), choice("evidence", "e"))
	if len(w.causes()) > 0 {
		p.Choices = append(p.Choices, choice("cause", "c"))
	}
	if id == deepCheck && w.deepens() {
		p.Choices = append(p.Choices, choice("deepen", "d"))
	}
	for _, fix := range w.fixChoices(behind...) {
		fix.Default = false
		p.Choices = append(p.Choices, fix)
	}
	p.Choices = append(p.Choices, choice("summary", "s"))
	return p
}

func (s stepPage) choose(w *Wizard, id string) []Effect {
	switch id {
	case "next":
		switch {
		case len(w.causes()) > 0 && !w.causeRead:
			w.at = w.cause(0) // the root cause goes before the rest of the steps
		case s.n+1 < len(w.order()):
			w.at = w.step(s.n + 1)
		default:
			w.at = summary{}
		}
	case ChoiceBack:
		switch {
		case s.n > 0:
			w.at = w.step(s.n - 1)
		case len(w.causes()) > 0:
			w.at = w.cause(len(w.causes()) - 1)
		default:
			w.at = looking{}
		}
	case "evidence":
		w.at = evidence{from: s, check: w.order()[s.n]}
	case "cause":
		w.at = w.cause(0)
	case "deepen":
		return w.askDeep()
	case "summary":
		w.at = summary{from: s}
	default:
		return w.chooseFix(id)
	}
	return nil
}

// foundLines are the findings of a check, without what was not needed.
func foundLines(c diag.CheckResult) []Para {
	var out []Para
	findings := worstFirst(c.Findings)
	if c.ID == "target" { // a ladder: what works stands before what fails behind it
		findings = c.Findings
	}
	for _, f := range findings {
		if f.Status != diag.Skipped {
			out = append(out, say(roleOf(f.Status), f.Message()))
		}
	}
	if out == nil {
		return nil
	}
	return append([]Para{para(Heading, "ui.step.findings")}, out...)
}

// worstFirst keeps the order of findings that are equally bad. What is wrong
// stands first because a small window shows only the first lines.
func worstFirst(findings []diag.Finding) []diag.Finding {
	var out []diag.Finding
	for _, status := range []diag.Status{diag.Fail, diag.Warn, diag.Unknown, diag.OK, diag.Skipped} {
		for _, f := range findings {
			if f.Status == status {
				out = append(out, f)
			}
		}
	}
	return out
}

// behind returns the root causes that explain something this check found.
func (w *Wizard) behind(c diag.CheckResult) []diag.Cause {
	var out []diag.Cause
	for _, cause := range w.causes() {
		for _, f := range c.Findings {
			if (f.Status == diag.Fail || f.Status == diag.Warn) && contains(cause.Explains, f.Code) {
				out = append(out, cause)
				break
			}
		}
	}
	return out
}

// unseen says what could not be looked at, why, and what would unlock it.
func unseen(list []diag.Unseen) []Para {
	if len(list) == 0 {
		return nil
	}
	out := []Para{para(Heading, "ui.step.unseen")}
	for _, u := range list {
		out = append(out, para(NotKnown, "ui.step.unseen_line", "What", u.What, "Why", u.Why))
		// Where nothing can be done the catalogue has no such sentence.
		if !u.Unlock.IsZero() && english().Has(u.Unlock.Key) {
			out = append(out, say(Next, u.Unlock))
		}
	}
	return out
}
