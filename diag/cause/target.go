package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/target"
	"deskside/diag/text"
)

// reachingTarget are the findings about the thing a person named, or a
// configured service: everything that breaks the network breaks them too.
var reachingTarget = []string{target.CodeName, target.CodeTCP, target.CodeTLS, target.CodeHTTP, target.CodeProxy}

// targetRules: the network works, one thing does not. They come last, because
// whatever is wrong below explains it.
var targetRules = []Rule{
	stuck("svc.denied_here", diag.Fail, target.Denied, networkWorks, unless(either(sendingDenied, droppedSilently))),
	stuck("svc.lan_dead", diag.Fail, target.NeighbourGone, either(somethingAnswers, networkWorks)),
	stuck("svc.name_unknown", diag.Fail, target.NameUnknown, either(networkWorks, serversSpeak, laterServerWorks, farServersAnswer)),
	stuck("svc.name_withheld", diag.Fail, target.NameWithheld),
	stuck("svc.port_closed", diag.Fail, target.Refused),
	stuck("svc.port_blocked", diag.Fail, target.Filtered, unless(standardPortsBlocked)),
	down(),
	stuck("svc.no_answer", diag.Fail, target.Mute),
	stuck("svc.cert_expired", diag.Fail, target.Expired, unless(clockFailed)),
	stuck("svc.cert_name", diag.Fail, target.WrongName),
	stuck("svc.cert_untrusted", diag.Fail, target.Untrusted, either(someChainTrusted, unless(foreignCA))),
	stuck("svc.http_error", diag.Fail, target.ServerFail),
	stuck("svc.proxy_refuses", diag.Fail, target.ProxyRefuses, unless(deadProxy)),
	stuck("svc.v6_dead", diag.Warn, target.Dead6, unless(v6Dead)),
	stuck("svc.slow", diag.Warn, target.Slow),
}

// stuck is the rule for targets that break in one way.
func stuck(id string, severity diag.Status, how target.Break, gate ...Clue) Rule {
	return Rule{
		ID: id, Severity: severity,
		Gate:     append([]Clue{anyTarget(how), unless(targetOverridden(how))}, gate...),
		For:      []Weighed{{strong, always}, {strong, networkWorks}},
		Explains: reachingTarget,
		Args: func(s *scene) text.Args {
			t := s.targetStuck(how)
			return text.Args{"Name": t.Shown(), "Port": t.Port(), "Status": statusSeen(t), "Issuer": issuerSeen(t)}
		},
		Evidence: func(s *scene) []diag.Evidence { return s.targetStuck(how).Evidence() },
	}
}

// down: no word from the target while others answer. From one PC the service
// and the path to it look the same, so the words say both; confidence stays
// below that of a proof.
func down() Rule {
	r := stuck("svc.target_down", diag.Fail, target.Silent, either(networkWorks, webWorks, otherTargetAnswers), unless(standardPortsBlocked))
	words := r.Args
	r.Args = func(s *scene) text.Args {
		args := words(s)
		if args["How"] = ""; s.targetStuck(target.Silent).Break() == target.HungUp {
			args["How"] = text.M("cause.target_down.by_name", "Name", args["Name"])
		}
		return args
	}
	evidence := r.Evidence
	r.Evidence = func(s *scene) []diag.Evidence {
		out := evidence(s)
		for _, a := range s.net.Anchors {
			if answered(a.Outcome) {
				out = append(out, internet.ConnectEvidence([]internet.Connect{a})...)
				break // one is enough to show that the network carries packets
			}
		}
		return out
	}
	return r
}

// targets of this run that ended in one way.
func (s *scene) targetStuck(how target.Break) target.Target {
	for _, t := range target.Section.Of(s.facts).Targets {
		b := t.Break()
		if b == how || how == target.Silent && (b == target.NoRoute || b == target.HungUp) {
			return t
		}
	}
	return target.Target{}
}

func anyTarget(how target.Break) Clue {
	return func(s *scene) diag.Tri { return diag.TriOf(s.targetStuck(how).Shown() != "") }
}

// targetOverridden: the hosts file leads the target elsewhere than its name
// servers do; then it is not the target that was tried.
func targetOverridden(how target.Break) Clue {
	return func(s *scene) diag.Tri {
		t := s.targetStuck(how)
		for _, e := range s.dns.Hosts.Entries {
			if t.Name != "" && e.Name == t.Name && e.Agrees == diag.No {
				return diag.Yes
			}
		}
		return diag.No
	}
}

// somethingAnswers: the router, or another machine on this network, is there.
func somethingAnswers(s *scene) diag.Tri {
	for _, r := range s.gw.Routers {
		if r.Answers == diag.Yes {
			return diag.Yes
		}
	}
	return diag.Maybe
}

// otherTargetAnswers: another target took a connection, or refused one.
func otherTargetAnswers(s *scene) diag.Tri {
	for _, t := range target.Section.Of(s.facts).Targets {
		if b := t.Break(); b == target.Whole || b == target.Refused {
			return diag.Yes
		}
	}
	return diag.Maybe
}

// standardPortsBlocked: the port of the anchors is dead everywhere, so a
// target on it is only one more.
func standardPortsBlocked(s *scene) diag.Tri {
	if len(s.net.Anchors) == 0 || anchorsAnswer(s) != diag.No {
		return diag.No
	}
	port := s.net.Anchors[0].Port
	for _, how := range []target.Break{target.Silent, target.Filtered} {
		if t := s.targetStuck(how); t.Shown() != "" && slices.Contains(t.Ports, port) {
			return diag.Yes
		}
	}
	return diag.No
}

func statusSeen(t target.Target) int {
	if t.HTTP != nil {
		return t.HTTP.Status
	}
	return 0
}

func issuerSeen(t target.Target) string {
	if t.TLS != nil {
		return t.TLS.Issuer
	}
	return ""
}
