package internet

import (
	"math"
	"strconv"

	"deskside/diag"
	"deskside/diag/text"
)

func connectEvidence(rows []Connect) []diag.Evidence {
	var out []diag.Evidence
	for _, c := range rows {
		out = append(out, diag.Evidence{
			What:   text.M("evidence.connect."+string(c.Outcome), "Address", c.Address, "Port", c.Port, "MS", whole(c.TookMS), "Errno", c.Errno),
			Source: "tcp/" + strconv.Itoa(c.Port), AtMS: c.AtMS,
		})
	}
	return out
}

func webEvidence(rows []Web) []diag.Evidence {
	var out []diag.Evidence
	for _, w := range rows {
		source := "http"
		if w.Proxy != "" {
			source = "http proxy"
		}
		out = append(out, diag.Evidence{
			What: text.M("evidence.web."+w.kind(), "URL", w.URL, "Proxy", w.Proxy, "Address", w.Address, "Status", w.Status,
				"To", w.Redirect, "MS", whole(w.TookMS), "Errno", w.Errno),
			Source: source, AtMS: w.AtMS,
		})
	}
	return out
}

// kind names what a web row shows.
func (w Web) kind() string {
	switch {
	case w.Match == diag.Yes:
		return "expected"
	case w.Outcome != Connected:
		return string(w.Outcome)
	case w.Redirect != "":
		return "redirect"
	}
	return "different"
}

func tlsEvidence(rows []TLS) []diag.Evidence {
	var out []diag.Evidence
	for _, t := range rows {
		kind := string(t.Now)
		switch {
		case t.Now == "" && (t.Dialed || t.Outcome == Connected):
			kind = "handshake"
		case t.Now == "":
			kind = string(t.Outcome)
		}
		out = append(out, diag.Evidence{
			What:   text.M("evidence.tls."+kind, "URL", t.URL, "Address", t.Address, "Issuer", t.Issuer, "MS", whole(t.TookMS), "Errno", t.Errno),
			Source: "tls", AtMS: t.AtMS,
		})
		if t.Then == Trusted && t.Now != Trusted {
			out = append(out, diag.Evidence{What: text.M("evidence.tls.then", "URL", t.URL), Source: "tls", AtMS: t.AtMS})
		}
	}
	return out
}

func (v view) clockEvidence(c Clock) []diag.Evidence {
	if !c.Known {
		return nil
	}
	e := diag.Evidence{What: skewMessage(c.SkewS), Source: "http date"}
	for _, w := range v.Web {
		if w.HasDate && w.SkewS == c.SkewS {
			e.AtMS = w.AtMS
		}
	}
	return []diag.Evidence{e}
}

// skewMessage says a difference in the largest unit that keeps it readable.
func skewMessage(s float64) text.Message {
	side := "behind"
	if s < 0 {
		side = "ahead"
	}
	n, unit := math.Abs(s), "seconds"
	switch {
	case n >= 2*24*3600:
		n, unit = n/(24*3600), "days"
	case n >= 2*3600:
		n, unit = n/3600, "hours"
	case n >= 2*60:
		n, unit = n/60, "minutes"
	}
	return text.M("evidence.clock."+side+"."+unit, "Count", whole(n))
}

func (v view) proxyEvidence(rows []Proxy) []diag.Evidence {
	var out []diag.Evidence
	for _, p := range rows {
		kind := string(p.Outcome)
		switch {
		case p.URL == "":
			kind = "invalid"
		case p.Outcome == "":
			kind = "set"
		}
		source := p.Where()
		if p.Line > 0 {
			source += ":" + strconv.Itoa(p.Line)
		}
		out = append(out, diag.Evidence{
			What:   text.M("evidence.proxy_set."+kind, "Variable", p.Variable, "URL", p.URL, "MS", whole(p.TookMS), "Errno", p.Errno),
			Source: source, AtMS: p.AtMS,
		})
	}
	return append(out, webEvidence(v.proxied())...)
}

func scriptEvidence(rows []PAC) []diag.Evidence {
	var out []diag.Evidence
	for _, p := range rows {
		if kind := p.Kind(); kind != "" {
			out = append(out, diag.Evidence{
				What:   text.M("evidence.proxy_script."+kind, "URL", p.URL, "Status", p.Status, "MS", whole(p.TookMS), "Errno", p.Errno),
				Source: p.Where(), AtMS: p.AtMS,
			})
		}
	}
	return out
}

// Kind names what became of a script; "" when nothing is known.
func (p PAC) Kind() string {
	switch {
	case p.Found == foundDNS && p.Lost() == diag.No && p.Script != diag.Yes:
		return "nowhere" // looked for, and there is none
	case p.URL == "" && p.Outcome == Broken:
		return "invalid"
	case p.Cert != "" && p.Cert != Trusted && p.Cert != NoRoots:
		return "distrusted"
	case p.Outcome == Connected && p.Status >= 400:
		return "status"
	case p.Outcome == Connected && p.Script == diag.Yes:
		return "works"
	case p.Outcome == Connected && p.Script == diag.No:
		return "another"
	case p.Outcome == Connected:
		return "led_away"
	case p.OnDisk && p.Outcome == NoName:
		return "gone"
	}
	return string(p.Outcome)
}

func whole(f float64) int { return int(math.Round(f)) }
