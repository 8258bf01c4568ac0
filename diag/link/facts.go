// Package link reads what the PC knows about its own network without sending
// anything: links, addresses, routes, where the kernel would send a packet,
// and which of all that carries the SSH session. It is the local half of the
// connectivity check.
package link

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "link"}

// Facts are one consistent picture of the kernel's tables.
type Facts struct {
	AtMS      float64     `json:"at_ms" privacy:"none"`
	Readable  diag.Tri    `json:"readable" privacy:"none"` // Yes: the tables were read; No: Why says why
	Why       string      `json:"why,omitempty" privacy:"none"`
	Links     []Link      `json:"links,omitempty"`
	Addresses []Address   `json:"addresses,omitempty"`
	Routes    []Route     `json:"routes,omitempty"` // default routes of every table the rules use, and on-link ones; at most 256
	Paths     []Path      `json:"paths,omitempty"`
	Session   *Session    `json:"session,omitempty"`
	Rules     []Rule      `json:"rules,omitempty"`                     // policy rules that somebody added, in the kernel's order; at most 32
	Change    []Change    `json:"change,omitempty"`                    // what the counters did while this run watched
	Losses    []Losses    `json:"losses,omitempty"`                    // what the kernel's log says of the last minutes
	LogDenied bool        `json:"log_denied,omitempty" privacy:"none"` // the kernel's log may not be read
	WireGuard []WireGuard `json:"wireguard,omitempty"`
}

// Rule is one policy routing rule (ip-rule(8)) beside the three that every PC
// has.
type Rule struct {
	Family   int  `json:"family" privacy:"none"`
	Priority int  `json:"priority" privacy:"none"`
	Table    int  `json:"table,omitempty" privacy:"none"`
	Refuses  bool `json:"refuses,omitempty" privacy:"none"` // leads to no table: blackhole, unreachable, prohibit
}

// Change is what one link's counters did over a window of this run.
type Change struct {
	Index    int     `json:"index" privacy:"none"` // of the link
	WindowMS float64 `json:"window_ms" privacy:"none"`
	Errors   uint64  `json:"rx_errors" privacy:"none"` // CRC, frame, missed, and collisions
	Received uint64  `json:"rx_packets" privacy:"none"`
	Sent     uint64  `json:"tx_packets" privacy:"none"`
	Flaps    int     `json:"carrier_changes" privacy:"none"`
}

// WireGuard is what a WireGuard tunnel that is up says of itself.
type WireGuard struct {
	Index    int      `json:"index" privacy:"none"` // of the link
	Readable diag.Tri `json:"readable" privacy:"none"`
	Why      string   `json:"why,omitempty" privacy:"none"` // the error, where it may not be read
	Peers    int      `json:"peers" privacy:"none"`
	AgeS     float64  `json:"age_s" privacy:"none"` // since the newest handshake with a peer; -1: there was none
}

// HandshakeLimitS is when a tunnel's keys are no longer used: 180 s without a
// handshake (REJECT_AFTER_TIME; Donenfeld, WireGuard, NDSS 2017, section 6.1).
const HandshakeLimitS = 180

// Losses is how often a link lost its carrier lately, by the kernel's log.
type Losses struct {
	Index   int     `json:"index" privacy:"none"` // of the link
	Times   int     `json:"times" privacy:"none"`
	WindowS float64 `json:"window_s" privacy:"none"` // how far back was looked
	Often   bool    `json:"often" privacy:"none"`    // more often than a person with a cable does
	AtMS    float64 `json:"at_ms" privacy:"none"`
}

// Link is one network interface.
type Link struct {
	Index    int    `json:"index" privacy:"none"`
	Name     string `json:"name" privacy:"iface"`
	Kind     string `json:"kind" privacy:"none"` // ether, wifi, veth, bridge, tun, wireguard, ppp, bond, vlan, loopback, other
	MAC      string `json:"mac,omitempty" privacy:"mac"`
	Hardware bool   `json:"hardware,omitempty" privacy:"none"` // stands for a device, not for something this PC made up
	NoARP    bool   `json:"noarp,omitempty" privacy:"none"`    // IFF_NOARP: no next hop can be asked for (TUN, PPP, WireGuard)
	Up       bool   `json:"up" privacy:"none"`                 // IFF_UP: switched on by the administrator
	Carrier  bool   `json:"carrier" privacy:"none"`            // IFF_LOWER_UP: cable or radio link there
	Oper     string `json:"oper" privacy:"none"`               // IF_OPER_*: up, down, dormant, unknown …
	MTU      int    `json:"mtu" privacy:"none"`
	Master   int    `json:"master,omitempty" privacy:"none"` // index of the bridge or bond it belongs to
	Lower    int    `json:"lower,omitempty" privacy:"none"`  // index of the link a VLAN or macvlan stands on
	Plain    bool   `json:"plain" privacy:"none"`            // could carry this PC's own traffic: not loopback, tunnel, container plumbing
	SpeedMb  int    `json:"speed_mbit,omitempty" privacy:"none"`
	Duplex   string `json:"duplex,omitempty" privacy:"none"`
	Gigabit  bool   `json:"gigabit,omitempty" privacy:"none"`         // the adapter could do 1000 Mbit/s (ETHTOOL_GSET, supported)
	Flaps    int    `json:"carrier_changes,omitempty" privacy:"none"` // /sys/class/net/X/carrier_changes, since boot
	RxErrors uint64 `json:"rx_errors,omitempty" privacy:"none"`
	RxFrames uint64 `json:"rx_packets,omitempty" privacy:"none"`
}

