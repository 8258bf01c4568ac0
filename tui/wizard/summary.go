package wizard

import (
	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// summary is the last step: what was wrong, what was changed and how to undo
// it, and what remains to do by hand.
type summary struct{ from screen } // where back leads; nil: to the last step

func (summary) show(w *Wizard) Page {
	n := len(w.order()) + 1
	p := Page{ID: "summary", Title: text.M("ui.summary.title"), Step: n, Of: n, Lead: w.verdict()}
	if path, _ := w.check(deepCheck); path.Summary.Key == stoppedKey {
		p.Lead = append(p.Lead, para(Skip, "ui.summary.stopped"))
	}
	if w.saved != nil && w.saved.Err != nil {
		p.Lead = append(p.Lead, para(Bad, "ui.summary.notsaved", "Why", w.saved.Err.Error()))
	} else if w.saved != nil {
		p.Lead = append(p.Lead, para(Good, "ui.summary.saved", "Path", w.saved.Path))
	}
	// What is left to do stands first: a small window shows only the first lines.
	p.Detail = append(p.Detail, w.remains()...)
	p.Detail = append(p.Detail, w.wasWrong()...)
	p.Detail = append(p.Detail, w.wasChanged()...)
	switch {
	case w.saving:
		p.Busy = &Busy{What: text.M("ui.waiting.report"), Since: w.clock()}
	case w.running && !w.told():
		p.Busy = w.waiting()
	}
	p.Choices = w.undoChoices(w.ledger.undoable())
	if w.result != nil && !w.saving && w.deps.SaveReport != nil {
		p.Choices = append(p.Choices, choice("report", "w"))
	}
	if w.deepens() {
		p.Choices = append(p.Choices, choice("deepen", "d"))
	}
	if w.result != nil && !w.running {
		p.Choices = append(p.Choices, choice("again", "r"))
		if w.deps.Watch != nil {
			p.Choices = append(p.Choices, choice("watch", "m"))
		}
	}
	p.Choices = append(p.Choices, standard(ChoiceBack, "b"))
	return p
}

func (s summary) choose(w *Wizard, id string) []Effect {
	switch id {
	case "report":
		return w.report()
	case "again":
		w.at = looking{}
		return w.start()
	case "deepen":
		return w.askDeep()
	case "watch":
		return w.watch()
	case ChoiceBack:
		if w.at = s.from; s.from == nil {
			w.at = w.step(len(w.order()) - 1)
		}
		return nil
	}
	return w.chooseUndo(id, s)
}

// Farewell is what must outlive the screen: what was found, what is left to do,
// what was changed and how to take it back. It is empty when nothing was looked at.
func (w *Wizard) Farewell() []Para {
	if !w.assessed && len(w.ledger.session()) == 0 {
		return nil
	}
	out := w.verdict()
	if causes := w.causes(); w.told() && len(causes) > 1 {
		for _, c := range causes[1:] {
			out = append(out, para(roleOf(c.Severity), otherwise(c, causes[0]), "Cause", c.Message("title")))
		}
	}
	out = append(out, w.remains()...)
	out = append(out, w.wasChanged()...)
	out = append(out, w.wasSeen()...)
	if w.saved != nil && w.saved.Err == nil {
		out = append(out, para(Plain, "ui.summary.saved", "Path", w.saved.Path))
	}
	return out
}

// wasWrong lists the root causes of this session, and which of them are gone.
// Where that is the one reason of the verdict, it is said already.
func (w *Wizard) wasWrong() []Para {
	if causes := w.causes(); w.told() && len(causes) == 1 && len(w.wrong) == 1 && w.wrong[0].ID == causes[0].ID && len(w.unexplained()) == 0 {
		return nil
	}
	out := []Para{para(Heading, "ui.summary.wrong")}
	for _, c := range w.wrong {
		if named(w.causes(), c.ID) {
			out = append(out, say(roleOf(c.Severity), c.Message("title")))
		} else {
			out = append(out, para(Good, "ui.summary.gone", "Cause", c.Message("title")))
		}
	}
	for _, r := range w.unexplained() {
		out = append(out, say(roleOf(r.Status), r.Summary))
	}
	if len(out) == 1 && w.told() {
		out = append(out, para(Plain, "ui.summary.nothing"))
	}
	return out
}

// unexplained is the checks with a finding that no root cause accounts for.
func (w *Wizard) unexplained() []diag.CheckResult {
	var out []diag.CheckResult
	for _, r := range w.now.Checks {
		for _, f := range r.Findings {
			if (f.Status == diag.Fail || f.Status == diag.Warn) && !explained(w.causes(), f.Code) {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

func explained(causes []diag.Cause, code string) bool {
	for _, c := range causes {
		if contains(c.Explains, code) {
			return true
		}
	}
	return false
}

// wasChanged lists what this session did to the machine, with the exact
// command that takes it back.
func (w *Wizard) wasChanged() []Para {
	out := []Para{para(Heading, "ui.summary.changed")}
	for _, tx := range w.ledger.session() {
		out = append(out, say(Plain, fixTitle(tx.Fix)), para(Dim, "ui.state."+string(tx.State)))
		if tx.State == fixes.Confirmed || tx.State == fixes.Applied {
			out = append(out, w.command("undo "+tx.ID))
		}
	}
	if len(out) == 1 {
		out = append(out, para(Plain, "ui.summary.unchanged"))
	}
	return out
}

// remains lists what is left for a person to do.
func (w *Wizard) remains() []Para {
	var out []Para
	for _, c := range w.causes() {
		out = append(out, say(Next, c.Message("next")))
		for _, o := range w.offersFor(c.ID) {
			if o.Refusal != nil {
				out = append(out, byHand(o.Refusal.ByHand)...)
			}
		}
	}
	if len(w.ledger.open()) > 0 {
		out = append(out, para(Next, "ui.summary.open"), w.command("status"))
	}
	if out == nil {
		return nil
	}
	return append([]Para{para(Heading, "ui.summary.remains")}, out...)
}
