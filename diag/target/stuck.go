package target

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// slowMS is the server's own time, in milliseconds, from which on a person
// notices that nothing happens: the one-second limit of Nielsen, Usability
// Engineering (1993), chapter 5.5. Round trips are taken off first.
const slowMS = 1000

// end of a lookup that gave no address.
func (l Lookup) end() Break {
	denied, known := 0, false
	spoke := false
	for _, told := range l.Told {
		if told.Outcome != dns.Answered {
			continue
		}
		none := told.Rcode == "NXDOMAIN" || told.Rcode == "NOERROR" && len(told.IPs) == 0
		switch {
		case told.Role == dns.Control && len(told.IPs) > 0:
			known = true
		case told.Role != dns.Control && none:
			denied++
			spoke = true
		case told.Role == dns.Control && told.Rcode == "NXDOMAIN":
			spoke = true
		}
	}
	switch {
	case denied > 0 && known:
		return NameWithheld
	case denied > 0 || spoke && len(l.own()) == 0:
		return NameUnknown
	}
	return NameFailed
}

// own are the answers of this PC's own servers.
func (l Lookup) own() []Told {
	var out []Told
	for _, t := range l.Told {
		if t.Role != dns.Control {
			out = append(out, t)
		}
	}
	return out
}

// hidden: this PC's servers lead the name nowhere (0.0.0.0, this PC), as
// filters do.
func (l Lookup) hidden() bool {
	if l.By != dns.ByConfigured {
		return false
	}
	found := false
	for _, t := range l.own() {
		for _, scope := range t.Scopes {
			if scope != link.Null && scope != link.Loopback {
				return false
			}
			found = true
		}
	}
	return found
}

// connects: did any address take a connection, and if not, how did they fail?
// The clearest word wins: a refusal proves a host, silence proves nothing.
func (t Target) connects() Break {
	ends := map[internet.Outcome]int{}
	alive, gone := false, false
	for _, c := range t.Connects {
		if c.Companion {
			alive = alive || c.Outcome == internet.Connected || c.Outcome == internet.Refused
			continue
		}
		ends[c.Outcome]++
		if c.OnLink == diag.Yes && (c.Neighbour == "incomplete" || c.Neighbour == "failed") {
			gone = true
		}
	}
	if ends[internet.Connected] > 0 {
		if len(t.Ports) > 1 && t.Port() != t.Ports[0] && t.ended(t.Ports[0], internet.Timeout) {
			return Filtered // 443 silent and 80 open: a browser hangs on the first
		}
		return Whole
	}
	switch {
	case !t.Ended:
		return Pending
	case ends[internet.Refused] > 0:
		return Refused
	case gone:
		return NeighbourGone
	case ends[internet.Denied] > 0, t.Dropped:
		return Denied
	case alive:
		return Filtered
	case ends[internet.Timeout] > 0:
		return Silent
	case ends[internet.NoNetwork] > 0:
		return NoRoute
	case len(t.Connects) == 0:
		return NoRoute // addresses of a family that this PC does not have
	}
	return Mute
}

// ended reports that every address ended so on a port.
func (t Target) ended(port int, o internet.Outcome) bool {
	n := 0
	for _, c := range t.Connects {
		if c.Port != port {
			continue
		}
		if c.Outcome != o {
			return false
		}
		n++
	}
	return n > 0
}

// chain judges a handshake. A certificate that is good at the servers' time is
// good: the clock of this PC is what is wrong.
func chain(t internet.TLS) Break {
	verdict := t.Now
	if verdict != internet.Trusted && t.Then != "" {
		verdict = t.Then
	}
	switch verdict {
	case internet.Expired, internet.NotYetValid:
		return Expired
	case internet.WrongName:
		return WrongName
	case internet.UnknownCA, internet.BadChain:
		return Untrusted
	}
	if t.Outcome != internet.Connected {
		return Mute
	}
	return Whole
}

// answer judges the head of an HTTP answer. A page that is not there (404) or
// wants a login (401) is an answer all the same.
func answer(h internet.Head) Break {
	switch {
	case h.Outcome != internet.Connected:
		return Mute
	case h.Status >= 500:
		return ServerFail
	}
	return Whole
}

// blemish: it works, but one thing about it hurts.
func (t Target) blemish() Break {
	if !t.Ended {
		return Pending
	}
	works4, dead6, trip := false, false, 0.0
	for _, c := range t.Connects {
		switch {
		case c.Family == 4 && c.Outcome == internet.Connected:
			works4, trip = true, max(trip, c.TookMS)
		case c.Family == 6 && c.Outcome == internet.Connected:
			return t.pace(max(trip, c.TookMS))
		case c.Family == 6 && c.Port == t.Port():
			dead6 = dead6 || c.Outcome == internet.Timeout || c.Outcome == internet.Refused || c.Outcome == internet.NoNetwork
		}
	}
	if works4 && dead6 {
		return Dead6
	}
	return t.pace(trip)
}

// pace takes the round trips off: one for the answer (RFC 9112), two for the
// handshake (TLS 1.2, RFC 5246, 7.3).
func (t Target) pace(trip float64) Break {
	if t.HTTP != nil && t.HTTP.TookMS-trip > slowMS || t.TLS != nil && t.TLS.TookMS-2*trip > slowMS {
		return Slow
	}
	return Whole
}
