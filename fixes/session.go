package fixes

import (
	"encoding/json"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
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
