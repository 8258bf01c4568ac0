package cause

import (
	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// Bounds of a poor cable.
const (
	// errorRate is one damaged frame in a thousand; a sound Ethernet link is
	// specified for a bit error rate of 1e-10 or better (IEEE 802.3), which is
	// less than one frame in 800 000.
	errorRate = 1e-3
	// errorsSeen keeps one unlucky frame in a short window from counting.
	errorsSeen = 5
	slowMbit   = 100
)

// cableRules: a link carries, and carries badly. They stand below everything
// that loses packets, and warn where the network works all the same.
var cableRules = []Rule{
	{
		ID: "link.flapping", Severity: diag.Warn,
		Level: func(s *scene) diag.Status {
			if flapsNow(s) == diag.Yes && networkWorks(s) == diag.No {
				return diag.Fail
			}
			return diag.Warn
		},
		Gate:     []Clue{linksRead, not(nothingCarries), either(flapsNow, flappedLately)},
		For:      []Weighed{{proof, always}},
		Explains: append([]string{"gateway.latency"}, beyondNames...),
		Also: func(s *scene) []string {
			if flapsNow(s) != diag.Yes {
				return nil // it holds now: what fails now has another reason
			}
			return []string{"addr.none", "addr.apipa", "addr.no_dhcp_server", "gw.arp_failed", "gw.no_forward", "gw.no_nat", "wan.*", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block", "perf.*"}
		},
		Args: func(s *scene) text.Args {
			if c := s.flapping(); c.Flaps > 0 {
				return text.Args{"Link": s.linkName(c.Index)}
			}
			return text.Args{"Link": s.linkName(s.flapped().Index)}
		},
		Evidence: func(s *scene) []diag.Evidence {
			var out []diag.Evidence
			if c := s.flapping(); c.Flaps > 0 {
				out = append(out, s.seen(s.link.AtMS, "carrier_changes", "evidence.link.flaps", "Link", s.linkName(c.Index), "Changes", c.Flaps, "Window", int(c.WindowMS)))
			}
			if l := s.flapped(); l.Often {
				out = append(out, s.seen(l.AtMS, "/dev/kmsg", "evidence.link.lost", "Link", s.linkName(l.Index), "Times", l.Times, "Minutes", int(l.WindowS/60)))
			}
			return out
		},
	},
	{
		ID: "link.errors", Severity: diag.Warn,
		Gate:     []Clue{linksRead, framesDamaged},
		For:      []Weighed{{proof, always}},
		Explains: []string{"gateway.latency"}, Over: []string{"wan.loss_hop", "perf.*"},
		Args: func(s *scene) text.Args { return text.Args{"Link": s.linkName(s.damaged().Index)} },
		Evidence: func(s *scene) []diag.Evidence {
			c := s.damaged()
			return []diag.Evidence{s.seen(s.link.AtMS, "sysfs statistics", "evidence.link.errors",
				"Link", s.linkName(c.Index), "Errors", c.Errors, "Frames", c.Received, "Window", int(c.WindowMS))}
		},
	},
	{
		ID: "link.half_duplex", Severity: diag.Warn,
		Gate:     []Clue{linksRead, linkTakesTurns},
		For:      []Weighed{{proof, always}},
		Explains: []string{"gateway.latency"}, Over: []string{"link.speed_low", "perf.*"},
		Args: func(s *scene) text.Args { return s.pace(s.takingTurns()) },
		Evidence: func(s *scene) []diag.Evidence {
			l := s.takingTurns()
			return []diag.Evidence{s.seen(s.link.AtMS, "sysfs duplex", "evidence.link.speed", "Link", l.Name, "Speed", l.SpeedMb, "Duplex", l.Duplex)}
		},
	},
	{
		ID: "link.speed_low", Severity: diag.Warn,
		Gate: []Clue{linksRead, linkBelowItsPace},
		For:  []Weighed{{proof, always}}, Over: []string{"perf.*"},
		Args: func(s *scene) text.Args { return s.pace(s.belowItsPace()) },
		Evidence: func(s *scene) []diag.Evidence {
			l := s.belowItsPace()
			return []diag.Evidence{s.seen(s.link.AtMS, "ethtool", "evidence.link.slower", "Link", l.Name, "Speed", l.SpeedMb)}
		},
	},
	weakRadio,
}

func (s *scene) pace(l link.Link) text.Args { return text.Args{"Link": l.Name, "Speed": l.SpeedMb} }

// flapping is a link that lost or found its carrier while this run watched.
// How often it did since the PC started says nothing: every sleep counts.
func (s *scene) flapping() (found link.Change) {
	for _, c := range s.link.Change {
		if c.Flaps > found.Flaps {
			found = c
		}
	}
	return found
}

func flapsNow(s *scene) diag.Tri { return diag.TriOf(s.flapping().Flaps > 0) }

// flapped is a link that came and went in the last minutes, and holds now.
func (s *scene) flapped() (found link.Losses) {
	for _, l := range s.link.Losses {
		if l.Often && l.Times > found.Times {
			found = l
		}
	}
	return found
}

func flappedLately(s *scene) diag.Tri { return diag.TriOf(s.flapped().Often) }

func (s *scene) damaged() (found link.Change) {
	for _, c := range s.link.Change {
		if c.Errors >= errorsSeen && float64(c.Errors) > errorRate*float64(c.Received) && c.Errors > found.Errors {
			found = c
		}
	}
	return found
}

func framesDamaged(s *scene) diag.Tri { return diag.TriOf(s.damaged().Errors > 0) }

// takingTurns is a link in use whose two ends may not speak at once, which no
// switch asks for any more: one side failed to negotiate.
func (s *scene) takingTurns() link.Link {
	for _, l := range s.carrying {
		if l.Duplex == "half" && l.Kind != "wifi" && s.hasUsableAddress(l.Index) {
			return l
		}
	}
	return link.Link{}
}

func linkTakesTurns(s *scene) diag.Tri { return diag.TriOf(s.takingTurns().Index != 0) }

// belowItsPace is a link in use at a tenth or less of what its adapter can do:
// a damaged pair of wires, or an old device at the other end.
func (s *scene) belowItsPace() link.Link {
	for _, l := range s.carrying {
		if l.Gigabit && l.SpeedMb > 0 && l.SpeedMb <= slowMbit && l.Kind != "wifi" && s.hasUsableAddress(l.Index) {
			return l
		}
	}
	return link.Link{}
}

func linkBelowItsPace(s *scene) diag.Tri { return diag.TriOf(s.belowItsPace().Index != 0) }
