package fixes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"deskside/fixes/journal"
	"deskside/fixes/step"
)

// Undo takes a kept transaction back; an empty id is the newest one that can
// be. When the target changed since, it refuses with a *Drift and changes
// nothing; force takes it back anyway and keeps the other bytes. What carries
// this SSH session is not taken away from under it: that is a *Refusal, too.
func (e *Engine) Undo(ctx context.Context, id string, force bool) (out Tx, err error) {
	err = e.exclusively(func(j *journal.Journal) error {
		if err := e.settled(j); err != nil {
			return err
		}
		r, err := kept(j, id)
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !force {
			if err := e.asLeft(r); err != nil {
				return err
			}
		}
		if err := e.undoSparesSession(ctx, r); err != nil {
			return err
		}
		if err := r.Reopen(); err != nil {
			return err
		}
		if err := r.Mark(journal.Undoing); err != nil {
			return errors.Join(err, r.Close())
		}
		out, err = e.takeBack(r, journal.Undone)
		return err
	})
	return out, err
}

// kept finds a transaction that can be undone.
func kept(j *journal.Journal, id string) (*journal.Record, error) {
	records, err := j.Records()
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if id != "" && r.ID != id {
			continue
		}
		if r.Err == nil && txOf(r).State.Undoable() {
			return r, nil
		}
		if id != "" {
			if r.Err != nil {
				return nil, r.Err
			}
			return nil, fmt.Errorf("%s is %s: there is nothing to undo", id, txOf(r).State)
		}
	}
	if id != "" {
		return nil, fmt.Errorf("no transaction %q", id)
	}
	return nil, errors.New("there is nothing to undo")
}

// asLeft refuses when a target is neither what the fix left nor what it was
// before.
func (e *Engine) asLeft(r *journal.Record) error {
	for _, s := range r.Steps {
		if e.runtimeGone(r, s) {
			continue
		}
		now, err := s.Observe()
		if err != nil {
			return err
		}
		if !s.IsAfter(now) && !s.IsBefore(now, false) {
			return &Drift{Target: s.Target, Diff: s.DiffOf(s.After, now)}
		}
	}
	return nil
}

// takeBack restores every step, last one first, and closes the transaction
// with the mark done. It observes first, so it may run any number of times,
// after a crash at any point. What it finds in the way it keeps. One step
// that cannot be restored does not stop the others: the transaction is stuck
// then.
func (e *Engine) takeBack(r *journal.Record, done journal.Mark) (Tx, error) {
	var errs []error
	var hands []string
	for _, s := range slices.Backward(r.Steps) {
		if e.runtimeGone(r, s) {
			continue
		}
		if err := e.restore(r, s); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.Target, err))
			hands = append(hands, s.ByHand(true, blobOf(r, s))...)
		}
	}
	if err := errors.Join(errs...); err != nil {
		// The mark is for status; that it cannot be made changes nothing.
		err = errors.Join(err, r.Mark(journal.Stuck))
		return txOf(r), &StuckError{Tx: txOf(r), Err: err, ByHand: hands}
	}
	if err := r.Mark(done); err != nil {
		return txOf(r), err
	}
	err := r.Close()
	return txOf(r), err
}

func (e *Engine) restore(r *journal.Record, s step.Step) error {
	if err := s.ClearTemp(r.ID); err != nil {
		return err
	}
	now, err := s.Observe()
	if err != nil {
		return err
	}
	if s.IsBefore(now, true) {
		return nil
	}
	if !s.IsAfter(now) && !s.IsBefore(now, false) {
		if err := keepOther(r, s, now); err != nil {
			return err
		}
	}
	return s.Revert(r.ID)
}

// keepOther puts away what is in the way: its description, and for a file
// its bytes.
func keepOther(r *journal.Record, s step.Step, now json.RawMessage) error {
	name := string(s.Kind)
	if s.Kind == step.File {
		name = filepath.Base(s.Target)
	}
	packed, sha, b, err := step.Pack(s.Kind, now)
	if err != nil {
		return err
	}
	if sha != "" {
		if err := r.KeepOther(name, b); err != nil {
			return err
		}
	}
	return r.KeepOther(name+".state.json", append(packed, '\n'))
}

// blobOf is the file with the bytes a step started from.
func blobOf(r *journal.Record, s step.Step) string {
	_, sha, _, err := step.Pack(s.Kind, s.Before)
	if err != nil || sha == "" {
		return ""
	}
	return filepath.Join(r.Path(), "blobs", sha)
}
