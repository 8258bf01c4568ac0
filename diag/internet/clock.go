package internet

import (
	"math"

	"deskside/diag"
)

// Clock is what the web answers together say about this PC's clock.
type Clock struct {
	Known bool
	SkewS float64 // the servers' clock minus ours, seconds
	// Proven: an answer known beforehand carried the date. Otherwise two
	// different servers merely agree, and one box may have spoken for both.
	Proven bool
}

// agreeS is how close two dates are that say the same: a second each for the
// rounding, and the time between the answers.
const agreeS = 5

// Clock weighs the dates. Of several the one nearest to our own clock counts:
// two clocks do not agree by accident, while a cache may hand out an old date.
func (f Facts) Clock() Clock {
	var proven, other []Web
	for _, w := range f.Web {
		switch {
		case !w.HasDate:
		case w.Match == diag.Yes:
			proven = append(proven, w)
		default:
			other = append(other, w)
		}
	}
	if len(proven) > 0 {
		return Clock{Known: true, Proven: true, SkewS: nearest(proven)}
	}
	for i, a := range other {
		for _, b := range other[i+1:] {
			if a.Address != b.Address && math.Abs(a.SkewS-b.SkewS) <= agreeS {
				return Clock{Known: true, SkewS: nearest([]Web{a, b})}
			}
		}
	}
	return Clock{}
}

func nearest(rows []Web) float64 {
	best := rows[0].SkewS
	for _, w := range rows {
		if math.Abs(w.SkewS) < math.Abs(best) {
			best = w.SkewS
		}
	}
	return best
}

// direct returns the web rows that went through no proxy.
func (f Facts) direct() []Web { return f.webRows(false) }

// proxied returns the web rows that went through a proxy.
func (f Facts) proxied() []Web { return f.webRows(true) }

func (f Facts) webRows(throughProxy bool) []Web {
	var out []Web
	for _, w := range f.Web {
		if (w.Proxy != "") == throughProxy {
			out = append(out, w)
		}
	}
	return out
}
