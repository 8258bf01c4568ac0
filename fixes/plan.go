package fixes

import "deskside/fixes/step"

// The kinds of change and their data live in package step; front ends need
// only this package.
type (
	Kind     = step.Kind
	Step     = step.Step
	DiffLine = step.DiffLine
)

// Kinds of step.
const (
	File  = step.File
	Link  = step.Link
	Route = step.Route
)

// Plan is exactly what would change, with nothing done.
type Plan struct {
	Fix    string        `json:"fix"`
	Cause  string        `json:"cause"`
	Check  string        `json:"check"`
	Undo   Reversibility `json:"undo"`
	Cuts   SessionRisk   `json:"session_risk"`
	Steps  []Step        `json:"steps"`
	Diff   []DiffLine    `json:"diff"`
	ByHand []string      `json:"by_hand,omitempty"` // the same in exact commands
}

// Offer is a fix for what is wrong now: either it can be planned, or Refusal
// says why not and what to do by hand.
type Offer struct {
	Fix     Fix
	Cause   string
	Refusal *Refusal
}

// State of a transaction, as in the outside contract.
type State string

// States.
const (
	Planned    State = "planned"
	Armed      State = "armed"
	Applied    State = "applied"
	Confirmed  State = "confirmed"
	RolledBack State = "rolled_back"
	Undone     State = "undone"
	Refused    State = "refused"
	Stuck      State = "stuck"
)

// Open reports a state in which a transaction waits for a decision or for
// recovery; at most one of a machine's is in such a state.
func (s State) Open() bool { return s == Planned || s == Armed || s == Applied || s == Stuck }

// Undoable reports a state from which Undo can take a transaction back.
func (s State) Undoable() bool { return s == Confirmed }

// Tx is one transaction as status prints it.
type Tx struct {
	ID    string        `json:"tx"`
	Fix   string        `json:"fix"`
	State State         `json:"state"`
	Undo  Reversibility `json:"undo"`
	Cause string        `json:"cause"`
	Check string        `json:"check,omitempty"` // the check that must pass afterwards
	At    string        `json:"at"`              // RFC 3339, UTC; by a clock that may be wrong
}

// Better says what an applied fix did to the thing it was meant for.
type Better string

// Outcomes of looking again.
const (
	Cured Better = "cured" // the cause is gone and its check passes
	Same  Better = "same"  // nothing changed: take it back
	Worse Better = "worse" // something that worked does not: take it back
)
