package gateway

import (
	"math"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// Finding codes of the gateway check.
const (
	CodePresent = "gateway.present"
	CodeAnswers = "gateway.answers"
	CodeLatency = "gateway.latency"
	CodeBeyond  = "gateway.beyond"
)

// Judge is pure. Silence to echo is never a fault: many routers are told to
// keep silent. And where connections work, the router works, whatever it
// answers.
func Judge(f diag.Facts) (j diag.Judgement) {
	local := link.Section.Of(f)
	if local.Readable != diag.Yes {
		for _, code := range []string{CodePresent, CodeAnswers, CodeLatency, CodeBeyond} {
			j.Add(code, diag.Unknown, nil)
		}
		if local.Readable == diag.No {
			j.Miss("gateway.router", "Why", local.Why)
		}
		return j
	}
	v := view{Facts: Section.Of(f), all: f}
	v.present(&j, local)
	v.answers(&j)
	v.latency(&j)
	v.beyond(&j)
	return j
}

type view struct {
	Facts
	all diag.Facts
}

// inUse are the routers that matter: those that packets leave through, or
// else all of them. A second adapter's dead router is nobody's trouble.
func (v view) inUse() []Router {
	var used []Router
	for _, r := range v.Routers {
		if r.Used {
			used = append(used, r)
		}
	}
	if len(used) == 0 {
		return v.Routers
	}
	return used
}

func (v view) present(j *diag.Judgement, local link.Facts) {
	if len(v.Routers) == 0 { // a dial-up or tunnel link, or no way out at all, which the route finding says
		j.Add(CodePresent, diag.Skipped, nil)
		return
	}
	var seen []diag.Evidence
	for _, r := range v.Routers {
		l, _ := local.Link(r.Index)
		seen = append(seen, diag.Evidence{
			What: text.M("evidence.gateway.next", "Router", r.Address, "Link", l.Name), Source: "netlink route", AtMS: local.AtMS})
	}
	j.Add(CodePresent, diag.OK, text.Args{"Router": v.inUse()[0].Address}, seen...)
}

// answers fails when no router in use is there, and warns when one of two
// families has lost its router.
func (v view) answers(j *diag.Judgement) {
	var seen []diag.Evidence
	count := map[diag.Status]int{}
	var worst Router
	for _, r := range v.inUse() {
		s := v.there(r)
		if count[s]++; s == diag.Fail && worst.Address == "" {
			worst = r
		}
		seen = append(seen, v.heard(r))
	}
	switch {
	case len(seen) == 0:
		j.Add(CodeAnswers, diag.Skipped, nil)
	case count[diag.Fail] == len(seen):
		j.Add(CodeAnswers, diag.Fail, text.Args{"Router": worst.Address}, seen...)
	case count[diag.Fail] > 0 && count[diag.OK] > 0:
		j.Add(CodeAnswers, diag.Warn, text.Args{"Router": worst.Address}, seen...)
	case count[diag.OK] > 0:
		j.Add(CodeAnswers, diag.OK, text.Args{"Router": v.inUse()[0].Address}, seen...)
	default:
		j.Add(CodeAnswers, diag.Unknown, text.Args{"Router": v.inUse()[0].Address}, seen...)
		if diag.RunSection.Of(v.all).Ended("gateway.router") {
			j.Miss("gateway.answers", "Router", v.inUse()[0].Address)
		}
	}
}

// there is OK, Fail, or Unknown. A connection through the router is better
// proof than any answer of its own.
func (v view) there(r Router) diag.Status {
	switch {
	case r.Answers == diag.Yes, r.Used && reaches(v.all, r.Family):
		return diag.OK
	case r.Answers == diag.No:
		return diag.Fail
	}
	return diag.Unknown
}

func (v view) heard(r Router) diag.Evidence {
	key, source := "evidence.gateway.unclear", "neighbour table"
	switch {
	case r.Answers == diag.Yes && r.AnswersBy == byARP:
		key, source = "evidence.gateway.arp", "arp"
	case r.Answers == diag.Yes && r.AnswersBy == byICMP:
		key, source = "evidence.gateway.icmp", "icmp"
	case r.Answers == diag.Yes:
		key = "evidence.gateway.neighbour"
	case r.Answers == diag.No && r.OwnARP:
		key, source = "evidence.gateway.silent", "arp"
	case r.Answers == diag.No:
		key = "evidence.gateway.silent"
	case r.Used && reaches(v.all, r.Family):
		key, source = "evidence.gateway.through", "tcp"
	}
	what := text.M(key, "Router", r.Address, "MACs", r.MACs, "Waited", math.Round(r.WaitedMS))
	return diag.Evidence{What: what, Source: source, AtMS: r.AtMS}
}

// beyond says whether packets get past the router. Hops that do not speak
// prove nothing while connections work; together with dead connections they
// say where the road ends.
func (v view) beyond(j *diag.Judgement) {
	var seen []diag.Evidence
	refused, farther, sent := false, false, false
	for _, h := range v.Hops {
		seen = append(seen, v.fate(h))
		refused = refused || h.Router && h.NoWay()
		farther = farther || h.TTL > 1 && !h.Self && h.From != "" && !h.Router
		sent = sent || h.Outcome != Denied && h.Outcome != NoRoute
	}
	works := reaches(v.all, 4) || reaches(v.all, 6) || v.pages(false)
	switch {
	case works || farther:
		j.Add(CodeBeyond, diag.OK, nil, seen...)
	case refused:
		j.Add(CodeBeyond, diag.Fail, nil, seen...)
	case len(v.Hops) > 0 && !sent:
		j.Add(CodeBeyond, diag.Skipped, nil, seen...) // nothing left this PC, which other findings say
	case v.pages(true):
		j.Add(CodeBeyond, diag.Skipped, nil, seen...) // this network lets nothing past but through its proxy
	case v.dead() && v.allSilent() && v.Deaf:
		j.Miss("gateway.overheard")
		j.Add(CodeBeyond, diag.Unknown, nil, seen...)
	case v.dead() && v.silentBeyond():
		j.Add(CodeBeyond, diag.Fail, nil, seen...)
	case len(v.Hops) == 0 && len(link.Section.Of(v.all).To("anchor")) == 0:
		j.Add(CodeBeyond, diag.Skipped, nil)
	default:
		j.Add(CodeBeyond, diag.Unknown, nil, seen...)
	}
}

// pages reports that pages known beforehand come: through the proxy that is
// set, or directly.
func (v view) pages(proxied bool) bool {
	for _, w := range internet.Section.Of(v.all).Web {
		if (w.Proxy != "") == proxied && w.Match == diag.Yes {
			return true
		}
	}
	return false
}

// dead reports that connections were tried and none got an answer, by the
// network's fault: what this PC's own rules denied says nothing about it.
func (v view) dead() bool {
	tried := 0
	for _, c := range internet.Section.Of(v.all).Anchors {
		switch c.Outcome {
		case internet.Timeout, internet.NoNetwork:
			tried++
		default:
			return false
		}
	}
	return tried > 0
}

// allSilent reports that packets were sent and no hop had a word for them: a
// router that sends few errors may have spent them on other programs.
func (v view) allSilent() bool {
	for _, h := range v.Hops {
		if h.Outcome != Silent {
			return false
		}
	}
	return len(v.Hops) > 0
}

// silentBeyond reports a first hop that spoke and a next one that stayed
// silent for its whole time.
func (v view) silentBeyond() bool {
	first, second := map[int]bool{}, map[int]bool{}
	for _, h := range v.Hops {
		first[h.Family] = first[h.Family] || h.TTL == 1 && h.Outcome == Expired
		second[h.Family] = second[h.Family] || h.TTL == 2 && h.Outcome == Silent
	}
	return first[4] && second[4] || first[6] && second[6]
}

func (v view) fate(h Hop) diag.Evidence {
	key := "evidence.hop." + h.Outcome
	if h.Outcome == Unreachable && h.Self {
		key = "evidence.hop.self"
	}
	what := text.M(key, "TTL", h.TTL, "From", h.From, "Target", h.Target, "Errno", h.Errno, "RTT", round(h.RTTMS))
	return diag.Evidence{What: what, Source: "udp ttl", AtMS: h.AtMS}
}
