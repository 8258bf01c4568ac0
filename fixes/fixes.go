// Package fixes treats root causes in a way that can be taken back exactly.
//
// A fix reads the machine and makes a plan: steps that are data (what is
// there now, what will be there). A dry run prints the plan that a real run
// applies. Applying writes the journal first, then acts; undo needs the
// journal and nothing else, in another process, on another day.
package fixes

import (
	"context"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/text"
)

// Reversibility says how far a fix can be taken back; its test proves it.
type Reversibility string

// Labels, best first.
const (
	R0 Reversibility = "R0" // exact: read-back identical
	R1 Reversibility = "R1" // the setting comes back, side effects do not
	R2 Reversibility = "R2" // restorable until purged
	R3 Reversibility = "R3" // nothing to undo, it regenerates
	R4 Reversibility = "R4" // one way
)

// SessionRisk says what a fix can do to the session it is driven over.
type SessionRisk string

// Session risks.
const (
	S0 SessionRisk = "S0" // none
	S1 SessionRisk = "S1" // may stall it for some seconds
	S2 SessionRisk = "S2" // can cut it
)

// Fix is one entry of the catalogue. Its texts are fix.<id>.title and .does.
type Fix struct {
	ID    string
	For   []string // causes it treats
	Check string   // the check that must pass afterwards
	Undo  Reversibility
	Cuts  SessionRisk
	Root  bool // needs the superuser
	// Plan reads only. An error that is a *Refusal tells the person why not
	// and what to do by hand.
	Plan func(context.Context, host.Host, Case) ([]Step, error)
}

// Case is what a fix is planned for.
type Case struct {
	Cause diag.Cause
	Facts diag.Facts
	root  string // tests plan over a tree of their own; "" is the machine's
}

// path is an absolute path of this machine.
func (c Case) path(name string) string { return c.root + name }

// Refusal is why a fix is not offered here, and what a person can do instead.
type Refusal struct {
	Why    text.Message
	ByHand []string // exact commands, may be empty
	Gone   bool     // the fault was gone when it was looked at once more
}

func (r *Refusal) Error() string { return r.Why.Key }

// refuse builds a refusal: refuse.<key> says why.
func refuse(key string, pairs ...any) *Refusal { return &Refusal{Why: text.M("refuse."+key, pairs...)} }

// by adds what a person can do instead.
func (r *Refusal) by(commands ...string) *Refusal {
	r.ByHand = append(r.ByHand, commands...)
	return r
}
