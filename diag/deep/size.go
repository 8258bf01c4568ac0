package deep

import "slices"

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
// without a word; 0 when nothing vanishes or too few did to be sure.
func (m MTU) Limit() int {
	low, _, ok := bounds(m.Trials)
	if !ok || stalls(m.Trials) < witnesses {
		return 0
	}
	return low
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
