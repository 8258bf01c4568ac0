package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// captive: the network lets nobody out who has not signed in. It shows by what
// comes instead of pages, or the network says so itself.
var captive = Rule{
	ID: "portal.captive", Severity: diag.Fail,
	Gate:     []Clue{not(directWeb), either(networkSaysSo, portalSeen, namesLeadInside)},
	For:      []Weighed{{strong, portalRedirects}, {strong, portalSaysSo}, {strong, twoPortalAnswers}, {strong, namesLeadInside}, {proof, networkSaysSo}},
	Explains: beyondWAN, Over: []string{"dns.*", "clock.*", "tls.*", "wan.*", "fw.upstream_port_block", "v6.*"},
	Also: func(s *scene) []string {
		if either(networkSaysSo, namesLeadInside)(s) == diag.Yes { // then all that is shut is shut on purpose
			return []string{"gw.no_forward", "gw.no_nat", "proxy.*"}
		}
		return nil
	},
	Args: func(s *scene) text.Args { return text.Args{"Page": s.portalPage()} },
	Evidence: func(s *scene) []diag.Evidence {
		var out []diag.Evidence
		if networkSaysSo(s) == diag.Yes {
			out = append(out, s.seen(s.net.Captive.AtMS, "captive portal api", "evidence.portal.said", "URL", s.net.Captive.URL))
		}
		if namesLeadInside(s) == diag.Yes {
			w := s.net.Web[0]
			out = append(out, s.seen(w.AtMS, "dns", "evidence.portal.inside", "URL", w.URL, "Address", w.Address))
		}
		for _, w := range s.wrongWeb() {
			if w.Redirect != "" {
				out = append(out, s.seen(w.AtMS, "http", "evidence.portal.redirect", "URL", w.URL, "Status", w.Status, "Page", w.Redirect))
			} else {
				out = append(out, s.seen(w.AtMS, "http", "evidence.portal.other_answer", "URL", w.URL, "Status", w.Status))
			}
		}
		return out
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

// networkSaysSo: the network's own interface for that says that this PC has to
// sign in (RFC 8908).
func networkSaysSo(s *scene) diag.Tri {
	return diag.TriOf(s.net.Captive != nil && s.net.Captive.Captive == diag.Yes)
}

// namesLeadInside: this PC's name servers send every test page to a machine on
// the inside, and nothing outside answers (the rule of Android's
// NetworkMonitor: a private address for a public name is no internet). Where
// the router says that its line is down it is only being helpful.
func namesLeadInside(s *scene) diag.Tri {
	asked := 0
	for _, w := range s.net.Web {
		if w.Proxy != "" {
			continue
		}
		if asked++; w.Scope != link.Private || w.Resolver != dns.ByConfigured || w.Match == diag.Yes {
			return diag.No
		}
	}
	if asked < 2 {
		return diag.Maybe
	}
	return anchorsAll(internet.Timeout)(s)
}

// portalSeen: the answers of the web give a portal away. Where a site shows
// its own certificate, pages that only fail are no portal's: both test sites
// may be out of order.
func portalSeen(s *scene) diag.Tri {
	if portalAnswers(s) != diag.Yes {
		return portalAnswers(s)
	}
	if onlyErrors(s) == diag.Yes && someChainTrusted(s) == diag.Yes {
		return diag.No
	}
	return either(twoPortalAnswers, portalRedirects, portalSaysSo)(s)
}

// onlyErrors: none of the wrong answers does what a portal does (causes.md:
// 30x, 200 with another body, 511).
func onlyErrors(s *scene) diag.Tri {
	for _, w := range s.wrongWeb() {
		if !w.Fails() {
			return diag.No
		}
	}
	return diag.Yes
}

func (s *scene) portalPage() string {
	if c := s.net.Captive; c != nil && c.Captive == diag.Yes && c.Page != "" {
		return c.Page
	}
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
