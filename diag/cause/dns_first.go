package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
)

// useless are the ways in which a server sends programs on to the next one.
var useless = append([]string{dns.ServFail, dns.RefusesUs, dns.Garbage}, dead...)

func someServerWorks(s *scene) diag.Tri { return s.anyWorks(s.deciding()) }

func laterServerWorks(s *scene) diag.Tri {
	list := s.deciding()
	return s.anyWorks(list[min(1, len(list)):])
}

func (s *scene) anyWorks(list []dns.Server) diag.Tri {
	out := diag.No
	for _, srv := range list {
		switch s.verdict(srv) {
		case dns.Works:
			return diag.Yes
		case dns.NotKnown:
			out = diag.Maybe
		}
	}
	return out
}

// turnsToSilent: programs take turns among the servers (resolv.conf(5),
// rotate), so that a silent one is asked first now and then wherever it stands.
func turnsToSilent(s *scene) diag.Tri {
	if !s.dns.Conf.Has("rotate") {
		return diag.No
	}
	for _, srv := range s.deciding() {
		if s.verdict(srv) == dns.StateSilent {
			return diag.Yes
		}
	}
	return diag.No
}

// deadSpare is a server behind the first that gives no answer.
func (s *scene) deadSpare() dns.Server {
	for i, srv := range s.deciding() {
		if i > 0 && slices.Contains(dead, s.verdict(srv)) {
			return srv
		}
	}
	return dns.Server{}
}

func spareDead(s *scene) diag.Tri { return diag.TriOf(s.deadSpare().Address != "") }

// uselessServer is the one that costs programs time.
func (s *scene) uselessServer() dns.Server {
	list := s.deciding()
	if s.verdict(list[0]) == dns.Works {
		for _, srv := range list {
			if s.verdict(srv) == dns.StateSilent {
				return srv
			}
		}
	}
	return list[0]
}

// harm: silence is waited out, for five seconds unless resolv.conf says
// otherwise; every other failure sends programs on at once (measured with
// getent, glibc 2.36).
func (s *scene) harm() string {
	switch srv := s.uselessServer(); {
	case s.verdict(srv) != dns.StateSilent:
		return "quick"
	case srv.Address == s.deciding()[0].Address:
		return "always"
	}
	return "turns"
}

func stalls(s *scene) diag.Status {
	if s.harm() == "quick" {
		return diag.Warn
	}
	return diag.Fail
}
