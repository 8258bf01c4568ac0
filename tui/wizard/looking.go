package wizard

import (
	"deskside/diag"
	"deskside/diag/text"
)

// looking is the first page after the choice: what is looked at first for
// this symptom, and every check as it comes in.
type looking struct{}

func (looking) show(w *Wizard) Page {
	p := Page{ID: "symptom", Title: w.symptom.message("label"), Lead: []Para{say(Plain, w.symptom.message("first"))}}
	p.Lead = append(p.Lead, w.verdict()...)
	for _, id := range w.order() {
		p.Detail = append(p.Detail, w.checkLine(id))
	}
	if !w.told() {
		p.Busy = w.waiting()
	}
	p.Choices = append(p.Choices, standard("next", "n"))
	if w.deepens() {
		p.Lead = append(p.Lead, para(Dim, "ui.deepen.offer"))
		p.Choices = append(p.Choices, choice("deepen", "d"))
	}
	if w.calm() {
		p.Choices = append(p.Choices, choice("watch", "m"), choice("summary", "s"))
	}
	p.Choices = append(p.Choices, choice(ChoiceBack, "b"))
	if w.result != nil && !w.running {
		p.Choices = append(p.Choices, choice("again", "r"))
	}
	return p
}

func (s looking) choose(w *Wizard, id string) []Effect {
	switch id {
	case ChoiceBack:
		w.at = opening{}
	case "again":
		return w.start()
	case "deepen":
		return w.askDeep()
	case "watch":
		return w.watch()
	case "summary":
		w.at = summary{}
	case "next":
		w.at = w.step(0)
		if len(w.causes()) > 0 {
			w.at = w.cause(0)
		}
	}
	return nil
}

// calm: all has been looked at and nothing names itself, which is when trouble
// that comes and goes should be watched for.
func (w *Wizard) calm() bool {
	return w.deps.Watch != nil && w.result != nil && !w.running && len(w.causes()) == 0
}

// told: there is something final to say. A root cause is final as soon as the
// diagnosis is; that nothing is wrong can be said only when all have ended.
func (w *Wizard) told() bool { return w.decided && (len(w.causes()) > 0 || !w.running) }

// verdict is what the look came to, in one sentence; nothing while it runs.
func (w *Wizard) verdict() []Para {
	if !w.told() {
		return nil
	}
	if causes := w.causes(); len(causes) > 0 {
		return []Para{para(roleOf(causes[0].Severity), "ui.verdict.cause", "Cause", causes[0].Message("title"))}
	}
	switch w.now.Status {
	case diag.OK:
		return []Para{para(Good, "ui.verdict.ok")}
	case diag.Warn, diag.Fail:
		return []Para{para(roleOf(w.now.Status), "ui.verdict.unnamed")}
	}
	return []Para{para(NotKnown, "ui.verdict.unknown")}
}

// checkLine is one check in one line.
func (w *Wizard) checkLine(id string) Para {
	c, ok := w.check(id)
	if !ok || w.pending[id] {
		return para(Dim, "ui.check.pending", "Check", checkTitle(id), "What", waitingFor(id))
	}
	if c.Status == diag.OK && w.cutShort(c) {
		return para(Skip, "ui.check.line", "Check", checkTitle(id), "Summary", text.M("ui.step.partly"))
	}
	return para(roleOf(c.Status), "ui.check.line", "Check", checkTitle(id), "Summary", c.Summary)
}

// waiting says for which checks the look still waits.
func (w *Wizard) waiting() *Busy {
	b := &Busy{What: text.M("ui.waiting.any"), Since: w.since, Of: len(w.due())}
	first := true
	for _, id := range w.order() {
		if !w.pending[id] {
			b.Done++
			continue
		}
		if first {
			b.What, first = waitingFor(id), false
		}
	}
	return b
}
