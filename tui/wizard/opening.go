package wizard

import (
	"strconv"

	"deskside/diag/text"
)

// opening asks what is wrong. Nothing has been looked at, and nothing will be
// before one of the symptoms is chosen: the choice is the yes. So there is no
// default, and a bare Enter is not a yes.
type opening struct{}

func (opening) show(w *Wizard) Page {
	p := Page{ID: "opening", Title: text.M("ui.opening.title"), Lead: []Para{
		para(Plain, "ui.opening.look"),
		para(Plain, "ui.opening.contact", "Count", len(contacted(w.deps.Config.Probe))),
	}}
	if open := w.ledger.open(); len(open) > 0 {
		p.Lead = append(p.Lead, para(Caution, "ui.opening.earlier", "Count", len(open)))
	}
	if w.ledger.unreadable != nil {
		p.Lead = append(p.Lead, para(Caution, "ui.opening.unreadable", "Why", w.ledger.unreadable.Error()))
	}
	p.Lead = append(p.Lead, para(Heading, "ui.opening.ask"))
	for i, s := range symptoms {
		p.Choices = append(p.Choices, Choice{ID: s.id, Key: strconv.Itoa(i + 1), Label: s.message("label")})
	}
	p.Choices = append(p.Choices, choice("contacts", "c"))
	if len(w.ledger.open()) > 0 {
		p.Choices = append(p.Choices, choice("earlier", "e"))
	}
	return p
}

func (opening) choose(w *Wizard, id string) []Effect {
	switch id {
	case "contacts":
		w.at = contacts{}
		return nil
	case "earlier":
		w.at = earlier{}
		return nil
	}
	if id == targetSymptom {
		w.at = naming{}
		return nil
	}
	s, ok := symptomOf(id)
	if !ok {
		return nil
	}
	w.symptom = s
	w.at = looking{}
	if w.running || w.result != nil {
		return nil // another order of the same answers; "run again" looks again
	}
	return w.start()
}
