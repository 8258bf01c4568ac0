package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/link"
)

// first is how the server that every program asks first was asked as they do.
func (s *scene) first() (dns.Query, bool) {
	list := s.configured()
	if len(list) == 0 {
		return dns.Query{}, false
	}
	return s.usual(list[0])
}

// usual is the question on which a server is judged.
func (s *scene) usual(srv dns.Server) (dns.Query, bool) { return srv.Usual(s.dns.Conf) }

func udpMatters(s *scene) diag.Tri { return diag.TriOf(!s.dns.Conf.Has("use-vc")) }

// overTCP: the first server's answer over TCP was one of these.
func overTCP(states ...string) Clue {
	return func(s *scene) diag.Tri {
		list := s.deciding()
		if len(list) == 0 {
			return diag.No
		}
		q, ok := list[0].Find("tcp", dns.KindName, "A")
		if !ok {
			return diag.Maybe
		}
		return isIn(q.State(), states)
	}
}

// tcpIsNoHelp: the TCP question to the first server has ended, without an
// answer. Until it has, silence over UDP alone may mean a blocked port.
func tcpIsNoHelp(s *scene) diag.Tri {
	if t := overTCP(dead...)(s); t != diag.Maybe || !s.run.Ended("dns.servers") {
		return t
	}
	return diag.Yes
}

// tcpNeeded: the answer did not fit a UDP packet, or resolv.conf wants TCP.
func tcpNeeded(s *scene) diag.Tri {
	if s.dns.Conf.Has("use-vc") {
		list := s.configured()
		if len(list) == 0 {
			return diag.No
		}
		q, ok := list[0].Find("udp", dns.KindName, "A")
		return diag.TriOf(ok && q.State() == dns.Works)
	}
	q, ok := s.first()
	if !ok {
		return diag.Maybe
	}
	return diag.TriOf(q.Cut)
}

// foremost is the server that programs ask first, and, where that is a stub
// on this PC, the first one behind it.
func (s *scene) foremost() []dns.Server {
	var out []dns.Server
	for _, list := range [][]dns.Server{s.configured(), s.deciding()} {
		if len(list) > 0 && (len(out) == 0 || out[0].Address != list[0].Address) {
			out = append(out, list[0])
		}
	}
	return out
}

// silent is a question of a kind that the first server never answered.
func (s *scene) silent(kind, qtype string) dns.Query {
	for _, srv := range s.foremost() {
		for _, q := range srv.Queries {
			if q.Kind == kind && q.Type == qtype && q.Proto == "udp" && q.Outcome == dns.Silent {
				return q
			}
		}
	}
	return dns.Query{}
}

func silentOn(kind, qtype string) Clue {
	return func(s *scene) diag.Tri { return diag.TriOf(s.silent(kind, qtype).Name != "") }
}

// lossy: the first server answers some questions only when they go out again.
// Then silence on one kind of question may be the line's.
func lossy(s *scene) diag.Tri {
	for _, srv := range s.foremost() {
		for _, q := range srv.Queries {
			again := q.Outcome == dns.Answered && q.Sends > 1 && !q.Plain && q.LastMS < resendMS-50
			lost := q.Outcome == dns.Silent && (q.Kind == dns.KindRandom || q.Kind == dns.KindName && q.Type == "A")
			if q.Proto == "udp" && (again || lost) {
				return diag.Yes
			}
		}
	}
	return diag.No
}

// resendMS is when a question goes out again: an answer that comes soon after
// answers the second packet, and the first one was lost.
const resendMS = 300

// askedForBoth: programs here ask for both kinds of address (resolv.conf(5),
// no-aaaa), and over UDP.
func askedForBoth(s *scene) diag.Tri {
	return diag.TriOf(!s.dns.Conf.Has("no-aaaa") && !s.dns.Conf.Has("use-vc"))
}

// stallMS is when a lookup counts as slow: servers that answer do so within
// 1.2 s, the C library's own patience is 5 s (diagnosis.md 2.3).
const stallMS = 1500

// quickLookup: the PC's own programs found the name without waiting, so
// whatever the servers leave out does no harm.
func quickLookup(s *scene) diag.Tri {
	for _, l := range s.dns.Lookups {
		if l.Outcome == dns.Found && !s.inHosts(l.Name) {
			return diag.TriOf(l.TookMS < stallMS)
		}
	}
	return diag.Maybe
}

