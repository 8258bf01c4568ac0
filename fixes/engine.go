package fixes

import (
	"context"
	"errors"

	"deskside/diag"
	"deskside/diag/host"
)

// Engine plans, applies and takes back. It is safe for concurrent use; at
// most one transaction is open per machine.
type Engine struct {
	Host     host.Host
	StateDir string
}

// Offers lists the fixes that treat the diagnosis, the first cause's first.
func (e *Engine) Offers(ctx context.Context, f diag.Facts, d diag.Diagnosis) []Offer { return nil }

// Plan reads the machine and says exactly what a fix would change.
func (e *Engine) Plan(ctx context.Context, fix string, f diag.Facts, d diag.Diagnosis) (Plan, error) {
	return Plan{}, errors.New("unknown fix " + fix)
}

// Apply journals the plan and carries it out; on any error everything done
// so far is taken back. step is called before each step, may be nil. Apply
// finishes even when ctx ends, unless no step has begun.
func (e *Engine) Apply(ctx context.Context, p Plan, step func(done, of int)) (Tx, error) {
	return Tx{}, errors.New("not yet")
}

// Keep marks an applied transaction as kept; it can be undone any later day.
func (e *Engine) Keep(ctx context.Context, tx string) (Tx, error) { return Tx{}, errors.New("not yet") }

// Rollback takes an applied, not yet kept transaction back.
func (e *Engine) Rollback(ctx context.Context, tx string) (Tx, error) {
	return Tx{}, errors.New("not yet")
}

// Undo takes a kept transaction back; an empty tx is the newest one that can
// be. When the target changed since, it refuses with a *Drift; force takes it
// back anyway and keeps the other bytes.
func (e *Engine) Undo(ctx context.Context, tx string, force bool) (Tx, error) {
	return Tx{}, errors.New("not yet")
}

// Transactions lists open and past ones, newest first.
func (e *Engine) Transactions() ([]Tx, error) { return nil, nil }

// Drift is why an undo was refused: what differs from what the fix left.
type Drift struct {
	Target string
	Diff   []DiffLine
}

func (d *Drift) Error() string { return "changed since: " + d.Target }

// Compare says what a second look makes of an applied fix.
func Compare(before, after diag.Assessment, cause string) Better { return Same }
