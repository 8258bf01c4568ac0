package internet

import (
	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// Judge is pure: what the answers say about the way out, IPv6, the web,
// certificates, the clock and the proxy.
func Judge(f diag.Facts) diag.Judgement {
	v := view{Facts: Section.Of(f), local: link.Section.Of(f), os: diag.RunSection.Of(f).OS}
	var j diag.Judgement
	v.judgeAnchors(&j)
	v.judgeIPv6(&j)
	v.judgeWeb(&j)
	v.judgeTLS(&j)
	v.judgeClock(&j)
	v.judgeProxy(&j)
	if v.BindDenied {
		j.Miss("bound")
	}
	return j
}

// view is the facts with the questions the judges ask of them.
type view struct {
	Facts
	local link.Facts
	os    string
}

// webDirect reports that a page known beforehand came without a proxy.
func (v view) webDirect() bool { return matched(v.direct()) }

// webProxied reports that one came through a proxy.
func (v view) webProxied() bool { return matched(v.proxied()) }

func matched(rows []Web) bool {
	for _, w := range rows {
		if w.Match == diag.Yes {
			return true
		}
	}
	return false
}

// pending reports that answers which could still decide are out: fewer rows
// than were asked, or none at all.
func pending(rows, asked int) bool { return rows == 0 || rows < asked }

// proxyPending reports that a proxy has not said yet whether it gives the web.
func (v view) proxyPending() bool {
	return v.scriptPending() || v.Asked.Proxied > 0 && pending(len(v.proxied()), v.Asked.Proxied)
}

// anchorsOf returns the anchors of a family, or of both for 0, and how many
// of them answered: a refusal proves the path as well as a connection.
func (v view) anchorsOf(family int) (rows []Connect, answered int) {
	for _, c := range v.Anchors {
		if family == 0 || c.Family == family {
			rows = append(rows, c)
			if c.Outcome == Connected || c.Outcome == Refused {
				answered++
			}
		}
	}
	return rows, answered
}

// judgeAnchors: can this PC reach the internet by address?
func (v view) judgeAnchors(j *diag.Judgement) {
	rows, answered := v.anchorsOf(0)
	asked := v.Asked.Anchors4 + v.Asked.Anchors6
	add := func(s diag.Status) {
		j.Add("connectivity.anchors", s, text.Args{"Answered": answered, "Asked": max(asked, len(rows))}, connectEvidence(rows)...)
	}
	switch {
	case answered > 0:
		add(diag.OK)
	case v.Asked.Known && asked == 0:
		add(diag.Skipped) // no anchors configured, or no route: connectivity.route says that
	case pending(len(rows), asked):
		add(diag.Unknown)
	case v.webProxied() && !v.webDirect():
		add(diag.Skipped) // a network where only the proxy has a way out
	case v.webDirect() && v.trusted() > 0:
		add(diag.Skipped) // only these addresses are shut: the sites themselves answer
	case v.proxyPending(), v.ScriptChooses():
		add(diag.Unknown)
	default:
		add(diag.Fail)
	}
}

// judgeIPv6: does IPv6 work where it is set up? Programs try it first, so a
// dead one makes everything slow.
func (v view) judgeIPv6(j *diag.Judgement) {
	rows, answered := v.anchorsOf(6)
	_, answered4 := v.anchorsOf(4)
	add := func(s diag.Status) { j.Add("connectivity.ipv6", s, nil, connectEvidence(rows)...) }
	switch {
	case answered > 0:
		add(diag.OK)
	case v.Asked.Known && v.Asked.Anchors6 == 0:
		add(diag.Skipped)
	case pending(len(rows), v.Asked.Anchors6):
		add(diag.Unknown)
	case v.local.Readable != diag.Yes && allOutcome(rows, NoNetwork):
		add(diag.Skipped) // the tables are unknown, but the kernel says: no IPv6 here
	case answered4 > 0 || v.webDirect():
		add(diag.Warn)
	default:
		add(diag.Skipped) // nothing works: that is not about IPv6
	}
}

func allOutcome(rows []Connect, o Outcome) bool {
	for _, c := range rows {
		if c.Outcome != o {
			return false
		}
	}
	return true
}

// nobodyToAsk: there is a way out, and the configuration names nobody beyond
// it. Then nothing says that the internet is reached.
func (v view) nobodyToAsk() bool {
	a := v.Asked
	wayOut := len(v.local.Defaults(4))+len(v.local.Defaults(6)) > 0
	return a.Known && wayOut && a.Anchors4+a.Anchors6+a.Web+a.TLS+a.Proxied == 0
}

// judgeWeb: do pages open? One of two known answers is enough; none of them
// is a failure only when all have ended, the proxies' too.
func (v view) judgeWeb(j *diag.Judgement) {
	rows := v.Web
	add := func(s diag.Status) { j.Add("connectivity.web", s, text.Args{"Count": len(rows)}, webEvidence(rows)...) }
	switch {
	case v.webDirect() || v.webProxied():
		add(diag.OK)
	case v.nobodyToAsk():
		j.Miss("nobody_to_ask")
		add(diag.Unknown)
	case v.Asked.Known && v.Asked.Web == 0 && len(v.direct()) == 0 && !v.proxyPending():
		add(diag.Skipped) // no route, or no page configured
	case pending(len(v.direct()), v.Asked.Web) && v.Asked.Web > 0, v.proxyPending(), len(rows) == 0:
		add(diag.Unknown)
	case v.proxyWantsLogin():
		j.Miss("proxy_login")
		add(diag.Unknown)
	case v.ScriptChooses():
		add(diag.Unknown) // judgeProxy says what nobody here can read
	case v.trusted() > 0 && v.heldBack():
		add(diag.Skipped)
	case v.trusted() > 0 && v.sitesDown():
		add(diag.Warn) // a secure site was met: the web is there, these pages are not
	default:
		add(diag.Fail)
	}
}

// heldBack: the known pages lead to no machine at all, as lists against
// advertisers do it: nobody was asked.
func (v view) heldBack() bool {
	for _, w := range v.direct() {
		if w.Scope != link.Null && w.Scope != link.Loopback {
			return false
		}
	}
	return len(v.direct()) > 0
}

// sitesDown: the known pages did not come, and nobody put another in their
// place: the two sites may be out of order, or plain pages stopped on the way.
func (v view) sitesDown() bool {
	for _, w := range v.direct() {
		if w.Outcome == Connected && !w.Fails() {
			return false
		}
	}
	return true
}

// Fails reports an answer that only says that there is no page, 4xx or 5xx
// (RFC 9110, 15.5 and 15.6), and neither leads elsewhere nor asks for a
// sign-in (511, RFC 6585, 6).
func (w Web) Fails() bool {
	return w.Outcome == Connected && w.Status >= 400 && w.Status != 511 && w.Redirect == ""
}

// proxyWantsLogin: an answer 407 (RFC 9110, 15.5.8). Programs that know the
// login of this PC's user may well get through.
func (v view) proxyWantsLogin() bool {
	for _, w := range v.proxied() {
		if w.Status == 407 {
			return true
		}
	}
	return false
}
