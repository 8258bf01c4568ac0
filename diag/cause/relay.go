package cause

import (
	"deskside/diag"
	"deskside/diag/text"
)

// relayed: somebody on the way takes plain pages in hand, and everything works
// all the same. A note; worth a warning once pages are changed.
var relayed = Rule{
	ID: "proxy.transparent", Severity: diag.OK,
	Level: func(s *scene) diag.Status {
		if _, changed := s.net.Relay(); changed {
			return diag.Warn
		}
		return diag.OK
	},
	Gate: []Clue{func(s *scene) diag.Tri {
		rows, _ := s.net.Relay()
		return diag.TriOf(len(rows) > 0)
	}},
	For: []Weighed{{proof, always}},
	Args: func(s *scene) text.Args {
		if _, changed := s.net.Relay(); changed {
			return text.Args{"How": text.M("cause.relay.changes"), "Effect": text.M("cause.relay.adds")}
		}
		return text.Args{"How": "", "Effect": ""}
	},
	Evidence: func(s *scene) []diag.Evidence {
		rows, changed := s.net.Relay()
		key := "evidence.relay.same"
		if changed {
			key = "evidence.relay.added"
		}
		var out []diag.Evidence
		for _, w := range rows {
			out = append(out, s.seen(w.AtMS, "http", key, "URL", w.URL, "Relay", w.Relay))
		}
		return out
	},
}
