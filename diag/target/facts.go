// Package target looks at the one thing that does not work: a name, an
// address, a port or a URL that a person named, and the operator's own
// services of the configuration. It climbs a ladder (name, TCP, TLS, HTTP),
// directly and through the proxy that programs would use, and says at which
// rung it broke.
package target

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "target"}

// Facts are the targets in the order they were given: the person's first.
type Facts struct {
	Targets []Target `json:"targets,omitempty"`
}

// Target is one thing that should work, and how far the way to it leads.
// Paths and queries of a URL are asked for and never kept.
type Target struct {
	Configured bool   `json:"configured,omitempty" privacy:"none"` // one of [probe].services; otherwise a person named it
	Scheme     string `json:"scheme,omitempty" privacy:"none"`     // https, http; empty: by the port
	Name       string `json:"name,omitempty" privacy:"domain"`
	IP         string `json:"ip,omitempty" privacy:"ip"`      // instead of a name
	Local      bool   `json:"local_name" privacy:"none"`      // a name that means something here only: asked of this PC's own servers, nobody else
	Ports      []int  `json:"ports,omitempty" privacy:"none"` // in the order they are tried

	Lookup   *Lookup       `json:"lookup,omitempty"` // absent: cut, or an address was given
	Connects []Connect     `json:"connects,omitempty"`
	TLS      *internet.TLS `json:"tls,omitempty"`
	// Decoy is a handshake at the same place for another name, tried when the
	// one for the target's own name came to nothing (see HungUp).
	Decoy *internet.TLS  `json:"other_name,omitempty"`
	HTTP  *internet.Head `json:"http,omitempty"`
	// Dropped: the kernel itself could not send while a connect stayed silent.
	Dropped bool              `json:"dropped_here,omitempty" privacy:"none"`
	Ended   bool              `json:"ended" privacy:"none"`             // the direct way was climbed as far as it goes
	Proxied bool              `json:"proxied,omitempty" privacy:"none"` // programs would go through a proxy
	Passage *internet.Passage `json:"passage,omitempty"`                // what came of going through it
}

// Lookup is the first rung: who knows the name.
type Lookup struct {
	By     string  `json:"by,omitempty" privacy:"none"`     // hosts, configured, system, control; empty: nobody gave an address
	System string  `json:"system,omitempty" privacy:"none"` // what the system's own lookup said (dns.Found …); empty: it was not waited for
	Told   []Told  `json:"told,omitempty"`
	AtMS   float64 `json:"at_ms" privacy:"none"`
	TookMS float64 `json:"took_ms" privacy:"none"`
}

// Told is what one server said.
type Told struct {
	Server string `json:"server" privacy:"ip"`
	Role   string `json:"role" privacy:"none"`
	dns.Query
}

// BySystem is Lookup.By where only the system's own lookup knew the name: a
// search list, mDNS, or another source of nsswitch.conf.
const BySystem = "system"

// Connect is one TCP connect.
type Connect struct {
	internet.Connect
	Scope link.Scope `json:"scope,omitempty" privacy:"none"`
	// OnLink: no router stands between this PC and the address. Neighbour is
	// then the state of its entry in the neighbour table when the connect had
	// failed (ip-neighbour(8)).
	OnLink    diag.Tri `json:"on_link" privacy:"none"`
	Neighbour string   `json:"neighbour,omitempty" privacy:"none"`
	// Companion: not the port that was asked for, but one that tells a dead
	// host from a port that somebody on the way keeps shut.
	Companion bool `json:"companion,omitempty" privacy:"none"`
}

// Given reports that there is a target at all: without one the check is not
// part of a run.
func Given(f diag.Facts) bool { return len(Section.Of(f).Targets) > 0 }

// Shown is what a person calls the target: its name or address.
func (t Target) Shown() string {
	if t.Name != "" {
		return t.Name
	}
	return t.IP
}

// Port is the port that the ladder stands on: the one that answered, or else
// the first that was tried.
func (t Target) Port() int {
	for _, c := range t.Connects {
		if c.Outcome == internet.Connected && !c.Companion {
			return c.Port
		}
	}
	if len(t.Ports) == 0 {
		return 0
	}
	return t.Ports[0]
}
