package wizard

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/diag/text"
)

// deepCheck is the check that only a longer look makes.
const deepCheck = "path"

// deepens: a longer look may find what this one did not. Who says that the PC
// is slow is offered it as soon as the first answer is there; everybody else
// when nothing wrong was found. One without the transfer may be followed by one
// with it.
func (w *Wizard) deepens() bool {
	switch {
	case !w.decided || w.asked.Deep && !w.asked.NoLoad || !contains(w.checks, deepCheck):
		return false
	case w.symptom.id == "slow":
		return !w.now.Diagnosis.Settled
	}
	return !w.running && len(w.causes()) == 0 && (w.now.Status == diag.OK || w.now.Status == diag.Unknown)
}

// deepAsk says what a longer look does and sends, and asks for it. Whether the
// connection costs by volume is found out meanwhile; the transfer is offered
// when that is known not to speak against it.
type deepAsk struct {
	from    screen
	since   time.Time
	metered *diag.Tri // nil until it was asked
}

func (s deepAsk) under() screen           { return s.from }
func (s deepAsk) onto(from screen) screen { s.from = from; return s }

func isDeepAsk(s screen) bool { _, ok := s.(deepAsk); return ok }

// askDeep opens the question. What is asked of this PC sends nothing.
func (w *Wizard) askDeep() []Effect {
	w.at = deepAsk{from: w.at, since: w.clock()}
	ask := w.deps.Metered
	return []Effect{func(ctx context.Context, emit func(Event)) {
		answer := diag.Maybe
		if ask != nil {
			answer = ask(ctx)
		}
		emit(Event{Metered: &answer})
	}}
}

func (s deepAsk) show(w *Wizard) Page {
	p := Page{ID: "deepen", Title: text.M("ui.deepen.title"), Lead: []Para{para(Plain, "ui.deepen.what")}}
	load := len(w.deps.Config.Probe.Web) > 0
	switch {
	case !load:
		p.Lead = append(p.Lead, para(Dim, "ui.deepen.nowhere"))
	case s.metered == nil:
		load = false
		p.Busy = &Busy{What: text.M("ui.waiting.metered"), Since: s.since}
	case *s.metered == diag.Yes:
		load = false
		p.Lead = append(p.Lead, para(Caution, "ui.deepen.metered"))
	case *s.metered == diag.Maybe:
		p.Lead = append(p.Lead, para(Dim, "ui.deepen.unsure"))
	}
	p.Detail = w.deepContacts(load)
	if load {
		p.Choices = append(p.Choices, deliberate("deepen_whole", "y"))
	}
	no := choice(ChoiceBack, "n")
	no.Label = text.M("ui.choice.not_now")
	p.Choices = append(p.Choices, standard("deepen_light", "w"), no)
	return p
}

// deepContacts is what is sent, and to whom.
func (w *Wizard) deepContacts(load bool) []Para {
	probe := w.deps.Config.Probe
	var web []string
	for _, page := range probe.Web {
		web = append(web, page.URL)
	}
	out := []Para{para(Heading, "ui.deepen.sent")}
	if load { // the largest first: a small window shows only the first lines
		out = append(out, listed("ui.deepen.load", web)...)
	}
	out = append(out, para(Plain, "ui.deepen.hops"))
	out = append(out, listed("ui.deepen.anchors", probe.Anchors)...)
	return append(out, listed("ui.deepen.sizes", append(web[:len(web):len(web)], probe.HTTPS...))...)
}

func listed(key string, addresses []string) []Para {
	if len(addresses) == 0 {
		return nil
	}
	out := []Para{para(Plain, key)}
	for _, a := range addresses {
		out = append(out, raw(Plain, a))
	}
	return out
}

func (s deepAsk) choose(w *Wizard, id string) []Effect {
	switch id {
	case "deepen_whole":
		return w.deepen(s.from, true)
	case "deepen_light":
		return w.deepen(s.from, false)
	}
	w.at = s.from
	return nil
}
