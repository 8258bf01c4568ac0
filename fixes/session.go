package fixes

import (
	"context"
	"encoding/json"
	"slices"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/fixes/journal"
	"deskside/fixes/step"
)

// sparesSession refuses steps that touch the link or the route which carries
// the SSH session. Nobody could take such a step back once it cut us off;
// fixes/guard will change that.
func sparesSession(steps []Step, f diag.Facts, h host.Host) *Refusal {
	facts := link.Section.Of(f)
	for _, s := range steps {
		if !s.Kind.Runtime() {
			continue
		}
		if facts.Session == nil {
			if link.SSHConnection(h) != "" {
				return refuse("session_unknown").by(s.ByHand(false, "")...)
			}
			continue
		}
		if carries(*facts.Session, facts, s) {
			return refuse("session", "Target", s.Target).by(s.ByHand(false, "")...)
		}
	}
	return nil
}

// undoSparesSession is the same for the way back: a link that a fix switched on
// may carry us by now. The facts of then say nothing about it.
func (e *Engine) undoSparesSession(ctx context.Context, r *journal.Record) error {
	var back []Step
	for _, s := range r.Steps {
		if s.Kind.Runtime() && !e.runtimeGone(r, s) {
			back = append(back, s)
		}
	}
	if len(back) == 0 {
		return nil
	}
	env := diag.NewEnv(e.Host, config.Config{})
	link.Local(ctx, env)
	var no *Refusal
	env.Facts.Look(func(f diag.Facts) { no = sparesSession(back, f, e.Host) })
	if no == nil {
		return nil
	}
	no.ByHand = nil
	for _, s := range slices.Backward(back) {
		no.ByHand = append(no.ByHand, s.ByHand(true, "")...)
	}
	return no
}

// carries reports whether a step touches what the session runs over. What is
// not known counts as yes.
func carries(sess link.Session, f link.Facts, s Step) bool {
	if l, ok := f.Link(sess.Index); ok && l.Kind == "loopback" {
		return false // a session from this PC to itself
	}
	if s.Kind == step.Route {
		// Fixes change default routes only. A peer on the same network is
		// reached by that network's own route, which is more specific.
		return sess.OnLink != diag.Yes
	}
	var was step.LinkState
	return json.Unmarshal(s.Before, &was) != nil || sess.Index == 0 || was.Index == sess.Index
}
