package dns

import "deskside/diag/link"

// Server states, from all its queries together.
const (
	Works        = "works"
	StateSilent  = "silent"
	StateClosed  = "closed"
	ServFail     = "servfail"
	RefusesUs    = "refused"
	StateDenied  = "denied"
	StateNoRoute = "unreachable"
	Garbage      = "malformed"
	NotKnown     = "" // no query has ended yet
)

// State sums up what a server did. An answer over either transport beats
// silence over the other; NOERROR or NXDOMAIN beats an error code. What it
// says when told not to check signatures does not count: nobody else asks so.
func (s Server) State() string {
	rank := map[string]int{Works: 9, ServFail: 8, RefusesUs: 7, Garbage: 6, StateClosed: 5, StateDenied: 4, StateNoRoute: 3, StateSilent: 2}
	best := NotKnown
	for _, q := range s.Queries {
		if st := q.State(); !q.NoCheck && rank[st] > rank[best] {
			best = st
		}
	}
	return best
}

// State is what one question says about the server.
func (q Query) State() string {
	switch q.Outcome {
	case Answered:
		switch q.Rcode {
		case "NOERROR", "NXDOMAIN":
			return Works
		case "SERVFAIL":
			return ServFail
		case "REFUSED":
			return RefusesUs
		}
		return Garbage
	case Silent:
		return StateSilent
	case Closed:
		return StateClosed
	case Denied:
		return StateDenied
	case NoRoute:
		return StateNoRoute
	case Malformed:
		return Garbage
	}
	return NotKnown
}

// Find returns the server's question of a kind, as put with checking enabled.
func (s Server) Find(proto, kind, qtype string) (Query, bool) {
	for _, q := range s.Queries {
		if q.Proto == proto && q.Kind == kind && q.Type == qtype && !q.NoCheck {
			return q, true
		}
	}
	return Query{}, false
}

// Usual is the question on which a server is judged, put as programs of this
// PC put it: the first one. Where that was lost and another one was answered,
// the answer counts: lines lose packets, and a server that says anything is
// not silent.
func (s Server) Usual(c Conf) (Query, bool) {
	first, ok := s.Find(c.proto(), KindName, "A")
	if ok && first.Outcome == Silent {
		for _, q := range s.Queries {
			if q.Proto == first.Proto && q.Outcome == Answered && !q.NoCheck {
				return q, true
			}
		}
	}
	return first, ok
}

// Remembers reports a stub on this PC that lives on what it asked before: the
// names that everybody asks for it knows, a name that nobody can have asked
// for gets no answer, and those behind it are silent when they are asked
// directly. A stub that asks them in another way than we can answers new
// names, and so is none of these.
func (f Facts) Remembers(s Server) bool {
	q, _ := s.Usual(f.Conf)
	fresh, ended := s.Find(f.Conf.proto(), KindRandom, "A")
	if s.Scope != link.Loopback || q.State() != Works || !ended || fresh.Outcome != Silent && fresh.Rcode != "SERVFAIL" {
		return false
	}
	silent := false
	for _, up := range f.withRole(Upstream) {
		switch a, _ := up.Find("udp", KindName, "A"); a.State() {
		case Works:
			return false
		case StateSilent, StateClosed, StateNoRoute:
			silent = true
		}
	}
	return silent
}

// Nowhere reports an answer that names no place at all (0.0.0.0, ::, this PC)
// or says that policy holds the name back: extended errors 15 to 18 (Blocked,
// Censored, Filtered, Prohibited), RFC 8914 4.16 to 4.19.
func (q Query) Nowhere() bool {
	for _, e := range q.Errors {
		if e >= 15 && e <= 18 {
			return true
		}
	}
	for _, s := range q.Scopes {
		if s != link.Null && s != link.Loopback {
			return false
		}
	}
	return len(q.Scopes) > 0
}

// Inward reports that an answer points inside: to this PC, a local network,
// or nowhere. Stand-in addresses of a tunnel mean no harm.
func (q Query) Inward() bool {
	for _, s := range q.Scopes {
		if s == link.Public || s == link.StandIn {
			return false
		}
	}
	return len(q.Scopes) > 0
}

// Misled reports an answer that leads a name inside while a control resolver
// knows public addresses for it. Without that second opinion a private address
// may be what the operator of the name wants, so nothing is said. Even with it
// there may be no harm: companies have addresses of their own inside for names
// that the world knows too (split horizon). Only who is met there can tell.
func (f Facts) Misled(q Query) bool {
	if !q.Inward() || q.Nowhere() {
		return false
	}
	for _, s := range f.withRole(Control) {
		for _, other := range s.Queries {
			if other.about(q) && len(other.Scopes) > 0 && !other.Inward() {
				return true
			}
		}
	}
	return false
}

// Withheld reports that a name has no address here, and elsewhere it has: the
// control resolver's answer, false where there is none. Filters that say no
// more than "no such name" do this, and so do routers that let no name lead
// inside (protection against DNS rebinding).
func (f Facts) Withheld(q Query) (elsewhere Query, ok bool) {
	if q.State() != Works || len(q.IPs) > 0 || q.Cut {
		return Query{}, false
	}
	for _, s := range f.withRole(Control) {
		for _, other := range s.Queries {
			if other.about(q) && other.State() == Works && len(other.IPs) > 0 && !other.Nowhere() {
				return other, true
			}
		}
	}
	return Query{}, false
}

// about reports a question for the same thing, a name that must resolve.
func (q Query) about(other Query) bool {
	return (q.Kind == KindName || q.Kind == KindMore) && q.Name == other.Name && q.Type == other.Type && !q.NoCheck
}

// Invented reports an address for a name that cannot exist. Tunnels that hand
// out stand-in addresses for every name mean no harm by it, and a filter that
// leads what it does not know nowhere makes nothing up.
func (q Query) Invented() bool {
	if q.Kind != KindRandom || q.Outcome != Answered || q.Rcode != "NOERROR" || q.Nowhere() {
		return false
	}
	for _, scope := range q.Scopes {
		if scope != link.StandIn {
			return true
		}
	}
	return false
}

// StandsIn reports an answer of nothing but a tunnel's stand-in addresses.
func (q Query) StandsIn() bool {
	for _, s := range q.Scopes {
		if s != link.StandIn {
			return false
		}
	}
	return len(q.Scopes) > 0
}
