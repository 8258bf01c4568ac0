// Package lan asks the segment itself, where this PC has the right to: does
// somebody else have our address, who hands out addresses, and which other
// device could be the router. It sends ARP probes (RFC 5227) and DHCPDISCOVER
// (RFC 2131); it never asks for a lease.
package lan

import (
	"deskside/diag"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "lan"}

// Facts are what the segment said.
type Facts struct {
	MayAsk diag.Tri `json:"may_ask" privacy:"none"` // Yes: packet sockets can be opened (CAP_NET_RAW)
	Own    []Own    `json:"own,omitempty"`
	Others []Other  `json:"others,omitempty"`
	DHCP   DHCP     `json:"dhcp"`
	Heard  []Heard  `json:"heard,omitempty"`
	Port   Port     `json:"port"`
	// Routers6 are those that announced themselves, where there are several.
	Routers6 []Router6 `json:"routers6,omitempty"`
	Mirror   Mirror    `json:"mirror"`
}

// Port is what the switch at the other end of a cable says about letting this
// PC in (IEEE 802.1X), and what this PC's own supplicant says.
type Port struct {
	Index    int     `json:"index,omitempty" privacy:"none"` // of the link
	Started  int     `json:"started" privacy:"none"`         // EAPOL-Start frames sent
	Requests int     `json:"requests" privacy:"none"`        // EAP requests heard from the switch
	Refused  int     `json:"refused" privacy:"none"`         // EAP failures
	Opened   bool    `json:"opened" privacy:"none"`          // EAP success
	AtMS     float64 `json:"at_ms,omitempty" privacy:"none"` // of the first word of the switch
	// Client is by which sign this PC is set up to sign in at the port:
	// wpa_supplicant, interfaces, NetworkManager; empty: by none.
	Client string `json:"client,omitempty" privacy:"none"`
	// Waits: the client says that it has not been let in.
	Waits diag.Tri `json:"waits" privacy:"none"`
}

// Mirror is frames that came in with this PC's own hardware address as their
// sender.
type Mirror struct {
	Index  int     `json:"index,omitempty" privacy:"none"` // of the link
	Frames int     `json:"frames" privacy:"none"`
	AtMS   float64 `json:"at_ms,omitempty" privacy:"none"` // of the first
}

// Own is one of this PC's addresses and who else claims it.
type Own struct {
	Address string   `json:"address" privacy:"ip"`
	Index   int      `json:"index" privacy:"none"` // of the link
	Asked   int      `json:"asked" privacy:"none"` // ARP probes sent
	MACs    []string `json:"macs,omitempty" privacy:"mac"`
	AtMS    float64  `json:"at_ms,omitempty" privacy:"none"` // of the first foreign claim
}

// Heard is who else speaks on a link, by what they say of themselves in ARP
// while this run listens. Addresses that a device made up for itself
// (169.254/16) do not count.
type Heard struct {
	Index   int      `json:"index" privacy:"none"`  // of the link
	Inside  int      `json:"inside" privacy:"none"` // senders within a network of this PC on that link
	Outside int      `json:"outside" privacy:"none"`
	Senders []string `json:"senders,omitempty" privacy:"ip"` // outside ones, at most 8
	AtMS    float64  `json:"at_ms" privacy:"none"`           // of the first
}

// Router6 is an IPv6 router that announced itself, and whether it is there.
type Router6 struct {
	Address string   `json:"address" privacy:"ip"`
	Index   int      `json:"index" privacy:"none"` // of the link
	Asked   int      `json:"asked" privacy:"none"` // neighbour solicitations sent
	Answers diag.Tri `json:"answers" privacy:"none"`
	MAC     string   `json:"mac,omitempty" privacy:"mac"`
	Leads   diag.Tri `json:"leads" privacy:"none"` // Yes: a packet sent through it on purpose got further
	AtMS    float64  `json:"at_ms,omitempty" privacy:"none"`
}

// Other is a device that may be the router, though no route leads there.
type Other struct {
	Address string   `json:"address" privacy:"ip"`
	Index   int      `json:"index" privacy:"none"`  // link it was asked on
	Known   string   `json:"known" privacy:"none"`  // lease, config, offer, or usual (the first or last address of the next wider network)
	Inside  bool     `json:"inside" privacy:"none"` // lies in the network of an address of this PC on that link
	Asked   int      `json:"asked" privacy:"none"`
	Answers diag.Tri `json:"answers" privacy:"none"`
	AtMS    float64  `json:"at_ms,omitempty" privacy:"none"`
}

// DHCP is one DHCPDISCOVER and what came back.
type DHCP struct {
	Client  string  `json:"client,omitempty" privacy:"none"` // by which sign this PC asks for addresses by itself; empty: by none
	Routed  bool    `json:"routed,omitempty" privacy:"none"` // a lease on file names the router that this PC uses now
	Planned bool    `json:"planned" privacy:"none"`          // this PC lacks an address and may ask
	Index   int     `json:"index,omitempty" privacy:"none"`  // link it was asked on
	Sent    int     `json:"sent" privacy:"none"`
	AtMS    float64 `json:"at_ms,omitempty" privacy:"none"`
	Offers  []Offer `json:"offers,omitempty"`
}

// Offer is one answer to a DHCPDISCOVER.
type Offer struct {
	Server    string     `json:"server" privacy:"ip"`
	MAC       string     `json:"mac,omitempty" privacy:"mac"`
	Refused   bool       `json:"refused" privacy:"none"` // DHCPNAK, or an offer without an address
	Address   string     `json:"address,omitempty" privacy:"ip"`
	Scope     link.Scope `json:"scope,omitempty" privacy:"none"`
	Bits      int        `json:"bits,omitempty" privacy:"none"`
	Foreign   bool       `json:"foreign,omitempty" privacy:"none"` // Address lies in none of this PC's networks on that link
	Router    string     `json:"router,omitempty" privacy:"ip"`
	IsGateway bool       `json:"is_gateway" privacy:"none"` // Router is the next hop of a default route now
	AtMS      float64    `json:"at_ms" privacy:"none"`
}
