package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
)

// tlsOnly: the local stub may ask over TLS, and in no other way.
func tlsOnly(s *scene) diag.Tri {
	return diag.TriOf(s.dns.Stub != nil && s.dns.Stub.Strict == diag.Yes)
}

// tlsDead: none of the servers behind the stub takes connections for that.
func tlsDead(s *scene) diag.Tri {
	out := diag.No
	for _, srv := range s.dns.Servers {
		switch {
		case srv.Role != dns.Upstream:
		case srv.TLS == "":
			return diag.Maybe
		case srv.TLS == dns.Closed, srv.TLS == dns.Silent, srv.TLS == dns.NoRoute:
			out = diag.Yes
		default:
			return diag.No
		}
	}
	return out
}

// stubFails: the stub itself answers, if at all, that it failed.
func stubFails(s *scene) diag.Tri {
	list := s.configured()
	if len(list) == 0 {
		return diag.No
	}
	switch s.verdict(list[0]) {
	case dns.NotKnown:
		return diag.Maybe
	case dns.ServFail, dns.RefusesUs, dns.StateSilent:
		return diag.Yes
	}
	return diag.No
}
