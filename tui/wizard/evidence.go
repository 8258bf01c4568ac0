package wizard

import (
	"deskside/diag"
	"deskside/diag/text"
)

// evidence shows what was seen, by which means and when: for one check, or
// for one cause.
type evidence struct {
	from         screen
	check, cause string
}

func (s evidence) under() screen           { return s.from }
func (s evidence) onto(from screen) screen { s.from = from; return s }

func (s evidence) show(w *Wizard) Page {
	p := Page{ID: "evidence", Place: s.check, Choices: []Choice{standard(ChoiceBack, "b")}}
	if s.check != "" {
		p.Title = text.M("ui.evidence.title", "What", checkTitle(s.check))
		c, _ := w.check(s.check)
		for _, f := range worstFirst(c.Findings) {
			p.Detail = append(p.Detail, say(roleOf(f.Status), f.Message()))
			p.Detail = append(p.Detail, seen(f.Evidence)...)
		}
	}
	for _, c := range w.causes() {
		if c.ID == s.cause {
			p.Title = text.M("ui.evidence.title", "What", c.Message("title"))
			p.Detail = append(p.Detail, seen(c.Evidence)...)
		}
	}
	if p.Title.IsZero() {
		p.Title = text.M("ui.evidence.none")
	}
	p.Lead = []Para{para(Dim, "ui.evidence.lead")}
	if len(p.Detail) == 0 {
		p.Lead = []Para{para(Dim, "ui.evidence.none")}
	}
	return p
}

func (s evidence) choose(w *Wizard, id string) []Effect {
	w.at = s.from
	return nil
}

func seen(list []diag.Evidence) []Para {
	var out []Para
	for _, e := range list {
		out = append(out, para(Plain, "ui.evidence.line", "What", e.What, "Source", e.Source, "At", seconds(e.AtMS)))
	}
	return out
}
