package target

// Break is what stopped the way to a target.
type Break string

// Breaks, rung by rung.
const (
	Pending Break = "pending" // not known yet, or cut
	Whole   Break = "whole"   // it answers

	NameUnknown  Break = "name_unknown"  // every server that speaks says: there is no such name
	NameWithheld Break = "name_withheld" // this PC's servers hide a name that others know
	NameFailed   Break = "name_failed"   // nobody gave an address: the name service is what fails

	NeighbourGone Break = "neighbour_gone" // on the local network, and nobody answers for the address
	Refused       Break = "refused"        // the host is there, the port is closed
	Filtered      Break = "filtered"       // silent on this port, alive on another
	Silent        Break = "silent"         // no word from any address
	NoRoute       Break = "no_route"       // this PC has no way there
	Denied        Break = "denied"         // this PC's own rules

	Mute       Break = "mute"        // takes connections and says nothing that was to come
	HungUp     Break = "hung_up"     // ends the handshake once it hears the name, and speaks with who says another
	Expired    Break = "expired"     // certificate out of its time
	WrongName  Break = "wrong_name"  // certificate for somebody else
	Untrusted  Break = "untrusted"   // signed by nobody this PC knows
	ServerFail Break = "server_fail" // HTTP 5xx

	ProxyDead    Break = "proxy_dead"    // the proxy itself takes no connections
	ProxyLogin   Break = "proxy_login"   // it wants a login that is not set here
	ProxyRefuses Break = "proxy_refuses" // it does not let this through, while directly it works

	Dead6 Break = "dead6" // works over IPv4 only, though it has an IPv6 address
	Slow  Break = "slow"  // the answer comes late
)

// Break is pure: where programs of this PC get stuck on the way to the target.
// Where a proxy applies, its way counts; the direct one tells whose fault it is.
func (t Target) Break() Break {
	direct := t.direct()
	if !t.Proxied {
		return direct
	}
	if t.Passage == nil {
		return Pending
	}
	proxied := t.through()
	switch {
	case proxied == Whole:
		return Whole
	case proxied == ProxyDead, proxied == ProxyLogin, proxied == ProxyRefuses:
		return proxied
	case direct == Pending:
		return Pending
	case direct == Whole || direct == Slow || direct == Dead6:
		return ProxyRefuses
	case proxied == ServerFail && (direct == NameUnknown || direct == NameFailed || direct == NameWithheld):
		return Silent // a network where only the proxy knows names: the far end is what it did not reach
	}
	return direct
}

// direct climbs the recorded rungs.
func (t Target) direct() Break {
	if t.Name != "" {
		if t.Lookup == nil {
			return Pending
		}
		if t.Lookup.By == "" {
			return t.Lookup.end()
		}
		if t.Lookup.hidden() {
			return NameWithheld
		}
	}
	if stuck := t.connects(); stuck != Whole {
		return stuck
	}
	port := t.Port()
	p := t.protocol(port)
	if p == secure || p == webSecure {
		if t.TLS == nil {
			return Pending // its end is still out, or was cut
		}
		if t.hungUp() {
			return HungUp
		}
		if stuck := chain(*t.TLS); stuck != Whole {
			return stuck
		}
	}
	if p == webPlain || p == webSecure {
		if t.HTTP == nil {
			return Pending
		}
		if stuck := answer(*t.HTTP); stuck != Whole {
			return stuck
		}
	}
	return t.blemish()
}
