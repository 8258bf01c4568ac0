package wizard

import (
	"context"
	"sync"

	"deskside/fixes"
)

// hands know what is being done to the machine. Effects write here directly,
// because a front end that is being torn down may lose an event, and what was
// applied must be taken back all the same.
type hands struct {
	mu   sync.Mutex
	jobs int
	open *fixes.Tx
}

func (h *hands) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs++
}

func (h *hands) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs--
}

func (h *hands) busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.jobs > 0
}

// hold remembers an applied transaction until it is decided; nil forgets.
func (h *hands) hold(tx *fixes.Tx) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = tx
}

// settled forgets a transaction that was decided, or that is stuck: trying
// again on the way out would not make it better. One that is still only
// applied (another process held the journal) stays undecided.
func (h *hands) settled(tx fixes.Tx, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open != nil && h.open.ID == tx.ID && (err == nil || tx.State != fixes.Applied) {
		h.open = nil
	}
}

func (h *hands) undecided() *fixes.Tx {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// apply carries a plan out and looks again. What did not help is taken back
// at once: success is a passing check, not a command that returned.
func (w *Wizard) apply(p fixes.Plan) Effect {
	h, eng, run, focus, before := w.hands, w.deps.Fixes, w.deps.Run, w.focus(), w.now
	h.begin()
	return func(ctx context.Context, emit func(Event)) {
		defer h.end()
		tx, err := eng.Apply(ctx, p, func(done, of int) { emit(Event{Step: &StepDone{done, of}}) })
		if err != nil {
			emit(Event{Applied: &AppliedMsg{Tx: tx, Err: err}})
			return
		}
		h.hold(&tx)
		emit(Event{Step: &StepDone{len(p.Steps), len(p.Steps)}})
		after := run(ctx, focus, nil)
		msg := AppliedMsg{Tx: tx, After: &after, How: fixes.Compare(before, after.Assessment, p.Cause)}
		if helped(msg.How) && ctx.Err() == nil {
			emit(Event{Applied: &msg})
			return
		}
		// A context that ended means that the person is gone: nobody can
		// decide to keep it. Taking back must not be stopped by that.
		back, err := eng.Rollback(context.WithoutCancel(ctx), tx.ID)
		h.settled(merged(tx, back), err)
		msg.Tx, msg.Err, msg.Back = merged(tx, back), err, err == nil
		emit(Event{Applied: &msg})
	}
}

func helped(b fixes.Better) bool { return b == fixes.Cured }

// keep marks the applied transaction as kept.
func (w *Wizard) keep(tx fixes.Tx) Effect {
	h, eng := w.hands, w.deps.Fixes
	h.begin()
	return func(ctx context.Context, emit func(Event)) {
		defer h.end()
		kept, err := eng.Keep(context.WithoutCancel(ctx), tx.ID)
		h.settled(merged(tx, kept), err)
		emit(Event{Kept: &KeptMsg{Tx: merged(tx, kept), Err: err}})
	}
}

// takeBack rolls an applied transaction back; look says whether to look at
// the machine afterwards.
func (w *Wizard) takeBack(tx fixes.Tx, look bool) Effect {
	eng := w.deps.Fixes
	return w.undoing(tx, look, func(ctx context.Context) (fixes.Tx, error) { return eng.Rollback(ctx, tx.ID) })
}

// undo takes a kept transaction back and looks again.
func (w *Wizard) undo(tx fixes.Tx, force bool) Effect {
	eng := w.deps.Fixes
	return w.undoing(tx, w.result != nil, func(ctx context.Context) (fixes.Tx, error) { return eng.Undo(ctx, tx.ID, force) })
}

func (w *Wizard) undoing(tx fixes.Tx, look bool, do func(context.Context) (fixes.Tx, error)) Effect {
	h, run, focus := w.hands, w.deps.Run, w.focus()
	h.begin()
	return func(ctx context.Context, emit func(Event)) {
		defer h.end()
		back, err := do(context.WithoutCancel(ctx))
		msg := UndoneMsg{Tx: merged(tx, back), Err: err}
		h.settled(msg.Tx, err)
		if err == nil && look {
			emit(Event{Step: &StepDone{1, 1}})
			after := run(ctx, focus, nil)
			msg.After = &after
		}
		emit(Event{Undone: &msg})
	}
}

// merged is what the engine said last about a transaction; on an error it may
// have said nothing.
func merged(was, is fixes.Tx) fixes.Tx {
	if is.ID == "" {
		return was
	}
	return is
}

var _ Fixer = (*fixes.Engine)(nil)
