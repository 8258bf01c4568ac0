package fixes

import (
	"context"
	"errors"
	"fmt"

	"deskside/diag"
	"deskside/diag/host"
)

// Engine plans, applies and takes back. It is safe for concurrent use; at
// most one transaction is open per machine.
type Engine struct {
	Host     host.Host
	StateDir string
	root     string // tests: a tree that stands for /
}

// Offers lists the fixes that treat the diagnosis: the first cause's first,
// and of one cause the best first. It reads only.
func (e *Engine) Offers(ctx context.Context, f diag.Facts, d diag.Diagnosis) []Offer {
	var out []Offer
	offered := map[string]bool{}
	for _, c := range d.Causes {
		for _, fix := range treatments(c) {
			if offered[fix.ID] {
				continue
			}
			offered[fix.ID] = true
			o := Offer{Fix: fix, Cause: c.ID}
			if _, err := e.steps(ctx, fix, f, c); err != nil {
				o.Refusal = asRefusal(err)
			}
			out = append(out, o)
		}
	}
	return out
}

// Plan reads the machine and says exactly what a fix would change. An error
// that is a *Refusal tells the person why not and what to do by hand.
func (e *Engine) Plan(ctx context.Context, id string, f diag.Facts, d diag.Diagnosis) (Plan, error) {
	fix, ok := find(id)
	if !ok {
		return Plan{}, fmt.Errorf("unknown fix %q", id)
	}
	for _, c := range d.Causes {
		if !fix.treats(c.ID) {
			continue
		}
		steps, err := e.steps(ctx, fix, f, c)
		if err != nil {
			return Plan{}, err
		}
		p := Plan{Fix: fix.ID, Cause: c.ID, Check: fix.Check, Undo: fix.Undo, Cuts: fix.Cuts, Steps: steps}
		for _, s := range steps {
			p.Diff = append(p.Diff, s.Diff()...)
			p.ByHand = append(p.ByHand, s.ByHand(false, "")...)
		}
		return p, nil
	}
	return Plan{}, refuse("not_needed")
}

// steps plans one fix for one cause, and says no where the fix would be
// possible but must not be done.
func (e *Engine) steps(ctx context.Context, fix Fix, f diag.Facts, c diag.Cause) ([]Step, error) {
	if e.Host.OS() != "linux" {
		return nil, refuse("system", "OS", e.Host.OS())
	}
	steps, err := fix.Plan(ctx, e.Host, Case{Cause: c, Facts: f, root: e.root})
	if err != nil {
		return nil, err
	}
	if no := sparesSession(steps, f, e.Host); no != nil {
		return nil, no
	}
	if fix.Root && e.Host.Euid() != 0 {
		return nil, refuse("root").by("sudo deskside fix apply " + fix.ID)
	}
	return steps, nil
}

// asRefusal makes any reason not to offer a fix one that can be shown.
func asRefusal(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return refuse("unreadable", "Error", err.Error())
}
