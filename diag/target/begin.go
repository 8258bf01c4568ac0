package target

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/diag/internet"
)

// headStart is what the probes of the network itself get before the target is
// tried, or until the first of them had an answer from outside.
const headStart = 200 * time.Millisecond

// letOthersBegin: a router whose line is down says so five times at once and
// then once a second (Linux, ip_rt_error_burst and ip_rt_error_cost). Packets
// for the target would use up what the hop probes are to hear, and the verdict
// would come a second later.
func letOthersBegin(ctx context.Context, env *diag.Env) {
	wait, cancel := context.WithTimeout(ctx, headStart)
	defer cancel()
	env.Facts.Await(wait.Done(), func(f diag.Facts) bool {
		in := internet.Section.Of(f)
		if !in.Asked.Known {
			return true // those probes are no part of this run
		}
		for _, a := range in.Anchors {
			if a.Outcome == internet.Connected {
				return true
			}
		}
		for _, w := range in.Web {
			if w.Outcome == internet.Connected {
				return true
			}
		}
		return false
	})
}
