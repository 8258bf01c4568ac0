package wizard

import (
	"context"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// OffersReady carries the fixes for the diagnosis.
type OffersReady struct {
	Offers []fixes.Offer
	// Asking: there are some, and the faults they are for are being looked at
	// once more before anything is offered.
	Asking bool

	ask int // the asking they belong to, see stopAsking
}

// lookForFixes asks which fixes there are for the diagnosis, and looks once
// more at what they are for. All of that happens while the person reads. What
// was asked for the same reasons already stands.
func (w *Wizard) lookForFixes() []Effect {
	causes := w.now.Diagnosis.Causes
	if w.treated != nil && sameCauses(w.treated, causes) {
		return nil
	}
	w.stopAsking()
	if w.deps.Fixes == nil || len(causes) == 0 {
		return nil
	}
	over, stop := context.WithCancel(context.Background())
	w.treated, w.offersDue, w.quiet = causes, true, stop
	eng, run, facts, now, look, ask := w.deps.Fixes, w.deps.Run, w.known, w.now, w.look, w.asks
	second := fixes.Second{Asked: w.asked, Verdict: w.verdictAt,
		Look: func(ctx context.Context, f diag.Focus) diag.Result { return run(ctx, f, nil) }}
	return []Effect{func(ctx context.Context, emit func(Event)) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(over, cancel)()
		offers := eng.Offers(ctx, facts, now.Diagnosis)
		if fixes.Repairable(offers) {
			emit(Event{Offers: &OffersReady{Asking: true, ask: ask}, look: look})
			offers = second.Offers(ctx, now, offers)
		}
		emit(Event{Offers: &OffersReady{Offers: offers, ask: ask}, look: look})
	}}
}

// offered takes what is known about fixes.
func (w *Wizard) offered(o OffersReady) {
	switch {
	case o.ask != w.asks: // for a diagnosis that no longer counts
		return
	case o.Asking:
		w.asking = true
		return
	}
	w.offers, w.offersDue, w.asking = o.Offers, false, false
}

// stopAsking forgets the offers for a diagnosis that no longer counts, and
// ends the second look at it.
func (w *Wizard) stopAsking() {
	if w.quiet != nil {
		w.quiet()
	}
	w.asks++
	w.offers, w.treated, w.quiet, w.offersDue, w.asking = nil, nil, nil, false, false
}

// offering says what the page of a reason still waits for: its fixes, or the
// rest of the look, without which nothing can be asked about it. Nil when all
// of it is there.
func (w *Wizard) offering() *Busy {
	switch {
	case w.asking:
		return &Busy{What: text.M("ui.waiting.again"), Since: w.verdictAt}
	case w.offersDue:
		return &Busy{What: text.M("ui.waiting.fixes"), Since: w.verdictAt}
	case w.running:
		return w.waiting()
	}
	return nil
}

// goneLines say that a fault was gone on the second look, so that there is
// nothing to repair now.
func (w *Wizard) goneLines(c diag.Cause) []Para {
	for _, o := range w.offersFor(c.ID) {
		if o.Refusal == nil || !o.Refusal.Gone {
			continue
		}
		out := []Para{say(Good, o.Refusal.Why)}
		if w.deps.Watch != nil {
			out = append(out, para(Next, "ui.fix.watch"))
		}
		return out
	}
	return nil
}

// watchChoices offer to watch for a fault that comes and goes.
func (w *Wizard) watchChoices(c diag.Cause) []Choice {
	if w.deps.Watch == nil || w.goneLines(c) == nil {
		return nil
	}
	return []Choice{choice("watch", "m")}
}
