package fixes

import (
	"context"
	"errors"

	"deskside/fixes/journal"
	"deskside/fixes/step"
)

// Apply journals the plan and carries it out; on any error everything done
// so far is taken back. progress is called before each step and once at the
// end, may be nil. Apply finishes even when ctx ends, unless no step has
// begun.
//
// It returns when what the steps set in motion has come about, or a few
// seconds later, so that a second look makes sense.
//
// Errors with nothing changed: *Refusal, *Drift (the machine is no longer as
// planned), *Pending, journal.ErrBusy, ctx's, and any failure to write the
// journal. *Failed was taken back; *StuckError could not be.
func (e *Engine) Apply(ctx context.Context, p Plan, progress func(done, of int)) (Tx, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	var out Tx
	err := e.exclusively(func(j *journal.Journal) error {
		if err := e.settled(j); err != nil {
			return err
		}
		if err := unchanged(p.Steps); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := j.Begin(e.intent(p), e.Host.Now())
		if err != nil {
			return err
		}
		out, err = e.carryOut(ctx, r, progress)
		return err
	})
	if err == nil {
		for _, s := range p.Steps {
			s.Settle(ctx)
		}
	}
	return out, err
}

// carryOut does the steps of a durable intent. From the second on it does not
// stop for ctx: half a fix is worse than a whole one that is taken back.
func (e *Engine) carryOut(ctx context.Context, r *journal.Record, progress func(done, of int)) (Tx, error) {
	failed := ctx.Err()
	for i, s := range r.Steps {
		if failed != nil {
			break
		}
		progress(i, len(r.Steps))
		if failed = unchanged(r.Steps[i : i+1]); failed == nil {
			failed = s.Do(r.ID)
		}
	}
	if failed == nil {
		failed = r.Mark(journal.Applied)
	}
	if failed == nil {
		progress(len(r.Steps), len(r.Steps))
		return txOf(r), nil
	}
	tx, err := e.takeBack(r, journal.RolledBack)
	if err != nil {
		return tx, err
	}
	return tx, &Failed{Tx: tx, Err: failed}
}

// unchanged refuses when a target is no longer what the plan saw.
func unchanged(steps []Step) error {
	for _, s := range steps {
		now, err := s.Observe()
		if err != nil {
			return err
		}
		if !s.IsBefore(now, false) {
			return &Drift{Target: s.Target, Diff: s.DiffOf(s.Before, now)}
		}
	}
	return nil
}

// exclusively opens the journal under the machine's lock.
func (e *Engine) exclusively(work func(*journal.Journal) error) error {
	if e.Host.OS() != "linux" {
		return refuse("system", "OS", e.Host.OS())
	}
	j, err := journal.Open(e.StateDir)
	if err != nil {
		return err
	}
	defer j.Close()
	unlock, err := j.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return work(j)
}

// settled refuses while another transaction is open.
func (e *Engine) settled(j *journal.Journal) error {
	if err := j.Sweep(); err != nil {
		return err
	}
	records, err := j.Records()
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Open() && txOf(r).State.Open() {
			return &Pending{Tx: txOf(r)}
		}
	}
	return nil
}

func (e *Engine) intent(p Plan) journal.Intent {
	return journal.Intent{
		Fix: p.Fix, Cause: p.Cause, Check: p.Check, Undo: string(p.Undo), Cuts: string(p.Cuts),
		BootID: bootID(e.Host), Owner: self(e.Host), Steps: p.Steps,
	}
}

// Keep marks an applied transaction as kept; it can be undone any later day.
func (e *Engine) Keep(ctx context.Context, tx string) (Tx, error) {
	return e.decide(tx, func(r *journal.Record) (Tx, error) {
		if err := r.Mark(journal.Kept); err != nil {
			return txOf(r), err
		}
		err := r.Close()
		return txOf(r), err
	})
}

// Rollback takes an applied, not yet kept transaction back. Unlike Undo it
// does not refuse when something else changed the target meanwhile: it keeps
// those bytes beside the journal and restores.
func (e *Engine) Rollback(ctx context.Context, tx string) (Tx, error) {
	return e.decide(tx, func(r *journal.Record) (Tx, error) { return e.takeBack(r, journal.RolledBack) })
}

// decide finds the undecided transaction; an empty id is the only one there.
func (e *Engine) decide(id string, then func(*journal.Record) (Tx, error)) (out Tx, err error) {
	err = e.exclusively(func(j *journal.Journal) error {
		records, err := j.Records()
		if err != nil {
			return err
		}
		for _, r := range records {
			if id != "" && r.ID != id {
				continue
			}
			if r.Err != nil {
				return r.Err
			}
			if txOf(r).State == Applied {
				out, err = then(r)
				return err
			}
		}
		return errors.New("no applied fix waits for a decision")
	})
	return out, err
}

// runtimeGone reports steps that a reboot has taken back already.
func (e *Engine) runtimeGone(r *journal.Record, s step.Step) bool {
	return s.Kind.Runtime() && r.BootID != bootID(e.Host)
}
