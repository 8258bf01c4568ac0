package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/target"
	"deskside/diag/text"
)

// resolving are the findings that a PC without working name service shows.
var resolving = append([]string{"dns.configured", "dns.servers", "dns.resolves", "dns.honest"}, beyondNames...)

// dead are the ways in which a server gives no answer at all.
var dead = []string{dns.StateClosed, dns.StateSilent, dns.StateNoRoute}

// nameFound: the PC's own programs do resolve a probed name.
func nameFound(s *scene) diag.Tri {
	for _, l := range s.dns.Lookups {
		if l.Outcome == "found" && !s.inHosts(l.Name) {
			return diag.Yes
		}
	}
	return diag.Maybe
}

func (s *scene) inHosts(name string) bool {
	for _, e := range s.dns.Hosts.Entries {
		if e.Name == name {
			return true
		}
	}
	return false
}

// configured are the servers of resolv.conf, in its order.
func (s *scene) configured() []dns.Server {
	var out []dns.Server
	for _, srv := range s.dns.Servers {
		if srv.Role == dns.Configured {
			out = append(out, srv)
		}
	}
	return out
}

// deciding are the servers on which resolving depends: those of resolv.conf,
// or, where that names only a local stub which runs, those behind the stub.
// A stub is silent because its servers are.
func (s *scene) deciding() []dns.Server {
	if throughStub(s) != diag.Yes {
		return s.configured()
	}
	var out []dns.Server
	for _, srv := range s.dns.Servers {
		if srv.Role == dns.Upstream {
			out = append(out, srv)
		}
	}
	return out
}

// throughStub: resolv.conf names only a local stub, it is there, and the
// servers behind it are known and were asked. A stub that works needs no
// excuse: whoever stands behind it does as well, unless it only remembers.
func throughStub(s *scene) diag.Tri {
	if s.dns.Stub == nil || len(s.dns.Stub.Upstreams) == 0 || onlyLocalServers(s) != diag.Yes || stubGone(s) == diag.Yes {
		return diag.No
	}
	if first := s.configured()[0]; s.verdict(first) == dns.Works && !s.dns.Remembers(first) {
		return diag.No
	}
	for _, srv := range s.dns.Servers {
		if srv.Role == dns.Upstream {
			return diag.Yes
		}
	}
	return diag.No
}

// stubGone: nobody listens where resolv.conf points to on this PC, or the
// program behind it is known to be stopped.
func stubGone(s *scene) diag.Tri {
	list := s.configured()
	out := onlyLocalServers(s)
	for _, srv := range list {
		switch s.verdict(srv) {
		case dns.NotKnown:
			out = diag.Maybe
		case dns.StateClosed:
		case dns.StateSilent:
			if s.dns.Stub == nil || s.dns.Stub.Running != diag.No {
				return diag.No
			}
		default:
			return diag.No
		}
	}
	return out
}

// verdict is a server's state once the question that programs would put has
// ended; another transport must not condemn it, nor excuse it.
func (s *scene) verdict(srv dns.Server) string {
	q, ok := s.usual(srv)
	if !ok {
		return dns.NotKnown
	}
	return q.State()
}

func onlyLocalServers(s *scene) diag.Tri {
	list := s.configured()
	for _, srv := range list {
		if srv.Scope != link.Loopback {
			return diag.No
		}
	}
	return diag.TriOf(len(list) > 0)
}

// allServers: every configured server ended in one of these states.
func allServers(states ...string) Clue {
	return func(s *scene) diag.Tri {
		list := s.deciding()
		out := diag.TriOf(len(list) > 0)
		for _, srv := range list {
			switch v := s.verdict(srv); {
			case v == dns.NotKnown:
				out = diag.Maybe
			case !slices.Contains(states, v):
				return diag.No
			}
		}
		return out
	}
}

// firstServer: the one that every program asks first ended so.
func firstServer(states ...string) Clue {
	return func(s *scene) diag.Tri {
		list := s.deciding()
		if len(list) == 0 {
			return diag.No
		}
		v := s.verdict(list[0])
		if v == dns.NotKnown {
			return diag.Maybe
		}
		return diag.TriOf(slices.Contains(states, v))
	}
}

// lineTooSlow: even the quickest connect took most of the time that a question
// waits for its answer (1.2 s, diagnosis.md 2.3). Silence then says nothing of
// the server: its answer may still be on the way.
func lineTooSlow(s *scene) diag.Tri {
	const most = 900
	some := false
	for _, a := range s.net.Anchors {
		if a.Outcome == internet.Connected || a.Outcome == internet.Refused {
			if a.TookMS < most {
				return diag.No
			}
			some = true
		}
	}
	return diag.TriOf(some)
}

