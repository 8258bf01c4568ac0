package fixes

import (
	"encoding/json"

	"deskside/diag/text"
)

// Kind is what a step changes. The set is small and closed: undo, crash
// safety and drift refusal are proved once per kind.
type Kind string

// Kinds of step.
const (
	File  Kind = "file"  // a file's content, mode, owner, xattrs; a symlink; absence
	Link  Kind = "link"  // a link switched on or off
	Route Kind = "route" // one route with all its attributes
)

// Step is data: what is there now and what will be there. It is journaled
// before it runs, and its inverse is known.
type Step struct {
	Kind   Kind            `json:"kind"`
	Target string          `json:"target"` // path, link name, or route in ip(8) words
	Before json.RawMessage `json:"before"` // the kind's own state
	After  json.RawMessage `json:"after"`
	Say    text.Message    `json:"say"` // the change in words
}

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

// DiffLine is one line of the preview; Sign is '-', '+' or ' '.
type DiffLine struct {
	Sign string `json:"sign"`
	Text string `json:"text"` // raw: show it through text.Safe
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

// Tx is one transaction as status prints it.
type Tx struct {
	ID    string        `json:"tx"`
	Fix   string        `json:"fix"`
	State State         `json:"state"`
	Undo  Reversibility `json:"undo"`
	Cause string        `json:"cause"`
	At    string        `json:"at"` // RFC 3339, UTC
}

// Better says what an applied fix did to the thing it was meant for.
type Better string

// Outcomes of looking again.
const (
	Cured Better = "cured" // the cause is gone and its check passes
	Same  Better = "same"  // nothing changed: take it back
	Worse Better = "worse" // something that worked does not: take it back
)
