package cause

import (
	"deskside/diag"
	"deskside/diag/deep"
	"deskside/diag/text"
)

// perfRules: everything arrives, but late, or only most of it. A full line
// loses packets at the end of its queue, so what fills it explains the loss.
var perfRules = []Rule{
	{
		ID: "wan.loss_hop", Severity: diag.Fail,
		Level: func(s *scene) diag.Status { return s.loss().Severity() },
		Gate:  []Clue{lossPersists, heardInTime},
		For:   []Weighed{{strong, always}, {strong, lossBegins}},
		Explains: []string{
			"path.loss", "gateway.latency", "connectivity.anchors", "connectivity.web", "connectivity.tls", "dns.servers", "dns.resolves",
		},
		Args: func(s *scene) text.Args {
			l := s.loss()
			where := map[int]string{0: "near", 1: "line"}[l.After]
			if where == "" {
				where = "beyond"
			}
			return text.Args{"Hop": l.After + 1, "Rate": l.Rate(), "Where": text.M("cause.loss.where."+where, "After", l.After), "Advice": text.M("cause.loss.advice."+where, "After", l.After)}
		},
		Evidence: func(s *scene) []diag.Evidence { return s.deep().Seen() },
	},
	{
		ID: "perf.uplink_hog", Severity: diag.Warn,
		Gate:     []Clue{hogged},
		For:      []Weighed{{proof, hogSaysSo}, {strong, always}},
		Explains: []string{"path.uplink", "path.loss", "path.load"},
		Over:     []string{"wan.loss_hop", "perf.uplink_saturated_other"},
		Args:     func(s *scene) text.Args { return s.deep().Uplink.Words(s.hog()) },
		Evidence: func(s *scene) []diag.Evidence {
			return append([]diag.Evidence{s.deep().Uplink.Seen(s.hog())}, s.deep().Seen()...)
		},
	},
	{
		ID: "perf.uplink_saturated_other", Severity: diag.Warn,
		Gate:     []Clue{queueBeyondRouter, selfQuiet, unless(hogged), heardInTime},
		For:      []Weighed{{strong, always}},
		Explains: []string{"path.load", "path.loss"},
		Over:     []string{"wan.loss_hop", "perf.bufferbloat"},
		Evidence: func(s *scene) []diag.Evidence {
			near, far, _ := s.deep().Queue()
			out := []diag.Evidence{s.seen(s.deep().Uplink.AtMS, "tcp connect, link counters", "evidence.path.queue", "Near", int(near), "Far", int(far))}
			if _, _, crowded := s.deep().Crowded(); crowded {
				out = append(out, s.deep().Load.Held())
			}
			return append(out, s.deep().Seen()...)
		},
	},
	{
		ID: "perf.bufferbloat", Severity: diag.Warn,
		Gate:     []Clue{either(bloatedByUs, bloatedByHog), heardInTime},
		For:      []Weighed{{strong, bloatedByUs}, {strong, bloatedByHog}},
		Explains: []string{"path.load"},
		Args:     func(s *scene) text.Args { return s.bloat() },
		Evidence: func(s *scene) []diag.Evidence {
			if bloatedByUs(s) == diag.Yes {
				return []diag.Evidence{s.deep().Load.Seen()}
			}
			return []diag.Evidence{s.deep().Uplink.Seen(s.hog())}
		},
	},
	slowLine,
}

// slowLine is a note: what the provider sells is nobody's fault. It belongs to
// what is worth knowing when everything else is in order.
var slowLine = Rule{
	ID: "perf.link_slow", Severity: diag.OK,
	Gate: []Clue{func(s *scene) diag.Tri {
		_, slow := s.deep().SlowLine()
		return diag.TriOf(slow)
	}},
	For: []Weighed{{strong, always}},
	Args: func(s *scene) text.Args {
		kbits, _ := s.deep().SlowLine()
		return text.Args{"KBits": kbits}
	},
	Evidence: func(s *scene) []diag.Evidence { return []diag.Evidence{s.deep().Load.Seen()} },
}

func (s *scene) loss() deep.Loss {
	l, _ := s.deep().Loss()
	return l
}

// bloat is the round trip with and without a load: ours, or that of the
// program which fills the line.
func (s *scene) bloat() text.Args {
	if bloatedByUs(s) == diag.Yes {
		return s.deep().Load.Words()
	}
	if t, says := s.deep().Uplink.Hog(); says {
		return text.Args{"Idle": deep.Spoken(t.MinRTTMS), "Loaded": deep.Spoken(t.RTTMS)}
	}
	near, far, _ := s.deep().Queue()
	return text.Args{"Idle": deep.Spoken(near), "Loaded": deep.Spoken(far)}
}

func (s *scene) hog() deep.Filler {
	h, _ := s.deep().Hog()
	return h
}

// heardInTime: this program itself was not what made answers late.
func heardInTime(s *scene) diag.Tri { return diag.TriOf(!deep.Deaf(s.run)) }

func lossPersists(s *scene) diag.Tri {
	_, lossy := s.deep().Loss()
	return diag.TriOf(lossy)
}

// lossBegins: the hop before loses clearly less than the far ends.
func lossBegins(s *scene) diag.Tri { return diag.TriOf(s.loss().Sure) }

func hogged(s *scene) diag.Tri {
	_, hog := s.deep().Hog()
	return diag.TriOf(hog)
}

// hogSaysSo: the program's own connections are slower than they were.
func hogSaysSo(s *scene) diag.Tri {
	_, says := s.deep().Uplink.Hog()
	return diag.TriOf(says)
}

func bloatedByHog(s *scene) diag.Tri {
	h, hog := s.deep().Hog()
	return diag.TriOf(hog && h.Bloats())
}

func queueBeyondRouter(s *scene) diag.Tri {
	_, _, full := s.deep().Queue()
	return diag.TriOf(full)
}

func selfQuiet(s *scene) diag.Tri { return diag.TriOf(s.deep().Uplink.Quiet()) }

func bloatedByUs(s *scene) diag.Tri { return diag.TriOf(s.deep().Load.Bloated()) }
