package watch

import (
	"net/netip"
	"slices"
)

// choosing is which anchor is asked next. After a loss it is another one, so
// that one anchor's trouble is not taken for the way out's; but not one that
// never answered while others did, or its silence would confirm the loss.
type choosing struct {
	turn int
	use  string          // the one that answered last
	row  []string        // asked in vain since the last answer, at most [manyVain]
	dead map[string]bool // false: has answered; true: never, while another one did
}

// manyVain in a row speak of the way out, and no more of the anchors.
const manyVain = 3

// next is the anchor to ask; anchors must not be empty.
func (c *choosing) next(anchors []netip.AddrPort) netip.AddrPort {
	// What was dead may be all that answers now.
	inUse := func(a netip.AddrPort) bool { return a.String() == c.use }
	fresh := func(a netip.AddrPort) bool {
		return (len(c.row) > 1 || !c.dead[a.String()]) && !slices.Contains(c.row, a.String())
	}
	alive := func(a netip.AddrPort) bool { return !c.dead[a.String()] }
	for _, wanted := range []struct {
		when bool
		is   func(netip.AddrPort) bool
	}{{len(c.row) == 0, inUse}, {true, fresh}, {len(c.row) == 1, alive}} {
		if n := slices.IndexFunc(anchors, wanted.is); wanted.when && n >= 0 {
			return anchors[n]
		}
	}
	return anchors[c.turn%len(anchors)]
}

// heard takes what became of asking.
func (c *choosing) heard(anchor string, state State) {
	switch state {
	case Lost:
		c.turn++
		if len(c.row) < manyVain {
			c.row = append(c.row, anchor)
		}
	case Answered:
		if c.dead == nil {
			c.dead = map[string]bool{}
		}
		for _, a := range c.row {
			if _, answered := c.dead[a]; !answered && len(c.row) < manyVain {
				c.dead[a] = true
			}
		}
		c.use, c.row, c.dead[anchor] = anchor, nil, false
	}
}
