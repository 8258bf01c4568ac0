package wizard

import "deskside/diag/text"

// help lists the keys of the page it was opened from, made of the very
// choices that handle them.
type help struct{ from screen }

func (s help) under() screen           { return s.from }
func (s help) onto(from screen) screen { s.from = from; return s }

func (s help) show(w *Wizard) Page {
	below := *w
	below.at = s.from
	under := below.Page()
	p := Page{ID: "help", Title: text.M("ui.help.title"), Place: under.Place, Locked: under.Locked,
		Lead: []Para{para(Plain, "ui.help.lead")}, Choices: []Choice{standard(ChoiceBack, "b")}}
	for _, c := range under.Choices {
		key := "ui.help.line"
		if c.Default {
			key = "ui.help.enter"
		}
		p.Detail = append(p.Detail, para(Plain, key, "Key", c.Key, "Label", c.Label))
	}
	return p
}

func (s help) choose(w *Wizard, id string) []Effect {
	w.at = s.from
	return nil
}
