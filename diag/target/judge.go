package target

import (
	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// Finding codes, a rung each.
const (
	CodeName  = "target.name"
	CodeTCP   = "target.tcp"
	CodeTLS   = "target.tls"
	CodeHTTP  = "target.http"
	CodeProxy = "target.proxy"
)

// rungOf is the finding that a break belongs to.
var rungOf = map[Break]string{
	NameUnknown: CodeName, NameWithheld: CodeName, NameFailed: CodeName,
	NeighbourGone: CodeTCP, Refused: CodeTCP, Filtered: CodeTCP, Silent: CodeTCP, NoRoute: CodeTCP, Denied: CodeTCP, Dead6: CodeTCP,
	HungUp: CodeTLS, Expired: CodeTLS, WrongName: CodeTLS, Untrusted: CodeTLS,
	ServerFail: CodeHTTP, Slow: CodeHTTP,
	ProxyDead: CodeProxy, ProxyLogin: CodeProxy, ProxyRefuses: CodeProxy,
}

// rungs in the order they are climbed.
var rungs = []string{CodeName, CodeTCP, CodeTLS, CodeHTTP}

// Judge is pure: one finding for every rung of every target. What lies above
// the broken one was not needed.
func Judge(f diag.Facts) diag.Judgement {
	var j diag.Judgement
	for _, t := range Section.Of(f).Targets {
		t.judge(&j)
	}
	return j
}

func (t Target) judge(j *diag.Judgement) {
	stuck := t.Break()
	broken := t.rung(stuck)
	reached := true
	for _, code := range rungs {
		status := diag.Skipped
		switch {
		case code == broken:
			status, reached = statusOf(stuck), false
		case broken == CodeProxy: // the direct way is not the one that programs take
		case reached && t.climbs(code):
			status = t.okOr(code, stuck)
		}
		if status != diag.Skipped || t.climbs(code) {
			t.add(j, code, status, t.evidence(code))
		}
	}
	if !t.Proxied {
		return
	}
	status := diag.OK
	switch {
	case stuck == Pending && t.Passage == nil:
		status = diag.Unknown
	case broken == CodeProxy:
		status = statusOf(stuck)
	case stuck != Whole:
		status = diag.Skipped
	}
	if stuck == ProxyLogin {
		j.Miss("proxy_login")
	}
	t.add(j, CodeProxy, status, t.proxyEvidence())
}

func (t Target) add(j *diag.Judgement, code string, status diag.Status, evidence []diag.Evidence) {
	j.Add(code, status, text.Args{"Name": t.Shown(), "Port": t.Port()}, evidence...)
}

// rung is where a break sits. Silence after the connect belongs to the first
// rung that has nothing to show.
func (t Target) rung(b Break) string {
	if b == Mute {
		switch {
		case t.TLS != nil && t.TLS.Outcome != internet.Connected:
			return CodeTLS
		case t.HTTP != nil:
			return CodeHTTP
		}
		return CodeTCP
	}
	return rungOf[b]
}

// statusOf a broken rung: how bad it is for who wants to use the target.
func statusOf(b Break) diag.Status {
	switch b {
	case Dead6, Slow:
		return diag.Warn
	case ProxyLogin:
		return diag.Unknown
	}
	return diag.Fail
}

// climbs reports whether the target has this rung at all.
func (t Target) climbs(code string) bool {
	p := t.protocol(t.Port())
	switch code {
	case CodeName:
		return t.Name != ""
	case CodeTLS:
		return p == secure || p == webSecure
	case CodeHTTP:
		return p == webPlain || p == webSecure
	}
	return true
}

// okOr is a rung below the broken one, or on a way that is whole or still open.
func (t Target) okOr(code string, stuck Break) diag.Status {
	seen := false
	switch code {
	case CodeName:
		seen = t.Lookup != nil && t.Lookup.By != ""
	case CodeTCP:
		seen = t.connected()
	case CodeTLS:
		seen = t.TLS != nil && chain(*t.TLS) == Whole
	case CodeHTTP:
		seen = t.HTTP != nil && answer(*t.HTTP) == Whole
	}
	switch {
	case seen:
		return diag.OK
	case stuck == Whole:
		return diag.Skipped // through the proxy it works: the direct way is not needed
	}
	return diag.Unknown
}

func (t Target) connected() bool {
	for _, c := range t.Connects {
		if c.Outcome == internet.Connected && !c.Companion {
			return true
		}
	}
	return false
}
