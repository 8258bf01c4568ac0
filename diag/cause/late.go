package cause

import "deskside/diag"

// lateRules: the network and the names work; something on top does not.
var lateRules = []Rule{
	strayRouter6,
	{
		ID: "v6.broken", Severity: diag.Warn,
		Gate:     []Clue{v6Dead, v4Works},
		For:      []Weighed{{strong, always}, {strong, twoV6Anchors}},
		Explains: []string{"connectivity.ipv6"},
		Evidence: func(s *scene) []diag.Evidence {
			var out []diag.Evidence
			for _, a := range s.net.Anchors {
				if a.Family == 6 {
					out = append(out, s.seen(a.AtMS, "tcp connect", "evidence.wan.anchor_silent", "Address", a.Address, "Port", a.Port))
				}
			}
			return out
		},
	},
}

// family counts anchors of a family: how many answered, of how many.
func (s *scene) family(family int) (good, all int) {
	for _, a := range s.net.Anchors {
		if a.Family == family {
			all++
			if answered(a.Outcome) {
				good++
			}
		}
	}
	return good, all
}

// v6Dead: IPv6 anchors were tried, which happens only with a global address
// and a default route, and none answered.
func v6Dead(s *scene) diag.Tri {
	good, all := s.family(6)
	if all == 0 || !s.run.Ended("internet.anchors") {
		return diag.Maybe
	}
	return diag.TriOf(good == 0)
}

func v4Works(s *scene) diag.Tri {
	good, _ := s.family(4)
	return diag.TriOf(good > 0)
}

func twoV6Anchors(s *scene) diag.Tri {
	_, all := s.family(6)
	return diag.TriOf(all > 1)
}
