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
}

// lookForFixes asks which fixes there are, and looks once more at what they
// are for. All of that happens while the person reads. It needs the facts,
// which are complete only when the look is over.
func (w *Wizard) lookForFixes() []Effect {
	w.stopAsking()
	w.offers = nil
	if w.deps.Fixes == nil || len(w.now.Diagnosis.Causes) == 0 {
		return nil
	}
	over, stop := context.WithCancel(context.Background())
	w.offersDue, w.quiet = true, stop
	eng, run, first, asked, look := w.deps.Fixes, w.deps.Run, *w.result, w.asked, w.look
	return []Effect{func(ctx context.Context, emit func(Event)) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(over, cancel)()
		offers := eng.Offers(ctx, first.Facts, first.Diagnosis)
		if fixes.Repairable(offers) {
			emit(Event{Offers: &OffersReady{Asking: true}, look: look})
			again := func(ctx context.Context, f diag.Focus) diag.Result { return run(ctx, f, nil) }
			offers = fixes.Reconfirmed(ctx, again, first, asked, offers)
		}
		emit(Event{Offers: &OffersReady{Offers: offers}, look: look})
	}}
}

// offered takes what is known about fixes.
func (w *Wizard) offered(o OffersReady) {
	if o.Asking {
		w.asking = true
		return
	}
	w.offers, w.offersDue, w.asking = o.Offers, false, false
}

// stopAsking ends the second look of a diagnosis that no longer counts.
func (w *Wizard) stopAsking() {
	if w.quiet != nil {
		w.quiet()
	}
	w.quiet, w.offersDue, w.asking = nil, false, false
}

// offering says what the fixes still wait for; nil when they are known.
func (w *Wizard) offering() *Busy {
	switch {
	case w.asking:
		return &Busy{What: text.M("ui.waiting.again"), Since: w.since}
	case w.offersDue, w.deps.Fixes != nil && w.running:
		return &Busy{What: text.M("ui.waiting.fixes"), Since: w.since}
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
