package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/text"
)

// waysRules: the name server is there, but some kind of question does not get
// through to it, or its answer does not get back.
var waysRules = []Rule{
	{
		ID: "dns.vpn_leftover", Severity: diag.Fail, Final: true,
		Gate:     []Clue{networkWorks, firstServer(dead...), tcpIsNoHelp, leftOver},
		For:      []Weighed{{strong, always}, {strong, noTunnel}, {strong, either(anchorsAnswer, controlAnswers)}},
		Explains: resolving, Over: []string{"dns.server_silent", "dns.server_closed", "dns.first_server_dead"},
		Fixes: []string{"dns-set-servers"}, Args: firstServerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			at := s.link.AtMS
			return append([]diag.Evidence{s.seen(at, "netlink route", "evidence.dns.no_own_way", "Server", s.deciding()[0].Address)}, serverEvidence(s)...)
		},
	},
	{
		ID: "dns.dot_blocked", Severity: diag.Fail, Final: true,
		Gate:     []Clue{networkWorks, tlsOnly, tlsDead, stubFails},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.servfail", "dns.refused", "dns.server_silent", "dns.stub_down", "dns.dnssec_bogus"},
		Args: func(s *scene) text.Args { return text.Args{"Servers": s.dns.Stub.Upstreams} },
		Evidence: func(s *scene) []diag.Evidence {
			var out []diag.Evidence
			for _, srv := range s.dns.Servers {
				if srv.TLS != "" {
					out = append(out, s.seen(s.dns.Conf.AtMS, "tcp/853", "evidence.dns.tls."+srv.TLS, "Server", srv.Address))
				}
			}
			return append(out, serverEvidence(s)...)
		},
	},
	{
		ID: "dns.udp53_blocked", Severity: diag.Fail, Final: true,
		Gate:     []Clue{allServers(dead...), udpMatters, firstServer(dns.StateSilent), overTCP(dns.Works, dns.ServFail, dns.RefusesUs), unless(lineLoses)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.server_silent"},
		Fixes: []string{"dns-use-vc"}, Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.tcp53_blocked", Severity: diag.Fail, Final: true,
		Gate:     []Clue{tcpNeeded, overTCP(dead...), unless(quickLookup)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.server_silent", "dns.server_closed", "dns.large_dropped"},
		Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.aaaa_timeout", Severity: diag.Fail, Final: true,
		Gate:     []Clue{firstServer(dns.Works), silentOn(dns.KindName, "AAAA"), silentOn(dns.KindMore, "AAAA"), askedForBoth, unless(quickLookup), not(lossy)},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.resolves"}, Fixes: []string{"dns-no-aaaa"}, Args: firstServerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			return append(s.queryEvidence(dns.KindName, "A", "evidence.dns.type"), s.queryEvidence(dns.KindName, "AAAA", "evidence.dns.type")...)
		},
	},
	{
		ID: "dns.search_stall", Severity: diag.Fail, Final: true,
		Gate:     []Clue{firstServer(dns.Works), silentOn(dns.KindSearch, "A"), unless(quickLookup), not(lossy)},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.resolves"},
		Fixes:    []string{"dns-search-drop"}, Args: func(s *scene) text.Args {
			q := s.silent(dns.KindSearch, "A")
			return text.Args{"Name": q.Name, "Search": s.dns.Conf.Search}
		},
		Evidence: func(s *scene) []diag.Evidence { return s.queryEvidence(dns.KindSearch, "A", "evidence.dns.search") },
	},
	{
		ID: "dns.large_dropped", Severity: diag.Warn,
		Gate:     []Clue{firstServer(dns.Works), udpMatters, largeLost, not(lossy)},
		For:      []Weighed{{strong, always}, {strong, overTCP(dns.Works)}},
		Explains: []string{"dns.resolves"}, Fixes: []string{"dns-use-vc"}, Args: firstServerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			q := s.large()
			return append([]diag.Evidence{s.seen(q.AtMS, "dns/udp", "evidence.dns.large_lost", "Server", s.configured()[0].Address)}, serverEvidence(s)...)
		},
	},
	{
		ID: "dns.edns_dropped", Severity: diag.OK, Level: ednsMatters,
		Gate:     []Clue{firstServer(dns.Works), plainOnly, not(lossy)},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.resolves"}, Args: firstServerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			q, _ := s.first()
			return []diag.Evidence{s.seen(q.AtMS, "dns/udp", "evidence.dns.plain_only", "Server", s.configured()[0].Address, "Took", int(q.TookMS))}
		},
	},
	{
		ID: "dns.slow", Severity: diag.Warn,
		Gate:     []Clue{firstServer(dns.Works), slowService},
		For:      []Weighed{{strong, always}, {weak, slowLookup}},
		Explains: []string{"dns.resolves", "dns.honest"},
		Args: func(s *scene) text.Args {
			took, _ := s.swiftest()
			return text.Args{"Server": s.configured()[0].Address, "Took": int(took)}
		},
		Evidence: func(s *scene) []diag.Evidence {
			took, at := s.swiftest()
			trip, _ := s.roundTrip()
			return []diag.Evidence{s.seen(at, "dns/udp", "evidence.dns.swiftest", "Server", s.configured()[0].Address, "Took", int(took), "Trip", int(trip))}
		},
	},
}
