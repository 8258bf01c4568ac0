package internet

import (
	"deskside/diag"
	"deskside/diag/text"
)

// judgeProxy: does every proxy that programs are told to use do its work?
func (v view) judgeProxy(j *diag.Judgement) {
	worst := diag.Skipped
	var inUse, dead []Proxy
	for _, p := range v.Proxies {
		if p.Bypassed {
			continue
		}
		s := v.proxyStatus(p)
		if s == diag.Fail {
			dead = append(dead, p)
		}
		worst = worst.Worse(s)
		inUse = append(inUse, p)
	}
	if len(inUse) == 0 && v.os != "" && v.os != "linux" {
		j.Miss("system_proxy") // those systems keep it elsewhere
		worst = diag.Unknown
	}
	args := text.Args{}
	if len(dead) > 0 {
		args = text.Args{"Variable": dead[0].Variable, "Source": dead[0].Source, "URL": dead[0].URL}
	}
	j.Add("connectivity.proxy", worst, args, v.proxyEvidence(inUse)...)
}

// proxyStatus judges one proxy. Where nothing at all gets out, a proxy that
// stays silent or passes nothing on may be a symptom: that is Unknown.
func (v view) proxyStatus(p Proxy) diag.Status {
	_, answered := v.anchorsOf(0)
	outside := answered > 0 || v.webDirect()
	symptom := diag.Unknown
	if outside {
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
		if w.Proxy != p.URL {
			continue
		}
		switch {
		case w.Match == diag.Yes:
			return diag.OK
		case w.Outcome != Connected, w.Status >= 502 && w.Status <= 504: // RFC 9110, 15.6.3 to 15.6.5
			return symptom
		}
		return diag.OK // it speaks; whether it lets this page through is its own rule
	}
	if speakable(p.URL) && v.Asked.Proxied > 0 {
		return diag.Unknown // connected, and the page is not there yet
	}
	return diag.OK
}
