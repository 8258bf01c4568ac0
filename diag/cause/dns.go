package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/text"
)

// dnsRules: packets travel, names do not resolve, or resolve to the wrong
// thing.
var dnsRules = slices.Concat(serverRules, waysRules, truthRules, inwardRules)

// serverRules: whom programs ask, and whether he answers. What is wrong on
// this PC alone (no server named, the local stub stopped) needs no working
// network to be proven.
var serverRules = []Rule{
	{
		ID: "dns.resolvconf_dangling", Severity: diag.Fail, Final: true,
		Gate:     []Clue{confDangling, unless(nameFound)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.none_configured", "dns.stub_down"},
		Fixes: []string{"dns-set-servers"},
		Args:  func(s *scene) text.Args { return text.Args{"Target": s.dns.Conf.Link} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.dns.Conf.AtMS, "/etc/resolv.conf", "evidence.dns.dangling", "Target", s.dns.Conf.Link)}
		},
	},
	{
		ID: "dns.resolvconf_unreadable", Severity: diag.Fail, Level: shutOut,
		Gate:     []Clue{confClosed, unless(stubAnswers)},
		For:      []Weighed{{proof, always}},
		Explains: resolving,
		Fixes:    []string{"resolvconf-readable"},
		Args:     func(s *scene) text.Args { return text.Args{"Whom": text.M("cause.dns.closed." + s.dns.Conf.Closed)} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.dns.Conf.AtMS, "/etc/resolv.conf", "evidence.dns.closed."+s.dns.Conf.Closed)}
		},
	},
	{
		ID: "dns.none_configured", Severity: diag.Fail, Final: true,
		Gate:     []Clue{confNamesNobody, unless(nameFound), unless(stubAnswers)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Fixes: []string{"dns-set-servers"},
		Evidence: func(s *scene) []diag.Evidence {
			return append([]diag.Evidence{s.seen(s.dns.Conf.AtMS, "/etc/resolv.conf", "evidence.dns.no_server")}, s.passedOver()...)
		},
	},
	{
		ID: "dns.stub_down", Severity: diag.Fail, Final: true,
		Gate:     []Clue{onlyLocalServers, stubGone, unless(nameFound)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.server_closed", "dns.server_silent"},
		Fixes: []string{"dns-set-servers"}, Evidence: serverEvidence,
		Args: func(s *scene) text.Args {
			args := firstServerArgs(s)
			args["Start"] = s.startStub()
			return args
		},
	},
	{
		ID: "dns.server_closed", Severity: diag.Fail, Final: true,
		Gate:     []Clue{networkWorks, unless(stubGone), allServers(dead...), firstServer(dns.StateClosed)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.server_silent"},
		Fixes: []string{"dns-set-servers"}, Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.server_silent", Severity: diag.Fail, Final: true,
		Gate:     []Clue{networkWorks, unless(stubGone), allServers(dead...), firstServer(dns.StateSilent, dns.StateNoRoute), tcpIsNoHelp, unless(lineTooSlow), unless(lineLoses)},
		For:      []Weighed{{proof, always}},
		Explains: resolving, Over: []string{"dns.first_server_dead"},
		Fixes: []string{"dns-set-servers"}, Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.first_server_dead", Severity: diag.Fail, Level: stalls, Final: true,
		Gate:     []Clue{either(firstServer(useless...), turnsToSilent), someServerWorks, unless(leftOver), unless(wanDead), unless(throughStub)},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.servers", "dns.resolves"},
		Fixes:    []string{"dns-reorder", "dns-set-servers"}, Evidence: serverEvidence,
		Args: func(s *scene) text.Args {
			args := firstServerArgs(s)
			args["Server"], args["Harm"] = s.uselessServer().Address, text.M("cause.dns.harm."+s.harm())
			return args
		},
	},
	{
		ID: "dns.spare_dead", Severity: diag.OK,
		Gate: []Clue{firstServer(dns.Works), spareDead, not(turnsToSilent), unless(throughStub)},
		For:  []Weighed{{strong, always}}, Evidence: serverEvidence,
		Args: func(s *scene) text.Args { return text.Args{"Server": s.deadSpare().Address} },
	},
	{
		ID: "dns.servfail", Severity: diag.Fail, Final: true,
		Gate:     []Clue{either(networkWorks, serversSpeak), allServers(speechless...), firstSpeaking(dns.ServFail, dns.Garbage), unless(wanDead), unless(checkingOpen)},
		For:      []Weighed{{proof, networkWorks}, {strong, always}},
		Explains: resolving, Fixes: []string{"dns-set-servers"}, Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.refused", Severity: diag.Fail, Final: true,
		Gate:     []Clue{either(networkWorks, serversSpeak), allServers(speechless...), firstSpeaking(dns.RefusesUs), unless(wanDead)},
		For:      []Weighed{{proof, networkWorks}, {strong, always}},
		Explains: resolving, Fixes: []string{"dns-set-servers"}, Args: firstServerArgs, Evidence: serverEvidence,
	},
	{
		ID: "dns.nxdomain_hijack", Severity: diag.Fail,
		Gate:     []Clue{inventedAnswer},
		For:      []Weighed{{proof, always}},
		Explains: []string{"dns.honest", "connectivity.web", "connectivity.tls", "dns.hosts"}, Over: []string{"dns.answer_forged"},
		Fixes: []string{"dns-set-servers"},
		Args:  func(s *scene) text.Args { srv, _ := s.invention(); return text.Args{"Server": srv.Address} },
		Evidence: func(s *scene) []diag.Evidence {
			srv, q := s.invention()
			return []diag.Evidence{s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.invented", "Server", srv.Address, "Name", q.Name, "IPs", q.IPs)}
		},
	},
	{
		ID: "dns.hosts_override", Severity: diag.Fail, Level: overrideHurts,
		Gate:     []Clue{hostsDiffer},
		For:      []Weighed{{proof, always}},
		Explains: append([]string{"dns.hosts", "dns.resolves", "connectivity.web", "connectivity.tls"}, reachingTarget...),
		Fixes:    []string{"hosts-comment-line"},
		Args: func(s *scene) text.Args {
			e := s.override()
			args := text.Args{"Name": e.Name, "Line": e.Line, "IP": e.IP}
			args["Says"] = text.M("cause.dns.hosts.says."+overrideKind(s), "Name", e.Name)
			args["Next"] = text.M("cause.dns.hosts.next."+overrideKind(s), "Line", e.Line, "Name", e.Name)
			return args
		},
		Evidence: func(s *scene) []diag.Evidence {
			e := s.override()
			return []diag.Evidence{s.seen(s.dns.Conf.AtMS, "/etc/hosts", "evidence.dns.hosts_line", "Line", e.Line, "Name", e.Name, "IP", e.IP)}
		},
	},
}
