package wizard

import (
	"context"
	"errors"
	"time"

	"deskside/diag/text"
	"deskside/fixes"
)

// plan previews a fix: exactly what would change, what it risks, whether it
// can be taken back. Nothing has been changed yet.
type plan struct {
	from  screen
	offer fixes.Offer
	since time.Time
	done  *Planned // nil while the machine is being read
}

func isPlan(s screen) bool { _, ok := s.(plan); return ok }

func (s plan) planned(p Planned) screen {
	if p.Fix == s.offer.Fix.ID || p.Plan.Fix == s.offer.Fix.ID {
		s.done = &p
	}
	return s
}

// preview reads the machine and plans.
func (w *Wizard) preview(o fixes.Offer) []Effect {
	if !w.decided {
		return nil
	}
	w.at = plan{from: w.at, offer: o, since: w.clock()}
	eng, facts, d := w.deps.Fixes, w.known, w.now.Diagnosis
	return []Effect{func(ctx context.Context, emit func(Event)) {
		p, err := eng.Plan(ctx, o.Fix.ID, facts, d)
		emit(Event{Planned: &Planned{Fix: o.Fix.ID, Plan: p, Err: err}})
	}}
}

func (s plan) show(w *Wizard) Page {
	id := s.offer.Fix.ID
	p := Page{ID: "plan", Title: fixTitle(id), Place: s.offer.Fix.Check, Lead: []Para{para(Plain, "fix."+id+".does")}}
	back := choice(ChoiceBack, "n")
	back.Label, back.Default = text.M("ui.choice.leave_it"), true
	switch {
	case s.done == nil:
		p.Busy = &Busy{What: text.M("ui.waiting.plan"), Since: s.since}
	case s.done.Err != nil:
		p.Lead = append(p.Lead, why(s.done.Err)...)
	default:
		plan := s.done.Plan
		var harmless []Para // said again where it is decided; here the lines themselves go first
		for _, risk := range risks(plan) {
			if risk.Role == Dim {
				harmless = append(harmless, risk)
				continue
			}
			p.Lead = append(p.Lead, risk)
		}
		p.Lead = append(p.Lead, para(Dim, "ui.plan.nothing_yet"))
		if len(plan.Diff) > 0 {
			p.Detail = append(p.Detail, para(Heading, "ui.plan.diff"))
			p.Detail = append(p.Detail, diffLines(plan.Diff)...)
		}
		p.Detail = append(p.Detail, para(Heading, "ui.plan.steps"))
		for _, step := range plan.Steps {
			p.Detail = append(p.Detail, say(Plain, step.Say))
		}
		p.Detail = append(p.Detail, harmless...)
		p.Detail = append(p.Detail, commands("ui.plan.byhand", plan.ByHand)...)
		p.Choices = append(p.Choices, choice("apply", "a"))
	}
	p.Choices = append(p.Choices, back)
	return p
}

func (s plan) choose(w *Wizard, id string) []Effect {
	switch id {
	case ChoiceBack:
		w.at = s.from
	case "apply":
		w.at = confirm{from: s, plan: s.done.Plan}
	}
	return nil
}

// why says why something was refused or failed, and what to do by hand. The
// engine's own errors say it themselves; those of the system are shown as
// they are.
func why(err error) []Para {
	var refusal *fixes.Refusal
	var stuck *fixes.StuckError
	var said interface{ Message() text.Message }
	switch {
	case errors.As(err, &refusal):
		return append([]Para{say(Caution, refusal.Why)}, byHand(refusal.ByHand)...)
	case errors.As(err, &stuck):
		return append([]Para{say(Bad, stuck.Message())}, byHand(stuck.ByHand)...)
	case errors.As(err, &said):
		return []Para{say(Caution, said.Message())}
	}
	return []Para{para(Bad, "ui.failed", "Why", err.Error())}
}

// confirm is the only page from which a fix is applied. Its default is No.
type confirm struct {
	from screen
	plan fixes.Plan
}

func (s confirm) show(w *Wizard) Page {
	p := Page{ID: "confirm", Title: text.M("ui.confirm.title"), Place: s.plan.Check, Lead: []Para{
		say(Plain, fixTitle(s.plan.Fix)), para(Plain, "ui.confirm.steps", "Count", len(s.plan.Steps))}}
	p.Lead = append(p.Lead, risks(s.plan)...)
	p.Lead = append(p.Lead, para(Dim, "ui.confirm.then"))
	no := choice(ChoiceBack, "n")
	no.Label, no.Default = text.M("ui.choice.no"), true
	p.Choices = []Choice{deliberate("yes", "y"), no}
	return p
}

func (s confirm) choose(w *Wizard, id string) []Effect {
	if id != "yes" {
		w.at = s.from
		return nil
	}
	w.at = working{id: "applying", title: fixTitle(s.plan.Fix), what: text.M("ui.applying.steps"),
		since: w.clock(), of: len(s.plan.Steps)}
	return []Effect{w.apply(s.plan)}
}
