package wizard

import (
	"context"
	"strings"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/watch"
	"deskside/fixes"
)

// Wizard is the conversation. Make one with New.
type Wizard struct {
	deps    Deps
	checks  []string // IDs, catalogue order
	at      screen
	over    bool
	symptom symptom
	target  string        // what the person says does not work; "" for nothing in particular
	answers []diag.Answer // what the caller saw, in this conversation

	findings              // what the current look knows so far
	hands     *hands      // what is being done to the machine
	ledger    changes     // what was done to it
	watched   *watch.View // what was seen while watching, as it last stood
	saved     *SavedMsg
	saving    bool
	causeRead bool // the first cause was offered already
	leaving   bool // the person chose to leave once the decision is carried out
	tried     bool // a decision could not be carried out: leaving must be possible all the same
}

// screen is one page of the conversation. Screens are values: what a page
// shows is a pure function of the screen and the wizard.
type screen interface {
	show(w *Wizard) Page
	choose(w *Wizard, id string) []Effect
}

// New starts at the opening page. Nothing of the PC has been looked at; only
// this program's own journal is read, to say what was left open.
func New(d Deps) *Wizard {
	w := &Wizard{deps: d, checks: d.Checks, at: opening{}, hands: &hands{}}
	if w.checks == nil {
		w.checks = catalog.IDs()
	}
	if d.Fixes != nil {
		w.ledger.txs, w.ledger.unreadable = d.Fixes.Transactions()
	}
	return w
}

// Page is what to show now.
func (w *Wizard) Page() Page {
	p := w.at.show(w)
	p.Path = w.path()
	switch p.ID {
	case "help", "quit":
	default:
		p.Choices = append(p.Choices, choice(ChoiceHelp, "?"), choice(ChoiceQuit, "q"))
	}
	return p
}

// Choose is a person's choice by its ID. IDs that the page does not offer do
// nothing, except ChoiceQuit, which asks from anywhere.
func (w *Wizard) Choose(id string) []Effect {
	if w.over {
		return nil
	}
	if id == ChoiceQuit {
		return w.askToLeave()
	}
	for _, c := range w.Page().Choices {
		if c.ID != id {
			continue
		}
		if id == ChoiceHelp {
			w.at = help{from: w.at}
			return nil
		}
		return w.at.choose(w, id)
	}
	return nil
}

// Handle takes what an effect reported, and may start another.
func (w *Wizard) Handle(e Event) []Effect {
	switch {
	case e.Diag != nil && e.look == w.look:
		return w.learn(*e.Diag)
	case e.Offers != nil && e.look == w.look:
		w.offered(*e.Offers)
	case e.Planned != nil:
		w.each(func(s screen) screen { return s.(plan).planned(*e.Planned) }, isPlan)
	case e.Step != nil:
		w.each(func(s screen) screen { return s.(working).step(*e.Step) }, isWorking)
	case e.Applied != nil:
		return w.applied(*e.Applied)
	case e.Kept != nil:
		return w.kept(*e.Kept)
	case e.Undone != nil:
		return w.undone(*e.Undone)
	case e.Watched != nil:
		w.watched = &e.Watched.View
		w.each(func(s screen) screen { return s.(watching).heard(*e.Watched) }, isWatching)
	case e.Metered != nil:
		w.each(func(s screen) screen { at := s.(deepAsk); at.metered = e.Metered; return at }, isDeepAsk)
	case e.Deepened != nil:
		return w.deepened(*e.Deepened)
	case e.Saved != nil:
		w.saved, w.saving = e.Saved, false
	}
	return nil
}

// Over reports that the person has left.
func (w *Wizard) Over() bool { return w.over }

// Working reports that a fix or an undo runs: whoever owns the program waits
// for it. It may be asked from any goroutine.
func (w *Wizard) Working() bool { return w.hands.busy() }

// Undecided is the transaction that is applied and neither kept nor taken
// back, nil when there is none. It may be asked from any goroutine.
func (w *Wizard) Undecided() *fixes.Tx { return w.hands.undecided() }

// HangUp is for when the person is gone without a decision (end of input, a
// closed connection): the conversation is over, and what was applied but not
// decided is taken back. It is empty when nothing is undecided.
func (w *Wizard) HangUp() []Effect {
	w.over = true
	tx := w.hands.undecided()
	if tx == nil {
		return nil
	}
	return []Effect{w.takeBack(*tx, false)}
}

// report starts writing the report file.
func (w *Wizard) report() []Effect {
	res, txs, save := *w.result, w.ledger.session(), w.deps.SaveReport
	w.saving = true
	return []Effect{func(_ context.Context, emit func(Event)) {
		path, err := save(res, txs)
		emit(Event{Saved: &SavedMsg{Path: path, Err: err}})
	}}
}

// focus is what a look after a fix is asked for: the same as the look before
// it, so that the two can be compared. It takes its time only where the reason
// is one that a quick look cannot see.
func (w *Wizard) focus() diag.Focus {
	f := w.asked
	f.Answers = w.answers
	for _, c := range w.causes() {
		for _, code := range c.Explains {
			if strings.HasPrefix(code, deepCheck+".") {
				return f
			}
		}
	}
	f.Deep, f.NoLoad = false, false
	return f
}
