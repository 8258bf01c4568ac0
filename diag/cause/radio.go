package cause

import (
	"deskside/diag"
	"deskside/diag/text"
	"deskside/diag/wifi"
)

// radioOff is a rule for a radio that is switched off (rfkill), on a PC where
// nothing else carries. A PC on a cable may keep its radio off.
func radioOff(id, source string, off Clue) Rule {
	return Rule{
		ID: id, Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, off, nothingCarries, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Against:  []Weighed{{proof, cableWanted}},
		Explains: beyondLink, Over: []string{"link.*", "wifi.*", "addr.*", "route.*", "gw.*", "wan.*", "dns.*"},
		Args: func(s *scene) text.Args { return text.Args{"Link": s.silencedRadio().Iface} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(wifi.Section.Of(s.facts).AtMS, source, "evidence.link.rfkill", "Link", s.silencedRadio().Iface)}
		},
	}
}

// silencedRadio is the adapter that is blocked; a hardware switch first, since
// no software undoes it.
func (s *scene) silencedRadio() (found wifi.Adapter) {
	for _, a := range wifi.Section.Of(s.facts).Adapters {
		if a.Hard || a.Soft && found.Iface == "" {
			found = a
		}
	}
	return found
}

func radioOffHard(s *scene) diag.Tri { return diag.TriOf(s.silencedRadio().Hard) }

func radioOffSoft(s *scene) diag.Tri {
	a := s.silencedRadio()
	return diag.TriOf(a.Soft && !a.Hard)
}

// cableWanted: a link that is no radio has an address of its own, so it is the
// one that somebody misses.
func cableWanted(s *scene) diag.Tri {
	for _, l := range s.plain {
		if l.Kind != "wifi" && len(s.link.AddressesOf(l.Index)) > 0 {
			return diag.Yes
		}
	}
	return diag.No
}
