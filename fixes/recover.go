package fixes

import (
	"context"
	"errors"
	"io/fs"

	"deskside/fixes/journal"
)

// Recover finishes or takes back what a crash left. It may run at any time,
// any number of times, and returns what it settled:
//
//   - a fix that was cut short while it was applied is taken back;
//   - one that was applied, and whose process is gone without a decision, is
//     taken back: silence is a No;
//   - an undo that was cut short is finished;
//   - one that is stuck is tried again.
//
// An applied fix whose process still lives is left to that process.
func (e *Engine) Recover(ctx context.Context) ([]Tx, error) {
	if j, err := journal.View(e.StateDir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err == nil {
		j.Close()
	}
	var out []Tx
	err := e.exclusively(func(j *journal.Journal) error {
		if err := j.Sweep(); err != nil {
			return err
		}
		records, err := j.Records()
		if err != nil {
			return err
		}
		var errs []error
		for _, r := range records {
			if !r.Open() {
				continue
			}
			tx, settled, err := e.recoverOne(r)
			errs = append(errs, err)
			if settled {
				out = append(out, tx)
			}
		}
		return errors.Join(errs...)
	})
	return out, err
}

// recoverOne goes by the last mark that is durable.
func (e *Engine) recoverOne(r *journal.Record) (tx Tx, settled bool, err error) {
	switch {
	case r.Err != nil:
		return Tx{}, false, r.Err
	case r.Has(journal.Undone), r.Has(journal.RolledBack):
		err = r.Close()
		return txOf(r), true, err
	case r.Has(journal.Undoing):
		tx, err = e.takeBack(r, journal.Undone)
		return tx, true, err
	case r.Has(journal.Kept): // decided; or an undo that had not begun
		err = r.Close()
		return txOf(r), true, err
	case r.Has(journal.Applied) && !r.Has(journal.Stuck) && alive(e.Host, r.Owner) && r.BootID == bootID(e.Host):
		return txOf(r), false, nil
	}
	tx, err = e.takeBack(r, journal.RolledBack)
	return tx, true, err
}

// Transactions lists open and past ones, newest first. It reads only; with no
// state directory there are none.
func (e *Engine) Transactions() ([]Tx, error) {
	j, err := journal.View(e.StateDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer j.Close()
	records, err := j.Records()
	if err != nil {
		return nil, err
	}
	var out []Tx
	for _, r := range records {
		out = append(out, txOf(r))
	}
	return out, nil
}

// txOf is a record as status prints it. One that is damaged is stuck.
func txOf(r *journal.Record) Tx {
	t := Tx{ID: r.ID, Fix: r.Fix, Undo: Reversibility(r.Undo), Cause: r.Cause, Check: r.Check, At: r.Created}
	switch {
	case r.Err != nil:
		t.State = Stuck
	case r.Has(journal.Undone):
		t.State = Undone
	case r.Has(journal.RolledBack):
		t.State = RolledBack
	case r.Has(journal.Stuck), r.Has(journal.Undoing): // half undone: Recover finishes it
		t.State = Stuck
	case r.Has(journal.Kept):
		t.State = Confirmed
	case r.Has(journal.Applied):
		t.State = Applied
	default:
		t.State = Planned
	}
	return t
}
