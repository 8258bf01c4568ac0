package deep

import (
	"slices"

	"deskside/diag"
	"deskside/diag/text"
)

const (
	// ethernet is the packet size of the public internet; larger frames live
	// on local networks only (the far side's MSS option keeps TCP below it).
	ethernet = 1500
	// smallest that every link must carry is 1280 bytes for IPv6 (RFC 8200, 5);
	// IPv4 links below it are gone.
	smallest = 1280
	// witnesses is how many connections with packets too large must stall
	// before it is the size that is to blame, and not chance.
	witnesses = 3
)

// usual are sizes at which paths end: PPPoE, 6in4, VXLAN, WireGuard, IPsec,
// mobile networks.
var usual = []int{1492, 1480, 1470, 1460, 1450, 1440, 1430, 1420, 1400, 1380, 1360, 1340, 1320, 1300}

// nextSizes says what to try now, given what was tried; nothing when the
// answer is known or cannot be known. Sizes in one round are tried together.
// A healthy path costs two connections; where stalls were seen already, the
// first round asks for everything.
func nextSizes(top int, tried []Trial, suspected bool) []int {
	top = min(top, ethernet)
	if top <= smallest {
		return nil
	}
	if len(tried) == 0 && !suspected {
		return []int{smallest, top}
	}
	if len(tried) == 0 {
		return append([]int{smallest, top}, between(smallest, top)...)
	}
	low, high, ok := bounds(tried)
	switch {
	case !ok:
		return nil
	case high-low <= 1: // found; few sizes lie above a limit near the top, so ask them again
		return slices.Repeat([]int{top}, max(0, witnesses-stalls(tried)))
	case len(tried) == 2:
		return between(low, high)
	}
	const atOnce = 19
	var out []int
	for step := max(1, (high-low)/(atOnce+1)); low+step < high && len(out) < atOnce; {
		low += step
		out = append(out, low)
	}
	return out
}

// between are the usual sizes above low and below high.
func between(low, high int) []int {
	return slices.DeleteFunc(slices.Clone(usual), func(s int) bool { return s <= low || s >= high })
}

// bounds returns the largest size that passed and the smallest that stalled;
// false when there are not both, or they contradict each other.
func bounds(tried []Trial) (low, high int, ok bool) {
	for _, t := range tried {
		switch {
		case t.Outcome == Passed && t.Size > low:
			low = t.Size
		case t.Outcome == Stalled && (high == 0 || t.Size < high):
			high = t.Size
		}
	}
	return low, high, low > 0 && high > low
}

// Limit is the largest packet that gets through where larger ones vanish
// without a word; 0 when nothing vanishes, too few did to be sure, or large
// packets that belong to no connection are answered.
func (m MTU) Limit() int {
	low, _, ok := bounds(m.Trials)
	if !ok || stalls(m.Trials) < witnesses || m.Alone() == diag.No {
		return 0
	}
	return low
}

// Blackhole is the family whose large packets vanish, IPv4 before IPv6, and
// whether it is both.
func (f Facts) Blackhole() (m MTU, both, ok bool) {
	four, six := f.MTU.Limit() > 0, f.MTU6.Limit() > 0
	if four {
		return f.MTU, six, true
	}
	return f.MTU6, false, six
}

// Words are what is said of sizes that vanish.
func (f Facts) Words() text.Args {
	m, both, _ := f.Blackhole()
	kind := "path.packets.v6"
	switch four := f.MTU.Limit() > 0; {
	case both || four && f.MTU6.Family == 0:
		kind = "path.packets.all"
	case four:
		kind = "path.packets.v4"
	}
	return text.Args{"Kind": text.M(kind), "Size": m.Limit(), "Link": m.Link}
}

func stalls(tried []Trial) (n int) {
	for _, t := range tried {
		if t.Outcome == Stalled {
			n++
		}
	}
	return n
}

// Whole reports that packets as large as the link takes get through.
func (m MTU) Whole() bool {
	for _, t := range m.Trials {
		if t.Outcome == Passed && t.Size >= min(m.Link, ethernet) {
			return true
		}
	}
	return false
}

// Whole reports the same of every family in which anything opened at all.
func (f Facts) Whole() bool {
	looked := false
	for _, m := range []MTU{f.MTU, f.MTU6} {
		opened := slices.ContainsFunc(m.Trials, func(t Trial) bool { return t.Outcome != Unopened })
		if opened && !m.Whole() {
			return false
		}
		looked = looked || opened
	}
	return looked
}

// Mismatch reports that the router answers small packets and none of the
// large ones that this PC's link is set to.
func (m MTU) Mismatch() bool {
	small, large := 0, 0
	for _, n := range m.Near {
		switch {
		case n.Answered && n.Size <= ethernet:
			small++
		case n.Answered:
			return false
		case n.Size > ethernet:
			large++
		}
	}
	return small > 0 && large >= witnesses
}
