package gateway

import (
	"time"

	"deskside/diag"
)

// Neighbour states that say something by themselves, named as ip-neighbour(8)
// names them.
const (
	reachable  = "reachable"
	incomplete = "incomplete"
	failed     = "failed"
	permanent  = "permanent"
	noARP      = "noarp"
	noEntry    = "none"
)

// How Answers became known.
const (
	byARP       = "arp"
	byNeighbour = "neighbour"
	byICMP      = "icmp"
	byNobody    = "none"
)

// When silence becomes an answer. On a LAN a reply takes a millisecond;
// sleeping Wi-Fi stations and 600 ms links are why it is not less. The kernel
// asks once a second, three times (arp(7), RFC 4861): one request can be lost
// on the air, so where we depend on the kernel's the second must be unanswered
// too. Its own verdict takes 3 s.
const (
	decideAfter       = 700 * time.Millisecond  // own ARP: three requests
	decideKernelAfter = 1150 * time.Millisecond // the kernel's: two
)

// answered notes a proof that the router is there. Proof beats silence,
// whenever it comes.
func (r *Router) answered(by string, atMS, waitedMS float64) {
	if r.Answers == diag.Yes {
		return
	}
	r.Answers, r.AnswersBy, r.AtMS, r.WaitedMS = diag.Yes, by, atMS, waitedMS
}

// hasMAC adds a MAC that answered for the address.
func (r *Router) hasMAC(mac string) {
	if mac == "" {
		return
	}
	for _, m := range r.MACs {
		if m == mac {
			return
		}
	}
	r.MACs = append(r.MACs, mac)
}

// neighbour notes what the kernel's neighbour table says. News is a change
// that happened during this run, whether the kernel told us or the entry was
// another one when the run began. "reachable" that is no news may be half a
// minute old (RFC 4861, REACHABLE_TIME): a router that was just switched off
// still has it, so it proves nothing.
func (r *Router) neighbour(state, mac string, news bool, atMS, waitedMS float64) {
	news = news || r.State != "" && r.State != state
	r.State = state
	switch {
	case state == reachable && news:
		r.hasMAC(mac)
		r.answered(byNeighbour, atMS, waitedMS)
	case state == failed && news && r.Answers == diag.Maybe: // the kernel has asked three times
		r.silent(byNeighbour, atMS, waitedMS)
	}
}

func (r *Router) silent(by string, atMS, waitedMS float64) {
	r.Answers, r.AnswersBy, r.AtMS, r.WaitedMS = diag.No, by, atMS, waitedMS
}

// timeUp decides after silence. Without asking ourselves only an entry the
// kernel is still waiting for proves anything: an old MAC says neither yes nor
// no, and a static entry is never asked.
func (r *Router) timeUp(atMS, waitedMS float64) {
	if r.Answers != diag.Maybe || waitedMS < r.patience() {
		return
	}
	static := r.State == permanent || r.State == noARP
	waiting := r.State == incomplete || r.State == failed
	if !static && (r.OwnARP || waiting) {
		r.silent(byNobody, atMS, waitedMS)
	}
}

// patience is how long silence must last, in milliseconds.
func (r *Router) patience() float64 {
	if r.OwnARP {
		return diag.MS(decideAfter)
	}
	return diag.MS(decideKernelAfter)
}
