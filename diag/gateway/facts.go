// Package gateway looks at the router: does it answer on the wire, does it
// answer to echo, which hops beyond it answer, and what they say.
package gateway

import (
	"deskside/diag"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "gateway"}

// Facts are what the routers and the hops behind them said.
type Facts struct {
	Routers []Router `json:"routers,omitempty"`
	Hops    []Hop    `json:"hops,omitempty"`
	// Overheard is what routers said to other programs, on Linux and with the
	// right to read all ICMP messages.
	Overheard []Overheard `json:"overheard,omitempty"`
	// Deaf: this process may not read them.
	Deaf bool `json:"deaf,omitempty" privacy:"none"`
}

// Router is one next hop of a default route (or the next hop towards the
// anchors when a tunnel is default).
type Router struct {
	Address string     `json:"address" privacy:"ip"`
	Family  int        `json:"family" privacy:"none"`
	Scope   link.Scope `json:"scope" privacy:"none"`
	Index   int        `json:"index" privacy:"none"` // link
	Used    bool       `json:"used" privacy:"none"`  // packets for an anchor leave through it now
	// Answers is the verdict on layer 2: Yes when the neighbour table or our
	// own ARP has a fresh MAC, No when nothing answered for 0.7 s or longer.
	Answers   diag.Tri `json:"answers" privacy:"none"`
	AnswersBy string   `json:"answers_by,omitempty" privacy:"none"` // arp, neighbour, icmp (a TTL-1 answer), none
	AtMS      float64  `json:"at_ms" privacy:"none"`
	WaitedMS  float64  `json:"waited_ms,omitempty" privacy:"none"` // how long until Answers was known
	State     string   `json:"state,omitempty" privacy:"none"`     // neighbour state: reachable, stale, delay, probe, incomplete, failed, noarp, permanent, none
	MACs      []string `json:"macs,omitempty" privacy:"mac"`       // every MAC that answered for the address
	OwnARP    bool     `json:"own_arp" privacy:"none"`             // we could ask ourselves (needs CAP_NET_RAW)
	Echo      Echo     `json:"echo"`
}

// Echo is a short series of ICMP echoes (pro-bing), milliseconds.
type Echo struct {
	Sent     int       `json:"sent" privacy:"none"`
	Received int       `json:"received" privacy:"none"`
	RTTMS    []float64 `json:"rtt_ms,omitempty" privacy:"none"`
	Lost     []int     `json:"lost,omitempty" privacy:"none"`    // which of them had no answer, counted from 0
	Skipped  string    `json:"skipped,omitempty" privacy:"none"` // permission, route, denied; empty when it ran
	AtMS     float64   `json:"at_ms,omitempty" privacy:"none"`
}

// Hop is the fate of one UDP packet sent towards an anchor with a small TTL,
// read from the socket's error queue (IP_RECVERR).
type Hop struct {
	TTL    int     `json:"ttl" privacy:"none"`
	Target string  `json:"target" privacy:"ip"`
	Family int     `json:"family" privacy:"none"`
	AtMS   float64 `json:"at_ms" privacy:"none"`
	RTTMS  float64 `json:"rtt_ms,omitempty" privacy:"none"`
	// Outcome: expired (11/0 from From), unreachable (3/x from From), silent
	// (nothing for the probe's budget), denied (EPERM or EACCES when sending),
	// noroute (ENETUNREACH, EHOSTUNREACH, EINVAL when sending), reached (port
	// unreachable from the target itself).
	Outcome string     `json:"outcome" privacy:"none"`
	From    string     `json:"from,omitempty" privacy:"ip"`
	Scope   link.Scope `json:"from_scope,omitempty" privacy:"none"`
	Router  bool       `json:"from_router,omitempty" privacy:"none"` // From is one of Routers, or the first hop under another of its addresses
	Self    bool       `json:"from_self,omitempty" privacy:"none"`   // From is an address of this PC: its own kernel speaks
	Type    int        `json:"icmp_type" privacy:"none"`             // as on the wire: RFC 792, or RFC 4443 for family 6
	Code    int        `json:"icmp_code" privacy:"none"`
	Errno   string     `json:"errno,omitempty" privacy:"none"`
}

// Outcomes of a hop probe.
const (
	Expired     = "expired"
	Unreachable = "unreachable"
	Silent      = "silent"
	Denied      = "denied"
	NoRoute     = "noroute"
	Reached     = "reached"
)

// Farthest returns the highest TTL that a hop answered with "time exceeded",
// over one family; 0 when none did.
func (f Facts) Farthest(family int) int {
	n := 0
	for _, h := range f.Hops {
		if h.Family == family && h.Outcome == Expired && h.TTL > n {
			n = h.TTL
		}
	}
	return n
}

// hop finds the fate of the packet of a family that was to go ttl hops.
func (f Facts) hop(family, ttl int) (Hop, bool) {
	for _, h := range f.Hops {
		if h.Family == family && h.TTL == ttl {
			return h, true
		}
	}
	return Hop{}, false
}

// NoWay reports that From said it knows no way to the target: net or host
// unreachable (RFC 792), no route or address unreachable (RFC 4443).
func (h Hop) NoWay() bool {
	if h.Outcome != Unreachable {
		return false
	}
	if h.Family == 6 {
		return h.Type == 1 && (h.Code == 0 || h.Code == 3)
	}
	return h.Type == 3 && (h.Code == 0 || h.Code == 1)
}
