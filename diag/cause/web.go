package cause

import (
	"math"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// webRules: somebody between this PC and the web changes the answers, or the
// clock makes good answers look bad.
var webRules = []Rule{
	{
		ID: "portal.captive", Severity: diag.Fail,
		Gate:     []Clue{portalAnswers, not(directWeb), either(twoPortalAnswers, portalRedirects, portalSaysSo)},
		For:      []Weighed{{strong, portalRedirects}, {strong, portalSaysSo}, {strong, twoPortalAnswers}},
		Explains: beyondWAN, Over: []string{"dns.*", "clock.*", "tls.*", "wan.*", "fw.upstream_port_block", "v6.*"},
		Args: func(s *scene) text.Args { return text.Args{"Page": s.portalPage()} },
		Evidence: func(s *scene) []diag.Evidence {
			var out []diag.Evidence
			for _, w := range s.wrongWeb() {
				if w.Redirect != "" {
					out = append(out, s.seen(w.AtMS, "http", "evidence.portal.redirect", "URL", w.URL, "Status", w.Status, "Page", w.Redirect))
				} else {
					out = append(out, s.seen(w.AtMS, "http", "evidence.portal.other_answer", "URL", w.URL, "Status", w.Status))
				}
			}
			return out
		},
	},
	{
		ID: "clock.skew", Severity: diag.Fail,
		Gate:     []Clue{clockFailed},
		For:      []Weighed{{strong, always}, {strong, clockProven}, {proof, certsGoodThen}},
		Explains: []string{"connectivity.clock", "connectivity.tls"}, Over: []string{"tls.*", "dns.dnssec_bogus"},
		Args:     func(s *scene) text.Args { return s.skewArgs() },
		Evidence: func(s *scene) []diag.Evidence { return s.findings["connectivity.clock"].Evidence },
	},
	{
		ID: "tls.intercepted", Severity: diag.Fail,
		Gate:     []Clue{foreignCA, not(someChainTrusted)},
		For:      []Weighed{{proof, always}},
		Explains: []string{"connectivity.tls"},
		Args:     func(s *scene) text.Args { return text.Args{"Issuer": s.foreignChain().Issuer} },
		Evidence: func(s *scene) []diag.Evidence {
			t := s.foreignChain()
			return []diag.Evidence{s.seen(t.AtMS, "tls", "evidence.tls.issuer", "URL", t.URL, "Issuer", t.Issuer)}
		},
	},
}

// wrongWeb are the direct answers that were not the ones known beforehand,
// one per URL.
func (s *scene) wrongWeb() []internet.Web {
	var out []internet.Web
	for _, w := range s.net.Web {
		if w.Proxy == "" && w.Outcome == internet.Connected && w.Match == diag.No {
			out = append(out, w)
		}
	}
	return out
}

// portalAnswers: every endpoint that was asked answered, and none with its
// own answer. One broken endpoint is not a portal.
func portalAnswers(s *scene) diag.Tri {
	asked := 0
	for _, w := range s.net.Web {
		if w.Proxy == "" {
			asked++
		}
	}
	if !s.run.Ended("internet.web") || asked == 0 {
		return diag.Maybe
	}
	return diag.TriOf(len(s.wrongWeb()) == asked)
}

func twoPortalAnswers(s *scene) diag.Tri { return diag.TriOf(len(s.wrongWeb()) > 1) }

// portalRedirects: sent to another host than asked.
func portalRedirects(s *scene) diag.Tri {
	for _, w := range s.wrongWeb() {
		if w.Foreign {
			return diag.Yes
		}
	}
	return diag.No
}

// portalSaysSo: 511 Network Authentication Required (RFC 6585).
func portalSaysSo(s *scene) diag.Tri {
	for _, w := range s.wrongWeb() {
		if w.Status == 511 {
			return diag.Yes
		}
	}
	return diag.No
}

func (s *scene) portalPage() string {
	for _, w := range s.wrongWeb() {
		if w.Redirect != "" {
			return w.Redirect
		}
	}
	if wrong := s.wrongWeb(); len(wrong) > 0 {
		return wrong[0].URL
	}
	return ""
}

// clockFailed: the clock check, which weighs the dates, says it is wrong.
func clockFailed(s *scene) diag.Tri {
	return diag.TriOf(s.findings["connectivity.clock"].Status == diag.Fail)
}

// clockProven: the date came with an answer that was known beforehand.
func clockProven(s *scene) diag.Tri { return diag.TriOf(s.net.Clock().Proven) }

// certsGoodThen: a certificate that is out of date by our clock is in date by
// the server's.
func certsGoodThen(s *scene) diag.Tri {
	for _, t := range s.net.TLS {
		if (t.Now == internet.Expired || t.Now == internet.NotYetValid) && t.Then == internet.Trusted {
			return diag.Yes
		}
	}
	return diag.No
}

// skewArgs says how wrong the clock is, in the largest unit that fits.
func (s *scene) skewArgs() text.Args {
	skew := s.net.Clock().SkewS
	key := "cause.clock.behind"
	if skew < 0 {
		key = "cause.clock.ahead"
	}
	abs := math.Abs(skew)
	unit, n := "minutes", abs/60
	switch {
	case abs >= 2*86400:
		unit, n = "days", abs/86400
	case abs >= 2*3600:
		unit, n = "hours", abs/3600
	}
	return text.Args{"Off": text.M(key, "Amount", text.M("cause.clock."+unit, "Count", int(math.Round(n))))}
}

func (s *scene) foreignChain() internet.TLS {
	for _, t := range s.net.TLS {
		if t.Now == internet.UnknownCA || t.Then == internet.UnknownCA {
			return t
		}
	}
	return internet.TLS{}
}

// foreignCA: a chain ends in an authority this PC does not know, at the
// server's time too.
func foreignCA(s *scene) diag.Tri { return diag.TriOf(s.foreignChain().URL != "") }

func someChainTrusted(s *scene) diag.Tri {
	for _, t := range s.net.TLS {
		if t.Now == internet.Trusted || t.Then == internet.Trusted {
			return diag.Yes
		}
	}
	return diag.No
}
