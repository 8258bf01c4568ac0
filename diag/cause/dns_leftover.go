package cause

import (
	"deskside/diag"
	"deskside/diag/link"
)

// leftOver: the first server has a private address, and the only way to it is
// the one to the whole world, where private addresses do not exist (RFC 1918).
func leftOver(s *scene) diag.Tri {
	srv := s.deciding()[0]
	if srv.Scope != link.Private && srv.Scope != link.CGNAT {
		return diag.No
	}
	for _, p := range s.link.To("dns") {
		if p.Dest == srv.Address {
			return diag.TriOf(p.Reachable == diag.Yes && p.Gateway != "" && s.isDefault(p))
		}
	}
	return diag.Maybe
}

func (s *scene) isDefault(p link.Path) bool {
	for _, r := range s.link.Defaults(p.Family) {
		if r.Gateway == p.Gateway && r.Index == p.Index {
			return true
		}
	}
	return false
}

// noTunnel: no link that a private network is usually reached by.
func noTunnel(s *scene) diag.Tri {
	for _, l := range s.link.Links {
		if l.Up && (l.Kind == "tun" || l.Kind == "wireguard" || l.Kind == "ppp") {
			return diag.No
		}
	}
	return diag.Yes
}
