package fixes

import (
	"fmt"

	"deskside/diag/text"
)

// Drift is why something was refused with nothing changed: what differs from
// what the plan saw, or from what the fix left.
type Drift struct {
	Target string
	Diff   []DiffLine // '-' expected, '+' found
}

func (d *Drift) Error() string { return "changed since: " + d.Target }

// Message says it to a person.
func (d *Drift) Message() text.Message { return text.M("fix.error.drift", "Target", d.Target) }

// Pending is why nothing new can be applied: another transaction waits for
// its decision, or for recovery.
type Pending struct{ Tx Tx }

func (p *Pending) Error() string {
	return fmt.Sprintf("%s (%s) is still %s", p.Tx.ID, p.Tx.Fix, p.Tx.State)
}

// Message says it to a person.
func (p *Pending) Message() text.Message {
	return text.M("fix.error.pending", "Fix", p.Tx.Fix, "Tx", p.Tx.ID)
}

// Failed is a fix that did not work; everything it did was taken back, and
// that was read back.
type Failed struct {
	Tx  Tx
	Err error
}

func (f *Failed) Error() string { return "failed and taken back: " + f.Err.Error() }
func (f *Failed) Unwrap() error { return f.Err }

// Message says it to a person.
func (f *Failed) Message() text.Message { return text.M("fix.error.failed", "Error", f.Err.Error()) }

// StuckError is a transaction that could not be taken back whole. ByHand
// finishes it.
type StuckError struct {
	Tx     Tx
	Err    error
	ByHand []string
}

func (s *StuckError) Error() string { return "could not be taken back: " + s.Err.Error() }
func (s *StuckError) Unwrap() error { return s.Err }

// Message says it to a person.
func (s *StuckError) Message() text.Message {
	return text.M("fix.error.stuck", "Tx", s.Tx.ID, "Error", s.Err.Error())
}