// slowLookup: a program of this PC waited as well.
func slowLookup(s *scene) diag.Tri {
	for _, l := range s.dns.Lookups {
		if l.Outcome == dns.Slow || l.Outcome == dns.Found && l.TookMS > slowMS {
			return diag.Yes
		}
	}
	return diag.Maybe
}

// large is a question whose answer came only where it was allowed to be cut.
func (s *scene) large() dns.Query {
	for _, srv := range s.foremost() {
		for _, kind := range []struct{ kind, qtype string }{{dns.KindName, "A"}, {dns.KindLarge, "DNSKEY"}} {
			q, ok := srv.Find("udp", kind.kind, kind.qtype)
			if ok && q.Outcome == dns.Answered && q.Plain && q.Cut {
				return q
			}
		}
	}
	return dns.Query{}
}

// largeLost: with EDNS the large answer never came, without it the server
// answers that it is too large; and small answers come with EDNS.
func largeLost(s *scene) diag.Tri {
	if s.large().Name == "" {
		return diag.No
	}
	return s.smallWithEDNS()
}

// smallWithEDNS: the first server answers some question that carries EDNS.
func (s *scene) smallWithEDNS() diag.Tri {
	out := diag.Maybe
	for _, srv := range s.foremost() {
		for _, q := range srv.Queries {
			if q.Proto != "udp" || q.Outcome != dns.Answered || q.NoCheck {
				continue
			}
			if !q.Plain {
				return diag.Yes
			}
			out = diag.No
		}
	}
	return out
}

// plainOnly: nothing that carries EDNS is answered over UDP, all else is.
func plainOnly(s *scene) diag.Tri {
	q, ok := s.first()
	if !ok || q.Proto != "udp" {
		return diag.Maybe
	}
	if !q.Plain || q.Cut {
		return diag.No
	}
	if trip, known := s.roundTrip(); known && q.LastMS > 0 && trip >= q.TookMS-q.LastMS {
		return diag.Maybe // the answer with EDNS was still on its way when the question without went out
	}
	return not((*scene).smallWithEDNS)(s)
}

// ednsMatters: the C library asks without EDNS unless told otherwise, and
// then the missing answers are no fault, only worth knowing.
func ednsMatters(s *scene) diag.Status {
	if s.dns.Conf.Has("edns0") && quickLookup(s) == diag.No || s.dns.Conf.Has("edns0") && s.lookupFailed() {
		return diag.Fail
	}
	return diag.OK
}

// slowMS is a name service that people notice: ChromeOS warns above 400 ms
// (dns_latency_routine.cc).
const slowMS = 400

// swiftest is the best time of the first server over UDP, in milliseconds:
// one slow answer may be a name that nobody asked for in a while. What was
// only answered without EDNS counts from when it was asked so.
func (s *scene) swiftest() (took, at float64) {
	for _, q := range s.configured()[0].Queries {
		if q.Proto != "udp" || q.Outcome != dns.Answered || q.Kind == dns.KindLarge {
			continue
		}
		t := q.TookMS
		if q.Plain && q.LastMS > 0 {
			t = q.LastMS
		}
		if took == 0 || t < took {
			took, at = t, q.AtMS
		}
	}
	return took, at
}

// roundTrip is the time to the first server and back, and no less than to the
// nearest anchor: a server next door asks others that are far away.
func (s *scene) roundTrip() (ms float64, known bool) {
	for _, a := range s.net.Anchors {
		if answered(a.Outcome) && (!known || a.TookMS < ms) {
			ms, known = a.TookMS, true
		}
	}
	srv := s.configured()[0]
	if q, ok := srv.Find("tcp", dns.KindName, "A"); ok && q.ConnectMS > ms {
		ms = q.ConnectMS
		known = known || srv.Scope == link.Public
	}
	return ms, known
}

// slowService: even the best answer took far longer than the way. A server
// with an empty memory may need a few round trips of its own.
func slowService(s *scene) diag.Tri {
	took, _ := s.swiftest()
	trip, known := s.roundTrip()
	if took == 0 || !known || !s.run.Ended("dns.servers") {
		return diag.Maybe
	}
	return diag.TriOf(took > slowMS+2*trip)
}
