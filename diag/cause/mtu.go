package cause

import (
	"deskside/diag"
	"deskside/diag/deep"
	"deskside/diag/text"
)

func (s *scene) deep() deep.Facts { return deep.Section.Of(s.facts) }

// mtuRules: packets get through or not, depending on their size.
var mtuRules = []Rule{
	{
		ID: "mtu.blackhole", Severity: diag.Fail,
		Gate:     []Clue{largeVanish},
		For:      []Weighed{{strong, always}, {proof, vanishAlone}},
		Explains: []string{"path.mtu", "connectivity.tls", "connectivity.web", "dns.servers", "dns.resolves"},
		Over:     []string{"tls.*", "wan.loss_hop"},
		Args:     func(s *scene) text.Args { return s.deep().Words() },
		Evidence: func(s *scene) []diag.Evidence { return s.blackhole().Seen() },
	},
	{
		ID: "mtu.local_mismatch", Severity: diag.Warn,
		Gate:     []Clue{func(s *scene) diag.Tri { return diag.TriOf(s.deep().MTU.Mismatch()) }},
		For:      []Weighed{{strong, always}, {weak, wholeBeyond}},
		Explains: []string{"path.frames"},
		Args:     func(s *scene) text.Args { return text.Args{"Link": s.deep().MTU.Link} },
		Evidence: func(s *scene) []diag.Evidence { return []diag.Evidence{s.deep().MTU.Frames()} },
	},
}

// largeVanish: several sizes above a limit stalled, everything below arrived,
// and no router said "too big" in a way that reached the kernel (it would have
// sent smaller packets, and they would have arrived).
func largeVanish(s *scene) diag.Tri {
	_, _, vanish := s.deep().Blackhole()
	switch {
	case vanish:
		return diag.Yes
	case s.deep().Whole():
		return diag.No
	}
	return diag.Maybe
}

func (s *scene) blackhole() deep.MTU {
	m, _, _ := s.deep().Blackhole()
	return m
}

// vanishAlone: a second witness, packets that belong to no connection.
func vanishAlone(s *scene) diag.Tri { return s.blackhole().Alone() }

// wholeBeyond: packets of the internet's size do arrive, so only frames above
// it are lost.
func wholeBeyond(s *scene) diag.Tri { return diag.TriOf(s.deep().Whole()) }
