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
	captive,
	{
		ID: "clock.skew", Severity: diag.Fail,
		Gate:     []Clue{clockFailed},
		For:      []Weighed{{strong, always}, {strong, clockProven}, {proof, certsGoodThen}},
		Explains: []string{"connectivity.clock", "connectivity.tls"}, Over: []string{"tls.*", "dns.dnssec_bogus"},
		Args:     func(s *scene) text.Args { return s.skewArgs() },
		Evidence: func(s *scene) []diag.Evidence { return s.findings["connectivity.clock"].Evidence },
	},
	intercepted,
	relayed,
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

func someChainTrusted(s *scene) diag.Tri {
	for _, t := range s.net.TLS {
		if t.Now == internet.Trusted || t.Then == internet.Trusted {
			return diag.Yes
		}
	}
	return diag.No
}
