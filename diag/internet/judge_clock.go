package internet

import (
	"math"

	"deskside/diag"
	"deskside/diag/text"
)

// defaultClockLimitS is the catalogue's threshold for clock.skew (causes.md).
const defaultClockLimitS = 120

// judgeClock compares with what servers say. A date that came with a known
// answer is proof; two that merely agree may be one sign-in page's own clock,
// so against us they count only when a certificate, bad now, is good then.
func (v view) judgeClock(j *diag.Judgement) {
	c := v.Clock()
	limit := v.ClockLimitS
	if limit <= 0 {
		limit = defaultClockLimitS
	}
	add := func(s diag.Status) {
		j.Add("connectivity.clock", s, text.Args{"SkewS": c.SkewS}, v.clockEvidence(c)...)
	}
	off := math.Abs(c.SkewS) > limit
	switch {
	case !c.Known && v.Asked.Known && v.Asked.Web+v.Asked.Proxied == 0:
		add(diag.Skipped)
	case !c.Known && v.trusted() > 0 && v.heldBack():
		add(diag.Skipped) // nobody could be asked, and certificates are in date by this clock
	case !c.Known:
		add(diag.Unknown)
	case !off:
		add(diag.OK)
	case c.Proven || v.goodThen():
		add(diag.Fail)
	default:
		add(diag.Unknown)
	}
}

// goodThen reports a certificate that only the time stands against.
func (v view) goodThen() bool {
	for _, t := range v.TLS {
		if (t.Now == Expired || t.Now == NotYetValid) && t.Then == Trusted {
			return true
		}
	}
	return false
}