// Address is one address on a link.
type Address struct {
	Index  int    `json:"index" privacy:"none"` // of the link
	IP     string `json:"ip" privacy:"ip"`
	Bits   int    `json:"bits" privacy:"none"`
	Family int    `json:"family" privacy:"none"` // 4 or 6
	Scope  Scope  `json:"scope" privacy:"none"`
	State  string `json:"state,omitempty" privacy:"none"`  // tentative, duplicate (RFC 4862 duplicate address detection failed)
	Leased bool   `json:"leased,omitempty" privacy:"none"` // has a lifetime: from DHCP or a router advertisement
	// Wide: its network reaches outside the block the address is from, so that
	// strangers' addresses are taken for neighbours (see wide).
	Wide bool `json:"wide,omitempty" privacy:"none"`
}

// Scope says what kind of address it is, so that judges need not look at the
// digits (which a redacted report replaces).
type Scope string

// Scopes of addresses: RFC 1122, 1918, 3927, 6598, 4193, 4291.
const (
	Loopback  Scope = "loopback"
	LinkLocal Scope = "link-local" // 169.254/16, fe80::/10
	Private   Scope = "private"    // RFC 1918, fc00::/7
	CGNAT     Scope = "cgnat"      // 100.64/10
	Public    Scope = "public"
	Null      Scope = "null"     // 0.0.0.0, ::
	StandIn   Scope = "stand-in" // 198.18/15 (RFC 2544): what a tunnel on this PC gives out instead of real addresses
	Other     Scope = "other"
)

// Route is one route.
type Route struct {
	Family  int    `json:"family" privacy:"none"`
	Default bool   `json:"default" privacy:"none"`
	Dst     string `json:"dst,omitempty" privacy:"ip"`     // prefix; empty for default
	Gateway string `json:"gateway,omitempty" privacy:"ip"` // empty: on-link
	Index   int    `json:"index" privacy:"none"`           // of the link
	Metric  int    `json:"metric" privacy:"none"`
	Table   int    `json:"table" privacy:"none"`
	Type    string `json:"type" privacy:"none"`               // unicast, blackhole, unreachable, prohibit
	Dead    bool   `json:"linkdown,omitempty" privacy:"none"` // RTNH_F_LINKDOWN or RTNH_F_DEAD
	// Advertised: a router announced itself (RFC 4861; RTPROT_RA).
	Advertised bool `json:"advertised,omitempty" privacy:"none"`
}

// Path is the kernel's answer to "how would you reach this?" (RTM_GETROUTE).
type Path struct {
	For       string   `json:"for" privacy:"none"` // anchor, dns, session
	Dest      string   `json:"dest" privacy:"ip"`
	Family    int      `json:"family" privacy:"none"`
	Reachable diag.Tri `json:"reachable" privacy:"none"`       // Yes: there is a route
	Errno     string   `json:"errno,omitempty" privacy:"none"` // ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL
	Index     int      `json:"index,omitempty" privacy:"none"` // of the link it leaves by
	Gateway   string   `json:"gateway,omitempty" privacy:"ip"` // empty: on-link
	Source    string   `json:"source,omitempty" privacy:"ip"`
	Table     int      `json:"table,omitempty" privacy:"none"` // the routing table that answered
}

// Session is the SSH connection this program is driven over. It is evidence
// (its path works) and names what no fix may cut.
type Session struct {
	Client     string   `json:"client" privacy:"ip"`
	Server     string   `json:"server" privacy:"ip"`
	Index      int      `json:"index" privacy:"none"` // link that carries it; 0 unknown
	Gateway    string   `json:"gateway,omitempty" privacy:"ip"`
	OnLink     diag.Tri `json:"on_link" privacy:"none"`
	OwnAddress diag.Tri `json:"own_address" privacy:"none"` // Server is an address of this PC's links
}

// To returns the paths asked for one purpose: "anchor", "dns", "session".
func (f Facts) To(purpose string) []Path {
	var out []Path
	for _, p := range f.Paths {
		if p.For == purpose {
			out = append(out, p)
		}
	}
	return out
}

// Link returns the link with an index.
func (f Facts) Link(index int) (Link, bool) {
	for _, l := range f.Links {
		if l.Index == index {
			return l, true
		}
	}
	return Link{}, false
}

// OwnMAC reports that a hardware address is one of this PC's links.
func (f Facts) OwnMAC(mac string) bool {
	for _, l := range f.Links {
		if mac != "" && l.MAC == mac {
			return true
		}
	}
	return false
}

// AddressesOf returns the addresses of a link.
func (f Facts) AddressesOf(index int) []Address {
	var out []Address
	for _, a := range f.Addresses {
		if a.Index == index {
			out = append(out, a)
		}
	}
	return out
}

// Defaults returns the unicast default routes of a family (4 or 6), best
// metric first.
func (f Facts) Defaults(family int) []Route {
	var out []Route
	for _, r := range f.Routes {
		if r.Default && r.Family == family && r.Type == "unicast" {
			at := len(out)
			for at > 0 && out[at-1].Metric > r.Metric {
				at--
			}
			out = append(out[:at], append([]Route{r}, out[at:]...)...)
		}
	}
	return out
}

// Tunnel reports a link that carries packets inside other packets.
func (l Link) Tunnel() bool { return tunnelKinds[l.Kind] }

// Main is the routing table of a PC without policy routing (ip-route(8)).
const Main = 254

// notHere is why nothing was read on a system whose tables this program does
// not read yet.
const notHere = "not on this system"
