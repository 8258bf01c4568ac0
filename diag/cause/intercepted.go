package cause

import (
	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// intercepted: somebody on the way opens secure connections. Where this PC was
// set up to accept that, everything works, and it is only worth knowing.
var intercepted = Rule{
	ID: "tls.intercepted", Severity: diag.Fail,
	Level: func(s *scene) diag.Status {
		if s.openedUnknown() {
			return diag.Fail
		}
		return diag.OK
	},
	Gate:     []Clue{func(s *scene) diag.Tri { return diag.TriOf(s.openedUnknown() || s.openedAccepted().URL != "") }},
	For:      []Weighed{{proof, always}},
	Explains: []string{"connectivity.tls"},
	Args: func(s *scene) text.Args {
		if s.openedUnknown() {
			return text.Args{"Issuer": s.foreignChain().Issuer, "Trust": "", "Advice": text.M("cause.intercepted.ask")}
		}
		by := s.openedAccepted().Issuer
		return text.Args{"Issuer": by, "Trust": text.M("cause.intercepted.trusted"), "Advice": text.M("cause.intercepted.fine", "Issuer", by)}
	},
	Evidence: func(s *scene) []diag.Evidence {
		t, key := s.foreignChain(), "evidence.tls.issuer"
		if !s.openedUnknown() {
			t, key = s.openedAccepted(), "evidence.tls.added"
		}
		return []diag.Evidence{s.seen(t.AtMS, "tls", key, "URL", t.URL, "Issuer", t.Issuer)}
	},
}

func (s *scene) foreignChain() internet.TLS {
	for _, t := range s.net.TLS {
		if t.Now == internet.UnknownCA || t.Then == internet.UnknownCA {
			return t
		}
	}
	return internet.TLS{}
}

// openedUnknown: an authority this PC does not know signs, and no chain is good.
func (s *scene) openedUnknown() bool {
	return foreignCA(s) == diag.Yes && someChainTrusted(s) == diag.No
}

// openedAccepted is a site outside whose chain is good because somebody put
// its authority on this PC. Inner sites are what such authorities are for.
func (s *scene) openedAccepted() internet.TLS {
	for _, t := range s.net.TLS {
		if t.Now == internet.Trusted && t.Added == diag.Yes && t.Scope != link.Private && t.Scope != link.Loopback && t.Scope != link.LinkLocal {
			return t
		}
	}
	return internet.TLS{}
}

// foreignCA: a chain ends in an authority this PC does not know, at the
// server's time too.
func foreignCA(s *scene) diag.Tri { return diag.TriOf(s.foreignChain().URL != "") }
