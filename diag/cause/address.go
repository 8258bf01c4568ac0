package cause

import (
	"deskside/diag"
	"deskside/diag/text"
)

// addressRules: a link carries, but this PC has no address to use on it.
var addressRules = []Rule{
	wrongMask,
	foreigner,
	mirror,
	twin,
	{
		ID: "addr.none", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, not(nothingCarries), not(hasAddress), not(onlySelfAssigned), unless(wayOut)},
		For:      []Weighed{{strong, always}, {proof, serversAsked}},
		Explains: beyondAddress, Over: []string{"route.*", "gw.*", "wan.*", "dns.*"},
		Args: carryingArgs,
		Evidence: func(s *scene) []diag.Evidence {
			return append([]diag.Evidence{s.seen(s.link.AtMS, "netlink address", "evidence.addr.none", "Link", s.carrying[0].Name)}, discoverEvidence(s)...)
		},
	},
	{
		ID: "addr.apipa", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, not(nothingCarries), onlySelfAssigned, unless(wayOut)},
		For:      []Weighed{{strong, always}, {proof, serversAsked}},
		Explains: beyondAddress, Over: []string{"route.*", "gw.*", "wan.*", "dns.*"},
		Args: carryingArgs,
		Evidence: func(s *scene) []diag.Evidence {
			return append([]diag.Evidence{s.seen(s.link.AtMS, "netlink address", "evidence.addr.apipa", "Link", s.carrying[0].Name)}, discoverEvidence(s)...)
		},
	},
}

func carryingArgs(s *scene) text.Args { return text.Args{"Link": s.carrying[0].Name} }

// hasAddress: a carrying link has an address that can leave the segment.
func hasAddress(s *scene) diag.Tri {
	for _, l := range s.carrying {
		if s.hasUsableAddress(l.Index) {
			return diag.Yes
		}
	}
	return diag.No
}

// onlySelfAssigned: the only IPv4 addresses are 169.254/16 (RFC 3927), given
// by the PC to itself because nobody else did.
func onlySelfAssigned(s *scene) diag.Tri {
	if hasAddress(s) == diag.Yes {
		return diag.No
	}
	for _, l := range s.carrying {
		for _, a := range s.link.AddressesOf(l.Index) {
			if a.Family == 4 && a.Scope == "link-local" {
				return diag.Yes
			}
		}
	}
	return diag.No
}
