package wizard

import "deskside/diag/text"

// quit asks before something could be lost. While a fix runs it only says
// that leaving has to wait; when the fix is over the question becomes real.
type quit struct{ from screen }

func (s quit) under() screen           { return s.from }
func (s quit) onto(from screen) screen { s.from = from; return s }

// askToLeave is what a wish to leave does, wherever it comes from.
func (w *Wizard) askToLeave() []Effect {
	undecided := w.hands.undecided() != nil
	switch at := w.at.(type) {
	case quit: // asked twice: meant
		if !undecided && !w.locked() {
			w.over = true
		}
		return nil
	case opening, summary, contacts:
		if !undecided {
			w.over = true
			return nil
		}
	case help:
		w.at = at.from
		return w.askToLeave()
	}
	w.at = quit{from: w.at}
	return nil
}

func (s quit) show(w *Wizard) Page {
	p := Page{ID: "quit", Title: text.M("ui.quit.title")}
	stay := choice(ChoiceBack, "n")
	stay.Label, stay.Default = text.M("ui.choice.stay"), true
	switch tx := w.hands.undecided(); {
	case w.locked():
		under := base(s.from).show(w)
		p.Locked, p.Busy = true, under.Busy
		p.Lead = []Para{para(Caution, "ui.quit.locked")}
		p.Choices = []Choice{stay}
	case tx != nil:
		p.Lead = []Para{para(Caution, "ui.quit.undecided", "Fix", fixTitle(tx.Fix)), para(Plain, "ui.quit.silence")}
		p.Choices = []Choice{deliberate("keep_leave", "k"), deliberate("takeback_leave", "t"), stay}
		if w.tried {
			p.Lead = append(p.Lead, para(Caution, "ui.quit.tried"), w.command("status"))
			p.Choices = append(p.Choices, choice("leave", "y"))
		}
	case isDeepening(base(s.from)):
		p.Lead = []Para{para(Plain, "ui.quit.deepening")}
		p.Choices = []Choice{choice("leave", "y"), stay}
	default:
		p.Lead = []Para{para(Plain, "ui.quit.ask")}
		p.Choices = []Choice{choice("leave", "y"), stay}
	}
	return p
}

func (s quit) choose(w *Wizard, id string) []Effect {
	switch id {
	case "leave":
		w.over = true
	case "keep_leave":
		w.leaving = true
		return w.startKeeping(*w.hands.undecided())
	case "takeback_leave":
		w.leaving = true
		return w.startTakingBack(*w.hands.undecided())
	default:
		w.at = s.from
	}
	return nil
}
