package wizard

import (
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// causePage offers one root cause: the sentence to say, what to do, and the
// fix if there is one. What it explains stands under it, not beside it.
type causePage struct{ n int }

func (w *Wizard) cause(n int) screen {
	w.causeRead = true
	return causePage{n}
}

func (s causePage) show(w *Wizard) Page {
	causes := w.causes()
	if s.n >= len(causes) { // a second look took it away
		return looking{}.show(w)
	}
	c := causes[s.n]
	p := Page{ID: "cause", Title: text.M("ui.cause.title"), Lead: []Para{
		say(roleOf(c.Severity), c.Message("title")),
		say(Say, c.Message("say")),
		say(Next, c.Message("next")),
		say(Dim, confidence(c.Confidence)),
	}}
	if len(causes) > 1 {
		p.Lead = append([]Para{severalLine(c, s.n, len(causes))}, p.Lead...)
	}
	p.Lead = append(p.Lead, toldLines(c)...)
	p.Detail = append(w.fixLines(c), w.symptomLines(c)...)
	p.Busy = w.offering()
	p.Lead = append(p.Lead, w.goneLines(c)...)
	p.Choices = append(w.fixChoices(c), w.watchChoices(c)...)
	// While it is not known whether there is a fix, Enter has no choice: the
	// cursor must not jump from one to another under the finger.
	next := standard("next", "n")
	next.Default = len(p.Choices) == 0 && !w.offersDue
	p.Choices = slices.Concat(p.Choices, w.askChoices(c), []Choice{next, choice("evidence", "e"), choice(ChoiceBack, "b"), choice("summary", "s")})
	return p
}

func (s causePage) choose(w *Wizard, id string) []Effect {
	causes := w.causes()
	switch {
	case s.n >= len(causes):
		return looking{}.choose(w, id)
	case id == "next" && s.n+1 < len(causes):
		w.at = w.cause(s.n + 1)
	case id == "next":
		w.at = w.step(0)
	case id == ChoiceBack && s.n > 0:
		w.at = w.cause(s.n - 1)
	case id == ChoiceBack:
		w.at = looking{}
	case id == "ask":
		w.at = question{from: s, about: causes[s.n].ID, Question: causes[s.n].Questions[0]}
	case id == "unsay":
		return w.unsay(causes[s.n].ID)
	case id == "watch":
		return w.watch()
	case id == "evidence":
		w.at = evidence{from: s, cause: causes[s.n].ID}
	case id == "summary":
		w.at = summary{from: s}
	default:
		return w.chooseFix(id)
	}
	return nil
}

// symptomLines are the findings that this cause explains, without one that
// only says the same as its title.
func (w *Wizard) symptomLines(c diag.Cause) []Para {
	var out []Para
	title := english().T(c.Message("title"))
	for _, r := range w.now.Checks {
		for _, f := range r.Findings {
			if strings.TrimSuffix(english().T(f.Message()), ".") == title {
				continue
			}
			if contains(c.Explains, f.Code) && (f.Status == diag.Fail || f.Status == diag.Warn) {
				out = append(out, say(roleOf(f.Status), f.Message()))
			}
		}
	}
	if out == nil {
		return nil
	}
	return append([]Para{para(Heading, "ui.cause.explains")}, out...)
}

// offersFor returns the fixes for a cause.
func (w *Wizard) offersFor(cause string) []fixes.Offer {
	var out []fixes.Offer
	for _, o := range w.offers {
		if o.Cause == cause {
			out = append(out, o)
		}
	}
	return out
}

// fixKeys are the keys of a cause's fixes, best first. More than four ways to
// repair one thing would be a choice nobody can make on a phone.
var fixKeys = []string{"f", "g", "j", "k"}

const fixPrefix = "fix:"

// fixChoices offers to preview the fixes for these causes. Previewing changes
// nothing, so the first one may be the default.
func (w *Wizard) fixChoices(causes ...diag.Cause) []Choice {
	var out []Choice
	for _, c := range causes {
		for _, o := range w.offersFor(c.ID) {
			if o.Refusal == nil && len(out) < len(fixKeys) {
				out = append(out, Choice{ID: fixPrefix + o.Fix.ID, Key: fixKeys[len(out)], Default: len(out) == 0,
					Label: text.M("ui.choice.fix", "Fix", fixTitle(o.Fix.ID))})
			}
		}
	}
	return out
}

// fixLines says which fixes there are, and why one is not offered here.
func (w *Wizard) fixLines(c diag.Cause) []Para {
	var out []Para
	for _, o := range w.offersFor(c.ID) {
		if o.Refusal == nil {
			out = append(out, para(Plain, "ui.fix.offered", "Fix", fixTitle(o.Fix.ID)))
			continue
		}
		if o.Refusal.Gone { // said above
			continue
		}
		out = append(out, para(Caution, "ui.fix.refused", "Fix", fixTitle(o.Fix.ID), "Why", o.Refusal.Why))
		out = append(out, byHand(o.Refusal.ByHand)...)
	}
	return out
}

// chooseFix opens the preview of the fix that a choice names.
func (w *Wizard) chooseFix(id string) []Effect {
	for _, o := range w.offers {
		if fixPrefix+o.Fix.ID == id && o.Refusal == nil {
			return w.preview(o)
		}
	}
	return nil
}
