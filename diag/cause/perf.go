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
		Gate:  []Clue{lossPersists},
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
		For:      []Weighed{{proof, always}},
		Explains: []string{"path.uplink", "path.loss", "path.load"},
		Over:     []string{"wan.loss_hop", "perf.uplink_saturated_other"},
		Args: func(s *scene) text.Args {
			t, _ := s.deep().Uplink.Hog()
			return s.deep().Uplink.Words(t)
		},
		Evidence: func(s *scene) []diag.Evidence {
			t, _ := s.deep().Uplink.Hog()
			return append([]diag.Evidence{s.deep().Uplink.Seen(t)}, s.deep().Seen()...)
		},
	},
	{
		ID: "perf.uplink_saturated_other", Severity: diag.Warn,
		Gate:     []Clue{queueBeyondRouter, selfQuiet, unless(hogged)},
		For:      []Weighed{{strong, always}},
		Explains: []string{"path.load", "path.loss"},
		Over:     []string{"wan.loss_hop", "perf.bufferbloat"},
		Evidence: func(s *scene) []diag.Evidence {
			near, far, _ := s.deep().Waiting()
			line := s.seen(s.deep().Uplink.AtMS, "tcp connect, link counters", "evidence.path.queue", "Near", int(near), "Far", int(far))
			return append([]diag.Evidence{line}, s.deep().Seen()...)
		},
	},
	{
		ID: "perf.bufferbloat", Severity: diag.Warn,
		Gate:     []Clue{either(bloatedByUs, bloatedByHog)},
		For:      []Weighed{{strong, bloatedByUs}, {strong, bloatedByHog}},
		Explains: []string{"path.load"},
		Args:     func(s *scene) text.Args { return s.bloat() },
		Evidence: func(s *scene) []diag.Evidence {
			if bloatedByUs(s) == diag.Yes {
				return []diag.Evidence{s.deep().Load.Seen()}
			}
			t, _ := s.deep().Uplink.Hog()
			return []diag.Evidence{s.deep().Uplink.Seen(t)}
		},
	},
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
	t, _ := s.deep().Uplink.Hog()
	return text.Args{"Idle": int(t.MinRTTMS), "Loaded": int(t.RTTMS)}
}

func lossPersists(s *scene) diag.Tri {
	_, lossy := s.deep().Loss()
	return diag.TriOf(lossy)
}

// lossBegins: the hop before loses clearly less than the far ends.
func lossBegins(s *scene) diag.Tri { return diag.TriOf(s.loss().Sure) }

func hogged(s *scene) diag.Tri {
	_, hog := s.deep().Uplink.Hog()
	return diag.TriOf(hog)
}

func bloatedByHog(s *scene) diag.Tri {
	t, hog := s.deep().Uplink.Hog()
	return diag.TriOf(hog && t.Bloats())
}

func queueBeyondRouter(s *scene) diag.Tri {
	_, _, waits := s.deep().Waiting()
	return diag.TriOf(waits)
}

func selfQuiet(s *scene) diag.Tri { return diag.TriOf(s.deep().Uplink.Quiet()) }

func bloatedByUs(s *scene) diag.Tri { return diag.TriOf(s.deep().Load.Bloated()) }
