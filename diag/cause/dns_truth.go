package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/text"
)

// truthRules: the name server answers, and the answers are not what they
// should be, or never reach the programs.
var truthRules = []Rule{
	{
		ID: "dns.nss_broken", Severity: diag.Fail, // not final: a fault of the PC alone, others may stand beside it
		Gate:     []Clue{firstServer(dns.Works), wholeAnswer, lookupEmpty},
		For:      []Weighed{{proof, nssSkipsServers}, {strong, always}},
		Explains: []string{"dns.resolves"},
		Fixes:    []string{"nsswitch-hosts-dns"}, Args: func(s *scene) text.Args { return text.Args{"Sources": s.dns.NSS.Sources} },
		Evidence: func(s *scene) []diag.Evidence {
			l := s.dns.Lookups[0]
			return append([]diag.Evidence{
				s.seen(l.AtMS, "/etc/nsswitch.conf", "evidence.dns.nss_sources", "Sources", s.dns.NSS.Sources),
				s.seen(l.AtMS+l.TookMS, "getent ahosts", "evidence.dns.lookup.notfound", "Name", l.Name, "Ms", int(l.TookMS)),
			}, serverEvidence(s)...)
		},
	},
	{
		ID: "dns.dnssec_bogus", Severity: diag.Fail, Final: true,
		Gate:     []Clue{allServers(append([]string{dns.ServFail}, dead...)...), firstSpeaking(dns.ServFail), either(uncheckedHelps, blamesSignatures), unless(wanDead)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.servfail"},
		Fixes: []string{"dns-set-servers"}, Args: firstServerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			out := serverEvidence(s)
			if srv, q := s.unchecked(); q.Name != "" {
				out = append(out, s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.server.nocheck", "Server", srv.Address, "Role", text.M("evidence.dns.role."+srv.Role)))
			}
			if srv, q := s.blame(); q.Name != "" {
				out = append(out, s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.ede", "Server", srv.Address, "Codes", q.Errors))
			}
			return out
		},
	},
	{
		ID: "dns.injected", Severity: diag.Fail,
		Gate:     []Clue{rivalAnswer},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.honest", "connectivity.web", "connectivity.tls", "dns.hosts"}, Over: []string{"dns.answer_forged", "dns.nxdomain_hijack", "dns.blocked"},
		Args: func(s *scene) text.Args { srv, _ := s.query(hasRival); return text.Args{"Server": srv.Address} },
		Evidence: func(s *scene) []diag.Evidence {
			srv, q := s.query(hasRival)
			return []diag.Evidence{s.seen(q.AtMS+q.TookMS, "dns/udp", "evidence.dns.rival", "Server", srv.Address, "Name", q.Name, "IPs", orNone(q.IPs), "Others", orNone(q.RivalIPs))}
		},
	},
}

// query is the first answer for a name that must resolve, from a configured
// server, that looks so.
func (s *scene) query(like func(dns.Query) bool) (dns.Server, dns.Query) {
	for _, srv := range s.configured() {
		for _, q := range srv.Queries {
			if q.Outcome == dns.Answered && q.Kind != dns.KindRandom && q.Kind != dns.KindSearch && like(q) {
				return srv, q
			}
		}
	}
	return dns.Server{}, dns.Query{}
}

func (s *scene) has(like func(dns.Query) bool) diag.Tri {
	_, q := s.query(like)
	return diag.TriOf(q.Name != "")
}

func hasRival(q dns.Query) bool { return q.Rival }

func rivalAnswer(s *scene) diag.Tri { return s.has(hasRival) }

// wholeAnswer: the server that programs ask first gives addresses, in one
// packet.
func wholeAnswer(s *scene) diag.Tri {
	q, ok := s.first()
	if !ok {
		return diag.Maybe
	}
	return diag.TriOf(len(q.IPs) > 0 && !q.Cut)
}

func (s *scene) lookupFailed() bool {
	for _, l := range s.dns.Lookups {
		if l.Outcome == dns.NotFound || l.Outcome == dns.Slow {
			return true
		}
	}
	return false
}

// lookupEmpty: the system says there is no such name.
func lookupEmpty(s *scene) diag.Tri {
	for _, l := range s.dns.Lookups {
		return diag.TriOf(l.Outcome == dns.NotFound)
	}
	return diag.Maybe
}

func nssSkipsServers(s *scene) diag.Tri {
	return not(func(s *scene) diag.Tri { return s.dns.NSS.HasDNS })(s)
}

// unchecked is a server that fails, and does not when it is told not to check
// signatures.
func (s *scene) unchecked() (dns.Server, dns.Query) {
	for _, srv := range s.deciding() {
		for _, q := range srv.Queries {
			if q.NoCheck && q.State() == dns.Works {
				return srv, q
			}
		}
	}
	return dns.Server{}, dns.Query{}
}

func uncheckedHelps(s *scene) diag.Tri {
	_, q := s.unchecked()
	return diag.TriOf(q.Name != "")
}

// blame is a failure whose extended error says that signatures are wrong, out
// of date or missing: RFC 8914 4.7 to 4.13 (codes 6 to 12).
func (s *scene) blame() (dns.Server, dns.Query) {
	for _, srv := range s.deciding() {
		for _, q := range srv.Queries {
			if q.State() == dns.ServFail && slices.ContainsFunc(q.Errors, func(code int) bool { return code >= 6 && code <= 12 }) {
				return srv, q
			}
		}
	}
	return dns.Server{}, dns.Query{}
}

func blamesSignatures(s *scene) diag.Tri {
	_, q := s.blame()
	return diag.TriOf(q.Name != "")
}

// checkingOpen: a server has failed, and the question without checking is
// still on its way, so that it is open what fails.
func checkingOpen(s *scene) diag.Tri {
	if s.run.Ended("dns.servers") {
		return diag.No
	}
	for _, srv := range s.deciding() {
		failed, asked := false, false
		for _, q := range srv.Queries {
			asked = asked || q.NoCheck && (q.Outcome == dns.Answered || q.Proto == "tcp")
			failed = failed || !q.NoCheck && q.State() == dns.ServFail
		}
		if failed && !asked {
			return diag.Yes
		}
	}
	return diag.No
}

func orNone(ips []string) []string {
	if len(ips) == 0 {
		return []string{"-"}
	}
	return ips
}

// isIn says whether a state is one of several; a state that is not known is
// neither.
func isIn(state string, states []string) diag.Tri {
	if state == dns.NotKnown {
		return diag.Maybe
	}
	for _, s := range states {
		if s == state {
			return diag.Yes
		}
	}
	return diag.No
}
