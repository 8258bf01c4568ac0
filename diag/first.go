package diag

import (
	"context"
	"slices"
	"time"
)

// headStart is what the first packets get before the others follow. A router
// on the LAN speaks within a millisecond or two, one on a sleepy radio within
// twenty; who waits longer makes every healthy look slower.
const headStart = 25 * time.Millisecond

// job is a probe and the check it belongs to.
type job struct {
	check Check
	probe Probe
}

// queue parts the first tier: what starts at once, and what lets that begin.
func queue(checks []Check) (first, rest []job) {
	for _, c := range checks {
		for _, p := range c.Probes {
			switch {
			case p.Deep: // its time comes later
			case p.First, p.Offline:
				first = append(first, job{c, p})
			default:
				rest = append(rest, job{c, p})
			}
		}
	}
	return first, rest
}

// letFirst blocks until those that go first have heard what they go first
// for, their head start is over, or ctx ends.
func (g *group) letFirst(ctx context.Context, first []job) {
	var ears []func(Facts) bool
	for _, j := range first {
		if j.probe.Heard != nil && g.wanted(j.probe) {
			ears = append(ears, j.probe.Heard)
		}
	}
	if len(ears) == 0 {
		return
	}
	wait, cancel := context.WithTimeout(ctx, headStart)
	defer cancel()
	g.env.Facts.Await(wait.Done(), func(f Facts) bool {
		for _, heard := range ears {
			if !heard(f) {
				return false
			}
		}
		return true
	})
}

// Includes reports that a run was begun and that the check is part of it.
func (r RunFacts) Includes(check string) bool {
	return r.OS != "" && (len(r.Only) == 0 || slices.Contains(r.Only, check))
}

// wanted reports that the facts so far give the probe a purpose.
func (g *group) wanted(p Probe) (yes bool) {
	if p.When == nil {
		return true
	}
	g.env.Facts.Look(func(f Facts) { yes = p.When(f) })
	return yes
}
