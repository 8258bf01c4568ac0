package wizard

import (
	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// undoAsk asks whether a fix shall be taken back. Its default is No. force is
// set when the target changed since and the person has seen the difference.
type undoAsk struct {
	from  screen
	tx    fixes.Tx
	force bool
}

func (s undoAsk) show(w *Wizard) Page {
	p := Page{ID: "undo", Title: text.M("ui.undo.title"), Lead: []Para{
		say(Plain, fixTitle(s.tx.Fix)), para(Dim, "ui.tx.line", "Tx", s.tx.ID, "At", s.tx.At), para(Dim, "ui.back."+string(s.tx.Undo))}}
	no := choice(ChoiceBack, "n")
	no.Label, no.Default = text.M("ui.choice.no"), true
	p.Choices = []Choice{deliberate("yes", "y"), no}
	return p
}

func (s undoAsk) choose(w *Wizard, id string) []Effect {
	if id != "yes" {
		w.at = s.from
		return nil
	}
	if s.tx.State == fixes.Applied {
		return w.startTakingBack(s.tx)
	}
	w.at = working{id: "undoing", title: fixTitle(s.tx.Fix), what: text.M("ui.undoing"), since: w.clock()}
	return []Effect{w.undo(s.tx, s.force)}
}

// undonePage is what became of taking a fix back.
type undonePage struct {
	msg    UndoneMsg
	before diag.Assessment
}

// undone ends taking something back.
func (w *Wizard) undone(msg UndoneMsg) []Effect {
	w.ledger.put(msg.Tx)
	if w.leaving && msg.Err == nil {
		w.over = true
		return nil
	}
	w.leaving, w.tried = false, w.tried || msg.Err != nil
	s := undonePage{msg: msg, before: w.now}
	w.each(func(screen) screen { return s }, isWorking)
	return w.again(msg.After)
}

func (s undonePage) show(w *Wizard) Page {
	p := Page{ID: "undone", Title: fixTitle(s.msg.Tx.Fix)}
	if d := drift(s.msg.Err); d != nil {
		p.Lead = []Para{para(Caution, "ui.undo.drift", "Target", d.Target), para(Plain, "ui.undo.drift_next")}
		p.Detail = append([]Para{para(Heading, "ui.undo.drift_diff")}, diffLines(d.Diff)...)
		p.Choices = []Choice{deliberate("force", "o"), standard("next", "n")}
		return p
	}
	p.Choices = []Choice{standard("next", "n")}
	if s.msg.Err != nil {
		p.Lead = append([]Para{para(Bad, "ui.undo.failed")}, why(s.msg.Err)...)
		if s.msg.Tx.State == fixes.Stuck {
			p.Lead = append(p.Lead, w.stuckHelp()...)
		}
		return p
	}
	p.Lead = []Para{para(Good, "ui.undo.done")}
	if s.msg.After != nil {
		p.Detail = w.compared(s.before, s.msg.After.Assessment)
	}
	return p
}

func (s undonePage) choose(w *Wizard, id string) []Effect {
	if id == "force" {
		w.at = undoAsk{from: s, tx: s.msg.Tx, force: true}
		return nil
	}
	w.at = w.home()
	return nil
}
