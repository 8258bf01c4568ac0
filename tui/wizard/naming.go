package wizard

import (
	"errors"

	"deskside/diag/target"
	"deskside/diag/text"
)

// targetSymptom is the one symptom that needs a word from the person: which
// thing it is that does not work.
const targetSymptom = "target"

// naming asks for it. Confirming is the yes to contact it.
type naming struct{ bad text.Message } // why the last word was refused

func (n naming) show(*Wizard) Page {
	p := Page{ID: "target", Title: text.M("ui.target.title"),
		Lead:  []Para{para(Plain, "ui.target.ask"), para(Dim, "ui.target.contact")},
		Entry: &Entry{Label: text.M("ui.target.label")}, Choices: []Choice{choice(ChoiceBack, "b")}}
	if !n.bad.IsZero() {
		p.Lead = append(p.Lead, say(Caution, n.bad))
	}
	return p
}

func (naming) choose(w *Wizard, _ string) []Effect {
	w.at = opening{}
	return nil
}

// Enter is what the person typed on a page with an [Entry]. On any other page
// it does nothing.
func (w *Wizard) Enter(typed string) []Effect {
	if _, asked := w.at.(naming); !asked || w.over {
		return nil
	}
	if _, err := target.Parse(typed); err != nil {
		var why target.Refusal
		errors.As(err, &why)
		w.at = naming{bad: why.Message()}
		return nil
	}
	w.aimAt(typed)
	w.symptom, _ = symptomOf(targetSymptom)
	w.at = looking{}
	return w.start()
}

// due are the checks of a look: that of a target only where there is one, that
// of the path only where a longer look was made.
func (w *Wizard) due() []string {
	_, path := w.check(deepCheck)
	target := w.target != "" || len(w.deps.Config.Probe.Services) > 0
	var out []string
	for _, id := range w.checks {
		if (id != targetSymptom || target) && (id != deepCheck || path) {
			out = append(out, id)
		}
	}
	return out
}
