package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/local"
	"deskside/diag/text"
	"deskside/diag/witness"
)

// scene is the facts laid out for the rules: each family's section, and what
// several rules ask about.
type scene struct {
	facts    diag.Facts
	findings map[string]diag.Finding // by code
	run      diag.RunFacts
	link     link.Facts
	lan      lan.Facts
	local    local.Facts
	gw       gateway.Facts
	net      internet.Facts
	dns      dns.Facts
	witness  witness.Facts
	plain    []link.Link // could carry this PC's traffic
	carrying []link.Link // plain, up, with carrier
}

func newScene(f diag.Facts, checks []diag.CheckResult) *scene {
	s := &scene{
		facts: f, findings: map[string]diag.Finding{}, run: diag.RunSection.Of(f), link: link.Section.Of(f), lan: lan.Section.Of(f), local: local.Section.Of(f),
		gw: gateway.Section.Of(f), net: internet.Section.Of(f), dns: dns.Section.Of(f), witness: witness.Section.Of(f),
	}
	for _, c := range checks {
		for _, finding := range c.Findings {
			s.findings[finding.Code] = finding
		}
	}
	for _, l := range s.link.Links {
		if l.Plain {
			s.plain = append(s.plain, l)
			if l.Up && l.Carrier {
				s.carrying = append(s.carrying, l)
			}
		}
	}
	return s
}

// seen is one line of evidence.
func (s *scene) seen(atMS float64, source, key string, pairs ...any) diag.Evidence {
	return diag.Evidence{What: text.M(key, pairs...), Source: source, AtMS: atMS}
}

func (s *scene) linkName(index int) string {
	l, _ := s.link.Link(index)
	return l.Name
}

// hasUsableAddress: an address that can reach beyond its own segment.
func (s *scene) hasUsableAddress(index int) bool {
	for _, a := range s.link.AddressesOf(index) {
		if a.Scope == link.Private || a.Scope == link.Public || a.Scope == link.CGNAT || a.Scope == link.Other {
			return true
		}
	}
	return false
}

// anchorPaths are the kernel's answers for the anchors of the families that
// this PC has addresses for.
func (s *scene) anchorPaths() []link.Path {
	var out []link.Path
	for _, p := range s.link.Paths {
		if p.For == "anchor" && s.hasFamily(p.Family) {
			out = append(out, p)
		}
	}
	return out
}

func (s *scene) hasFamily(family int) bool {
	for _, a := range s.link.Addresses {
		if a.Family == family && a.Scope != link.Loopback && a.Scope != link.LinkLocal {
			return true
		}
	}
	return false
}

// wayOut: something on this PC leads out although no plain link does (a
// tunnel, a phone, a container's bridge), or an anchor has answered.
func wayOut(s *scene) diag.Tri {
	if anchorsAnswer(s) == diag.Yes || webWorks(s) == diag.Yes {
		return diag.Yes
	}
	for _, p := range s.anchorPaths() {
		l, ok := s.link.Link(p.Index)
		if p.Reachable == diag.Yes && ok && l.Up && l.Carrier && l.Kind != "loopback" {
			return diag.Yes
		}
	}
	return diag.No
}

// anchorsAnswer: Yes as soon as one anchor answers; No when every one that
// was tried has ended without; Maybe until then.
func anchorsAnswer(s *scene) diag.Tri {
	for _, a := range s.net.Anchors {
		if answered(a.Outcome) {
			return diag.Yes
		}
	}
	if len(s.net.Anchors) > 0 && s.run.Ended("internet.anchors") {
		return diag.No
	}
	return diag.Maybe
}

// anchorsAll: every anchor tried ended in this outcome.
func anchorsAll(outcomes ...internet.Outcome) Clue {
	return func(s *scene) diag.Tri {
		if anchorsAnswer(s) != diag.No {
			return not(anchorsAnswer)(s)
		}
		for _, a := range s.net.Anchors {
			ok := false
			for _, o := range outcomes {
				ok = ok || a.Outcome == o
			}
			if !ok {
				return diag.No
			}
		}
		return diag.Yes
	}
}

// webWorks: a web answer known beforehand came, directly or through the
// configured proxy.
func webWorks(s *scene) diag.Tri {
	for _, w := range s.net.Web {
		if w.Match == diag.Yes {
			return diag.Yes
		}
	}
	if s.run.Ended("internet.web") {
		return diag.No
	}
	return diag.Maybe
}

// proxyWorks: the web works through the configured proxy, so what fails
// directly may be meant to.
func proxyWorks(s *scene) diag.Tri {
	for _, w := range s.net.Web {
		if w.Proxy != "" && w.Match == diag.Yes {
			return diag.Yes
		}
	}
	return diag.No
}

// networkWorks: packets reach the world, whatever names do.
func networkWorks(s *scene) diag.Tri { return either(anchorsAnswer, directWeb, controlAnswers)(s) }

func directWeb(s *scene) diag.Tri {
	for _, w := range s.net.Web {
		if w.Proxy == "" && w.Match == diag.Yes {
			return diag.Yes
		}
	}
	return diag.No
}

// controlAnswers: a control resolver, which is far away, answers.
func controlAnswers(s *scene) diag.Tri {
	for _, srv := range s.dns.Servers {
		if srv.Role == dns.Control && srv.State() == dns.Works {
			return diag.Yes
		}
	}
	return diag.No
}

// sessionFromAfar: the SSH client is reached through the default gateway, so
// the gateway and the way beyond it work for this session.
func sessionFromAfar(s *scene) diag.Tri {
	sess := s.link.Session
	if sess == nil || sess.OwnAddress != diag.Yes || sess.OnLink == diag.Maybe {
		return diag.Maybe
	}
	return diag.TriOf(sess.OnLink == diag.No && sess.Gateway != "")
}
