package internet

import (
	"deskside/diag"
	"deskside/diag/text"
)

// trusted counts the sites whose certificate is good now.
func (v view) trusted() int {
	n := 0
	for _, t := range v.TLS {
		if t.Now == Trusted {
			n++
		}
	}
	return n
}

// judgeTLS is about certificates. A site that took no connection at all shows
// none: whether that is a fault, anchors and web say.
func (v view) judgeTLS(j *diag.Judgement) {
	bad, roots := 0, true
	for _, t := range v.TLS {
		switch {
		case t.Now == NoRoots:
			roots = false
		case t.Now == "" && t.Dialed && t.Outcome != Connected: // connected, and then no handshake
			bad++
		case t.Now != "" && t.Now != Trusted:
			bad++
		}
	}
	add := func(s diag.Status) {
		j.Add("connectivity.tls", s, text.Args{"Count": bad}, tlsEvidence(v.TLS)...)
	}
	switch {
	case v.Asked.Known && v.Asked.TLS == 0:
		add(diag.Skipped)
	case pending(len(v.TLS), v.Asked.TLS):
		add(diag.Unknown)
	case bad > 0 && v.trusted() > 0:
		add(diag.Warn)
	case bad > 0 && v.webProxied() && !v.webDirect():
		add(diag.Skipped) // only the proxy has a way out, and it does the handshakes
	case bad > 0:
		add(diag.Fail)
	case v.trusted() > 0:
		add(diag.OK)
	case !roots:
		j.Miss("roots")
		add(diag.Unknown)
	case v.webProxied() && !v.webDirect():
		add(diag.Skipped)
	default:
		add(diag.Unknown)
	}
}
