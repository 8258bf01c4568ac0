package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// inwardRules: a name leads to another place than it does elsewhere, or to
// none. That may be a lie, a company's own address for it, or a filter's work;
// name servers alone cannot tell, but who is met at the address can.
var inwardRules = []Rule{
	{
		ID: "dns.answer_forged", Severity: diag.Fail,
		Gate:     []Clue{forgedAnswer},
		For:      []Weighed{{likely, always}, {strong, impostorThere}, {proof, knownForged}},
		Explains: []string{"dns.honest", "connectivity.web", "connectivity.tls", "dns.hosts"},
		Also: func(s *scene) []string {
			if impostorThere(s) == diag.Yes {
				return []string{"tls.intercepted"}
			}
			return nil
		},
		Fixes: []string{"dns-set-servers"},
		Args: func(s *scene) text.Args {
			srv, q := s.query(s.forged)
			return text.Args{"Server": srv.Address, "Name": q.Name}
		},
		Evidence: func(s *scene) []diag.Evidence {
			srv, q := s.query(s.forged)
			return append([]diag.Evidence{s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.forged", "Server", srv.Address, "Name", q.Name, "IPs", q.IPs)}, s.metAt(q)...)
		},
	},
	{
		ID: "dns.split_horizon", Severity: diag.OK,
		Gate: []Clue{insideAnswer, unless(forgedAnswer), unless(inventedAnswer)},
		For:  []Weighed{{strong, always}},
		Args: func(s *scene) text.Args {
			srv, q := s.query(s.inside)
			return text.Args{"Server": srv.Address, "Name": q.Name}
		},
		Evidence: func(s *scene) []diag.Evidence {
			srv, q := s.query(s.inside)
			return append([]diag.Evidence{s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.forged", "Server", srv.Address, "Name", q.Name, "IPs", q.IPs)}, s.metAt(q)...)
		},
	},
	{
		ID: "dns.blocked", Severity: diag.OK, Level: blockingHurts,
		Gate:     []Clue{either(nowhereAnswer, withheldAnswer)},
		For:      []Weighed{{likely, always}, {proof, nowhereAnswer}},
		Explains: []string{"dns.servers", "dns.resolves", "dns.hosts", "connectivity.web", "connectivity.tls"}, Over: []string{"dns.refused", "dns.servfail"},
		Args: func(s *scene) text.Args {
			srv, q := s.heldBack()
			return text.Args{"Server": srv.Address, "Name": q.Name}
		},
		Evidence: func(s *scene) []diag.Evidence {
			srv, q := s.heldBack()
			if elsewhere, ok := s.dns.Withheld(q); ok && !q.Nowhere() {
				key := "evidence.dns.withheld"
				if elsewhere.Inward() {
					key = "evidence.dns.rebind"
				}
				return []diag.Evidence{s.seen(q.AtMS, "dns/"+q.Proto, key, "Server", srv.Address, "Name", q.Name, "IPs", elsewhere.IPs)}
			}
			return []diag.Evidence{s.seen(q.AtMS, "dns/"+q.Proto, "evidence.dns.nowhere", "Server", srv.Address, "Name", q.Name)}
		},
	},
}

// knownWrong: ipv4only.arpa has other addresses than everywhere (RFC 7050).
func knownWrong(q dns.Query) bool { return q.AsKnown == diag.No && !q.StandsIn() }

func knownForged(s *scene) diag.Tri { return s.has(knownWrong) }

// inside: leads to an address inside, and elsewhere to a public one.
func (s *scene) inside(q dns.Query) bool { return s.dns.Misled(q) }

func insideAnswer(s *scene) diag.Tri { return s.has(s.inside) }

// forged: not what the name has everywhere; or inside, and whom this PC met
// there is not whom it was looking for.
func (s *scene) forged(q dns.Query) bool {
	if q.Nowhere() {
		return false
	}
	met := s.met(q)
	return knownWrong(q) || s.inside(q) && met != honest && met != unmet
}

func forgedAnswer(s *scene) diag.Tri { return s.has(s.forged) }

func impostorThere(s *scene) diag.Tri {
	return s.has(func(q dns.Query) bool { return s.inside(q) && s.met(q) == impostor })
}

// meeting is what this PC found at the address of an answer.
type meeting int

const (
	unmet    meeting = iota // nobody went there, or it was not told how it ended
	honest                  // a certificate that is trusted for the name, or the web answer known beforehand
	nobody                  // no one takes connections
	impostor                // somebody else
)

// met goes through the certificates and web answers that came from the
// addresses of an answer. One that is right outweighs all that are not.
func (s *scene) met(q dns.Query) meeting {
	out := unmet
	for _, m := range s.meetings(q) {
		if m.kind == honest {
			return honest
		}
		out = max(out, m.kind)
	}
	return out
}

type encounter struct {
	kind    meeting
	source  string
	url     string
	address string
	atMS    float64
}

func (s *scene) meetings(q dns.Query) (out []encounter) {
	for _, t := range s.net.TLS {
		if !slices.Contains(q.IPs, t.Address) {
			continue
		}
		kind := ended(t.Outcome)
		switch verdicts := []internet.Verdict{t.Now, t.Then}; {
		case slices.Contains(verdicts, internet.Trusted):
			kind = honest
		case slices.Contains(verdicts, internet.WrongName), slices.Contains(verdicts, internet.BadChain):
			kind = impostor
		case slices.Contains(verdicts, internet.UnknownCA) && !s.unknownCAElsewhere(q):
			kind = impostor
		}
		out = append(out, encounter{kind, "tls", t.URL, t.Address, t.AtMS})
	}
	for _, w := range s.net.Web {
		if w.Proxy != "" || !slices.Contains(q.IPs, w.Address) {
			continue
		}
		kind := ended(w.Outcome)
		switch w.Match {
		case diag.Yes:
			kind = honest
		case diag.No:
			kind = impostor
		}
		out = append(out, encounter{kind, "http", w.URL, w.Address, w.AtMS})
	}
	return out
}

// unknownCAElsewhere: the same is met at other addresses, so it stands on the
// way and not at this one.
func (s *scene) unknownCAElsewhere(q dns.Query) bool {
	return slices.ContainsFunc(s.net.TLS, func(t internet.TLS) bool {
		return (t.Now == internet.UnknownCA || t.Then == internet.UnknownCA) && !slices.Contains(q.IPs, t.Address)
	})
}

// ended: connections that this PC kept from starting tell nothing of the
// other side.
func ended(o internet.Outcome) meeting {
	switch o {
	case internet.Refused, internet.Timeout, internet.NoNetwork, internet.Broken:
		return nobody
	}
	return unmet
}

// metAt is who was met at the addresses of an answer, as evidence.
func (s *scene) metAt(q dns.Query) (out []diag.Evidence) {
	keys := map[meeting]string{honest: "honest", nobody: "nobody", impostor: "impostor"}
	for _, m := range s.meetings(q) {
		if key, told := keys[m.kind]; told {
			out = append(out, s.seen(m.atMS, m.source, "evidence.dns.met."+key, "URL", m.url, "IP", m.address))
		}
	}
	return out
}

func nowhereAnswer(s *scene) diag.Tri { return s.has(dns.Query.Nowhere) }

// withheld: no address here, but elsewhere.
func (s *scene) withheld(q dns.Query) bool { _, ok := s.dns.Withheld(q); return ok }

func withheldAnswer(s *scene) diag.Tri { return s.has(s.withheld) }

// heldBack is the answer that leads nowhere, or that has no address.
func (s *scene) heldBack() (dns.Server, dns.Query) {
	if srv, q := s.query(dns.Query.Nowhere); q.Name != "" {
		return srv, q
	}
	return s.query(s.withheld)
}

// blockingHurts: names held back by policy are somebody's wish and no fault,
// unless something this PC needs breaks over it. Where nothing is left, it
// breaks altogether.
func blockingHurts(s *scene) diag.Status {
	if everyNameHeldBack(s) == diag.Yes {
		return diag.Fail
	}
	for _, code := range []string{"dns.servers", "dns.resolves", "connectivity.tls", "connectivity.web"} {
		if st := s.findings[code].Status; st == diag.Fail || st == diag.Warn {
			return diag.Warn
		}
	}
	if site, judged := s.findings["connectivity.tls"]; judged && site.Status == diag.Unknown && s.run.Ended("internet.tls") {
		return diag.Warn // the site that was to be looked at is the one held back
	}
	return diag.OK
}

// everyNameHeldBack: this PC's name servers were asked for two names or more
// and give no usable address for any, nor for a page that was looked for. Where
// a proxy looks names up instead, nobody here needs them.
func everyNameHeldBack(s *scene) diag.Tri {
	if proxyWorks(s) == diag.Yes || nameFound(s) == diag.Yes && nowhereAnswer(s) != diag.Yes {
		return diag.No
	}
	names := map[string]bool{}
	for _, srv := range s.deciding() {
		for _, q := range srv.Queries {
			if q.Kind != dns.KindName && q.Kind != dns.KindMore || q.Outcome != dns.Answered {
				continue
			}
			if len(q.IPs) > 0 && !q.Nowhere() || q.Cut {
				return diag.No
			}
			names[q.Name] = true
		}
	}
	for _, w := range s.net.Web {
		if w.Proxy == "" && w.Resolver == dns.ByConfigured && w.Scope != link.Null && w.Scope != link.Loopback {
			return diag.No
		}
	}
	for _, t := range s.net.TLS {
		if t.Resolver == dns.ByConfigured && t.Scope != link.Null && t.Scope != link.Loopback {
			return diag.No
		}
	}
	return diag.TriOf(len(names) > 1)
}