// speechless are the states of a server that tells no names, for whatever it
// says instead: an error, or what fits no question.
var speechless = []string{dns.ServFail, dns.RefusesUs, dns.Garbage, dns.StateClosed, dns.StateSilent}

// firstSpeaking: among the servers that answer at all, the first answers so.
func firstSpeaking(states ...string) Clue {
	return func(s *scene) diag.Tri {
		for _, srv := range s.deciding() {
			if v := s.verdict(srv); v != dns.NotKnown && !slices.Contains(dead, v) {
				return diag.TriOf(slices.Contains(states, v))
			}
		}
		return diag.Maybe
	}
}

// serversSpeak: a name server answers something.
func serversSpeak(s *scene) diag.Tri {
	return either(firstSpeaking(dns.ServFail), firstSpeaking(dns.RefusesUs))(s)
}

// wanDead: nothing beyond the router answers, so a server that says SERVFAIL
// only passes that on.
func wanDead(s *scene) diag.Tri {
	if networkWorks(s) == diag.Yes {
		return diag.No
	}
	return not(anchorsAnswer)(s)
}

// invention is an answer with addresses for a name that cannot exist.
func (s *scene) invention() (dns.Server, dns.Query) {
	for _, srv := range s.configured() {
		for _, q := range srv.Queries {
			if q.Invented() {
				return srv, q
			}
		}
	}
	return dns.Server{}, dns.Query{}
}

func inventedAnswer(s *scene) diag.Tri {
	_, q := s.invention()
	return diag.TriOf(q.Name != "")
}

// override is a line of /etc/hosts that gives a probed name another address
// than the name service does; one that leads it nowhere only if there is no
// other.
func (s *scene) override() (out dns.HostsEntry) {
	for _, e := range s.dns.Hosts.Entries {
		if e.Agrees == diag.No && (out.Line == 0 || out.Nowhere() && !e.Nowhere()) {
			out = e
		}
	}
	return out
}

// shutByHand: the lines that differ lead their names nowhere, nobody asked for
// one of these names, and a site shows that the web is there. Somebody chose
// that, and it is not for us to take back.
func shutByHand(s *scene) diag.Tri {
	named := target.Section.Of(s.facts).Targets
	return diag.TriOf(s.override().Nowhere() && len(named) == 0 && either(directWeb, someChainTrusted)(s) == diag.Yes)
}

func overrideHurts(s *scene) diag.Status {
	if shutByHand(s) == diag.Yes {
		return diag.OK
	}
	return diag.Fail
}

// overrideKind picks the words: a place that is wrong, or none.
func overrideKind(s *scene) string {
	if shutByHand(s) == diag.Yes {
		return "nowhere"
	}
	return "astray"
}

func hostsDiffer(s *scene) diag.Tri { return diag.TriOf(s.override().Line > 0) }

func firstServerArgs(s *scene) text.Args {
	var list []string
	for _, srv := range s.deciding() {
		list = append(list, srv.Address)
	}
	if len(list) == 0 {
		return nil
	}
	return text.Args{"Server": list[0], "Servers": list}
}

// serverEvidence says what each configured server did, and that a control
// resolver answered meanwhile.
func serverEvidence(s *scene) []diag.Evidence {
	var out []diag.Evidence
	for _, srv := range s.dns.Servers {
		for _, q := range srv.Queries {
			own := srv.Role == dns.Configured || srv.Role == dns.Upstream
			shown := own || q.Outcome == dns.Answered && (srv.Role == dns.Control || srv.Role == dns.Passed)
			if q.Kind != dns.KindName || q.Type != "A" || q.NoCheck || !shown {
				continue
			}
			key := "evidence.dns.query." + q.Outcome
			out = append(out, s.seen(q.AtMS, "dns/"+q.Proto, key, "Server", srv.Address, "Took", int(q.TookMS), "Rcode", q.Rcode))
		}
	}
	return append(out, s.passedOver()...)
}

// queryEvidence says what the first server did with one kind of question.
func (s *scene) queryEvidence(kind, qtype, key string) []diag.Evidence {
	var out []diag.Evidence
	for _, q := range s.configured()[0].Queries {
		if q.Kind == kind && q.Type == qtype && q.Proto == "udp" && !q.NoCheck {
			said := "silent"
			if q.Outcome == dns.Answered {
				said = "answered"
			}
			out = append(out, s.seen(q.AtMS, "dns/udp", key+"."+said, "Server", s.configured()[0].Address, "Name", q.Name, "Type", qtype, "Took", int(q.TookMS)))
		}
	}
	return out
}
