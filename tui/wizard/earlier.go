package wizard

import (
	"strconv"

	"deskside/diag/text"
	"deskside/fixes"
)

// earlier shows what an earlier session left open: applied and not decided,
// or begun and not finished.
type earlier struct{}

func (earlier) show(w *Wizard) Page {
	p := Page{ID: "earlier", Title: text.M("ui.earlier.title"), Lead: []Para{para(Plain, "ui.earlier.lead")}}
	torn := false
	for _, tx := range w.ledger.open() {
		p.Detail = append(p.Detail, say(Caution, fixTitle(tx.Fix)), para(Plain, "ui.state."+string(tx.State)),
			para(Dim, "ui.tx.line", "Tx", tx.ID, "At", tx.At))
		torn = torn || tx.State != fixes.Applied
	}
	if torn {
		p.Detail = append(p.Detail, w.stuckHelp()...)
	}
	p.Choices = append(w.undoChoices(w.ledger.open()), standard(ChoiceBack, "b"))
	return p
}

func (earlier) choose(w *Wizard, id string) []Effect {
	if id == ChoiceBack {
		w.at = opening{}
		return nil
	}
	return w.chooseUndo(id, earlier{})
}

const (
	undoPrefix = "undo:"
	keepPrefix = "keep:"
)

// undoChoices offers to take each applied transaction back; it asks before it
// does. They come first on their page: their keys are their places.
func (w *Wizard) undoChoices(txs []fixes.Tx) []Choice {
	var out []Choice
	for _, tx := range txs {
		if tx.State != fixes.Confirmed && tx.State != fixes.Applied || len(out) > 7 {
			continue
		}
		out = append(out, Choice{ID: undoPrefix + tx.ID, Key: strconv.Itoa(len(out) + 1),
			Label: text.M("ui.choice.undo", "Fix", fixTitle(tx.Fix))})
		if tx.State == fixes.Applied {
			out = append(out, Choice{ID: keepPrefix + tx.ID, Key: strconv.Itoa(len(out) + 1), Consent: true,
				Label: text.M("ui.choice.keep_tx", "Fix", fixTitle(tx.Fix))})
		}
	}
	return out
}

func (w *Wizard) chooseUndo(id string, from screen) []Effect {
	for _, tx := range w.ledger.txs {
		switch id {
		case undoPrefix + tx.ID:
			w.at = undoAsk{from: from, tx: tx}
			return nil
		case keepPrefix + tx.ID:
			return w.startKeeping(tx)
		}
	}
	return nil
}
