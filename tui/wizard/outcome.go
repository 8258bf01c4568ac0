package wizard

import (
	"errors"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// outcome is what became of a fix: it helped and waits for a decision, it did
// not help and is taken back already, or it failed and nothing is left of it.
type outcome struct {
	title  text.Message
	msg    AppliedMsg
	before diag.Assessment
}

// applied ends a fix.
func (w *Wizard) applied(msg AppliedMsg) []Effect {
	w.ledger.put(msg.Tx)
	s := outcome{title: fixTitle(msg.Tx.Fix), msg: msg, before: w.now}
	w.each(func(at screen) screen { s.title = at.(working).title; return s }, isWorking)
	if s.undecided() {
		return w.again(msg.After)
	}
	return nil // it is as it was before: the look that led here still holds
}

// undecided: the fix is in place and nobody has said keep or take back.
func (s outcome) undecided() bool { return s.msg.Err == nil && !s.msg.Back }

func (s outcome) show(w *Wizard) Page {
	p := Page{ID: "result", Title: s.title}
	switch {
	case s.msg.Back:
		p.Lead = []Para{para(Caution, "ui.result."+string(s.msg.How)), para(Good, "ui.result.back")}
	case s.msg.Err != nil && s.msg.After != nil: // it did not help, and could not be taken back
		p.Lead = append([]Para{para(Bad, "ui.result.stuck")}, why(s.msg.Err)...)
		p.Lead = append(p.Lead, w.stuckHelp()...)
	case s.msg.Err != nil && s.msg.Tx.State == fixes.Stuck:
		p.Lead = append(why(s.msg.Err), w.stuckHelp()...)
	case s.msg.Err != nil && s.msg.Tx.State == fixes.RolledBack:
		p.Lead = append([]Para{para(Bad, "ui.result.failed")}, why(s.msg.Err)...)
	case s.msg.Err != nil:
		p.Lead = append([]Para{para(Caution, "ui.result.refused")}, why(s.msg.Err)...)
	default:
		p.Lead = []Para{para(Good, "ui.result.cured")}
		for _, c := range s.msg.After.Diagnosis.Causes {
			p.Lead = append(p.Lead, para(Caution, "ui.result.left", "Cause", c.Message("title")))
		}
		p.Lead = append(p.Lead, para(Next, "ui.result.decide"))
	}
	if s.msg.After != nil {
		p.Detail = w.compared(s.before, s.msg.After.Assessment)
	}
	if s.undecided() {
		p.Choices = []Choice{deliberate("keep", "k"), deliberate("takeback", "t")}
		return p
	}
	p.Choices = []Choice{standard("next", "n"), choice("summary", "s")}
	return p
}

func (s outcome) choose(w *Wizard, id string) []Effect {
	switch id {
	case "keep":
		return w.startKeeping(s.msg.Tx)
	case "takeback":
		return w.startTakingBack(s.msg.Tx)
	case "summary":
		w.at = summary{}
	default:
		w.at = w.onward()
	}
	return nil
}

// stuckHelp is what finishes by hand what could not be taken back.
func (w *Wizard) stuckHelp() []Para {
	return []Para{para(Next, "ui.stuck.next"), w.command("recover"), w.command("status")}
}

// onward is where the conversation goes after a fix: to the next root cause
// that is left, or to the summary.
func (w *Wizard) onward() screen {
	if len(w.causes()) > 0 {
		return w.cause(0)
	}
	return w.home()
}

// home is the summary, or the opening while nothing was looked at yet: the
// first question is still open then.
func (w *Wizard) home() screen {
	if w.result == nil && !w.running {
		return opening{}
	}
	return summary{}
}

func (w *Wizard) startKeeping(tx fixes.Tx) []Effect {
	w.at = working{id: "keeping", title: fixTitle(tx.Fix), what: text.M("ui.keeping"), since: w.clock()}
	return []Effect{w.keep(tx)}
}

func (w *Wizard) startTakingBack(tx fixes.Tx) []Effect {
	w.at = working{id: "undoing", title: fixTitle(tx.Fix), what: text.M("ui.undoing"), since: w.clock()}
	return []Effect{w.takeBack(tx, w.result != nil)}
}

// keptPage says that a fix is kept, and how it can still be undone.
type keptPage struct {
	title text.Message
	msg   KeptMsg
}

func (w *Wizard) kept(msg KeptMsg) []Effect {
	w.ledger.put(msg.Tx)
	if w.leaving && msg.Err == nil {
		w.over = true
		return nil
	}
	w.leaving, w.tried = false, w.tried || msg.Err != nil
	w.each(func(at screen) screen { return keptPage{at.(working).title, msg} }, isWorking)
	return nil
}

func (s keptPage) show(w *Wizard) Page {
	p := Page{ID: "kept", Title: s.title, Choices: []Choice{standard("next", "n")}}
	if s.msg.Err != nil {
		p.Lead = append([]Para{para(Bad, "ui.kept.failed")}, why(s.msg.Err)...)
		p.Lead = append(p.Lead, w.stuckHelp()...)
		return p
	}
	p.Lead = []Para{para(Good, "ui.kept.done"), para(Plain, "ui.kept.undo"), w.command("undo " + s.msg.Tx.ID)}
	return p
}

func (keptPage) choose(w *Wizard, id string) []Effect {
	w.at = w.onward()
	return nil
}

// drift returns why an undo was refused because something changed since.
func drift(err error) *fixes.Drift {
	var d *fixes.Drift
	if errors.As(err, &d) {
		return d
	}
	return nil
}
