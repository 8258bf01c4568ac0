package internet

import (
	"deskside/diag"
	"deskside/diag/text"
)

// judgeProxy: does every proxy that programs are told to use do its work, and
// can they have every script that is to choose one?
func (v view) judgeProxy(j *diag.Judgement) {
	worst, dead := diag.Skipped, text.Args{}
	weigh := func(s diag.Status, variable, source, url string) {
		if s.Worse(worst) == s && s != worst && (s == diag.Fail || s == diag.Warn) {
			dead = text.Args{"Variable": variable, "Source": source, "URL": url}
		}
		worst = worst.Worse(s)
	}
	var inUse []Proxy
	for _, p := range v.Proxies {
		if !p.Bypassed {
			weigh(v.proxyStatus(p), p.Variable, p.Where(), p.URL)
			inUse = append(inUse, p)
		}
	}
	chosen := false
	for _, p := range v.Scripts {
		weigh(v.scriptStatus(p), p.Variable, p.Where(), p.URL)
		chosen = chosen || p.Script == diag.Yes
	}
	if chosen {
		j.Miss("proxy_script")
	}
	if len(inUse)+len(v.Scripts) == 0 && v.os != "" && v.os != "linux" {
		j.Miss("system_proxy") // those systems keep it elsewhere
		worst = diag.Unknown
	}
	j.Add("connectivity.proxy", worst, dead, append(v.proxyEvidence(inUse), scriptEvidence(v.Scripts)...)...)
}

// proxyStatus judges one proxy. Where nothing at all gets out, a proxy that
// stays silent or passes nothing on may be a symptom: that is Unknown. Only
// apt suffers from its own, and one that a script may never choose proves
// nothing.
func (v view) proxyStatus(p Proxy) diag.Status {
	s := v.works(p)
	switch {
	case s == diag.Fail && p.Perhaps:
		return diag.Skipped
	case s == diag.Fail && p.AptOnly():
		return diag.Warn
	}
	return s
}

func (v view) works(p Proxy) diag.Status {
	symptom := diag.Unknown
	if v.outside() {
		symptom = diag.Fail
	}
	switch p.Outcome {
	case "":
		return diag.Unknown
	case Broken, Refused:
		return diag.Fail // no address, or a machine that is there and has no proxy
	case Connected:
	default:
		return symptom
	}
	for _, w := range v.proxied() {
		if w.Proxy == p.URL {
			if w.PassesNothing() {
				return symptom
			}
			return diag.OK // it speaks; whether it lets this page through is its own rule
		}
	}
	if p.pages() && v.Asked.Proxied > 0 {
		return diag.Unknown // connected, and the page is not there yet
	}
	return diag.OK
}

// outside reports that the direct way leads out.
func (v view) outside() bool {
	_, answered := v.anchorsOf(0)
	return answered > 0 || v.webDirect()
}

// PassesNothing reports an answer of a proxy that says it got none itself: a
// gateway error (RFC 9110, 15.6.3 to 15.6.5), or no answer at all.
func (w Web) PassesNothing() bool {
	return w.Match != diag.Yes && (w.Outcome != Connected || w.Status >= 502 && w.Status <= 504)
}

// scriptStatus judges one script. Programs that cannot have it go without a
// proxy (Chromium, net/docs/proxy.md, "Fallback to DIRECT"): slower, but they
// go, so it is never worse than a warning while the direct way works.
func (v view) scriptStatus(p PAC) diag.Status {
	switch p.Lost() {
	case diag.Yes:
		if v.webDirect() {
			return diag.Warn
		}
	case diag.No:
		if p.Script == diag.Yes {
			return diag.OK
		}
		return diag.Skipped
	}
	return diag.Unknown
}

// Lost reports that programs cannot have a script that they are told to use.
// Where it is only looked for, finding none is as good as not looking: a
// domain without the name wpad, or whose server has no such page. Maybe: not
// known, or an answer that may be meant for somebody else.
func (p PAC) Lost() diag.Tri {
	refused := p.Status >= 400
	switch {
	case p.Outcome == "", p.Outcome == Exhausted, p.Outcome == Denied:
		return diag.Maybe
	case p.Found == foundDNS && (p.Outcome == NoName || refused || p.Outcome == Connected && p.Script == diag.No):
		return diag.No
	case p.Outcome != Connected, refused:
		return diag.Yes
	case p.Cert != "" && p.Cert != Trusted && p.Cert != NoRoots:
		return diag.Yes
	case p.Status/100 == 3:
		return diag.Maybe // led away, perhaps to a sign-in page
	}
	return diag.TriOf(p.Script == diag.No)
}

// scriptPending reports that a script has not come yet, nor failed to.
func (v view) scriptPending() bool {
	for _, p := range v.Scripts {
		if p.Outcome == "" {
			return true
		}
	}
	return false
}

// ScriptChooses reports that a script which nobody here runs decides which way
// programs go: then the direct way being shut means nothing.
func (f Facts) ScriptChooses() bool {
	for _, p := range f.Scripts {
		if p.Script == diag.Yes && !matched(f.proxied()) {
			return true
		}
	}
	return false
}

// Searched reports that nobody set the script's address: it was looked for.
func (p PAC) Searched() bool { return p.Found != "" }

// AptOnly reports a proxy that nobody but apt uses.
func (p Proxy) AptOnly() bool { return p.Source == fromAPT }

// Where says where a proxy is set, for a person.
func (p Proxy) Where() string { return where(p.Source, p.File, p.User) }

// Where says where a script is set, for a person.
func (p PAC) Where() string { return where(p.Source, p.File, p.User) }

func where(source, file, user string) string {
	switch {
	case file != "":
		return file
	case user != "":
		return source + ", " + user
	}
	return source
}
