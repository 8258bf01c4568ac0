package dns

import (
	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// stallMS is when a lookup that succeeds still counts as trouble: a server
// that answers does so within 1.2 s, so above 1.5 s the C library waited for
// one that does not (diagnosis.md 2.3; its own timeout is 5 s).
const stallMS = 1500

// resolves: do this PC's programs get an address for a name? The system's own
// lookup is the truth; servers only speak for it where it has not ended, or
// where there is no getent.
func (v view) resolves(j *diag.Judgement) {
	var evidence []diag.Evidence
	status := v.byServers()
	args := text.Args{}
	if len(v.Lookups) > 0 {
		l := v.Lookups[0]
		args["Name"] = l.Name
		evidence = append(evidence, lookupEvidence(l))
		yes, _, _ := v.tally()
		switch {
		case l.Outcome == Found && l.TookMS <= stallMS && !v.livesOnMemory():
			status = diag.OK
		case l.Outcome == Found, l.Outcome == Slow && yes > 0:
			status = diag.Warn
		case l.Outcome == NotFound, l.Outcome == Slow:
			status = diag.Fail
		case l.Outcome == Missing && status == diag.Unknown:
			j.Miss("dns.getent")
		}
	}
	if v.NSS.HasDNS == diag.No {
		evidence = append(evidence, diag.Evidence{What: text.M("evidence.dns.nss", "Sources", v.NSS.Sources), Source: "/etc/nsswitch.conf"})
	}
	j.Add(CodeResolves, status, args, evidence...)
}

// livesOnMemory: what programs find, they find because it was asked before.
func (v view) livesOnMemory() bool {
	remembers := false
	for _, s := range v.asked() {
		if remembers = v.Remembers(s); !remembers {
			return false
		}
	}
	return remembers
}

// byServers concludes from configuration and servers alone. It says that
// names do not resolve only where no other way is left, so that a dead name
// service is told at once and not when the C library gives up.
func (v view) byServers() diag.Status {
	yes, no, maybe := v.tally()
	missing := len(v.Lookups) > 0 && v.Lookups[0].Outcome == Missing
	switch {
	case v.NSS.HasDNS == diag.Yes && yes > 0 && missing:
		return diag.OK
	case v.NSS.HasDNS == diag.No && missing:
		return diag.Fail
	case v.NSS.HasDNS == diag.Yes && !v.otherWays() && len(v.Hosts.Entries) == 0 && yes == 0 && maybe == 0 && no > 0:
		return diag.Fail
	}
	return diag.Unknown
}

func lookupEvidence(l Lookup) diag.Evidence {
	return diag.Evidence{Source: "getent ahosts", AtMS: l.AtMS + l.TookMS,
		What: text.M("evidence.dns.lookup."+l.Outcome, "Name", l.Name, "Ms", round(l.TookMS), "IPs", l.IPs)}
}

// honest: do the servers tell the truth, as far as it is known beforehand?
func (v view) honest(j *diag.Judgement) {
	status := diag.Unknown
	var evidence []diag.Evidence
	spoke, compared := false, false
	for _, s := range v.asked() {
		for _, q := range s.Queries {
			spoke = spoke || q.Outcome == Answered
			switch {
			case q.Outcome != Answered:
			case q.Invented():
				status = status.Worse(diag.Fail)
				evidence = append(evidence, answerEvidence("madeup", s, q))
			case q.Kind == KindRandom:
				compared = true
			case q.Rival:
				status = status.Worse(diag.Warn)
				evidence = append(evidence, answerEvidence("rival", s, q))
			case q.Kind == KindKnown && q.AsKnown == diag.No && !q.StandsIn():
				status = status.Worse(diag.Warn)
				evidence = append(evidence, answerEvidence("inward", s, q))
			case v.Misled(q): // a lie or a company's own address: not for name servers to say
				evidence = append(evidence, answerEvidence("inward", s, q))
			}
		}
	}
	switch {
	case status != diag.Unknown:
	case compared:
		status = diag.OK
	case v.allEnded() && !spoke:
		status = diag.Skipped // nobody answers at all: that is another finding's matter
	case spoke && v.randomEnded():
		j.Miss("dns.random")
	}
	j.Add(CodeHonest, status, text.Args{}, evidence...)
}

// allEnded reports that the fate of the first question is known for every
// server asked.
func (v view) allEnded() bool {
	_, _, maybe := v.tally()
	return maybe == 0 && len(v.asked()) > 0
}

func (v view) randomEnded() bool {
	for _, s := range v.asked() {
		for _, q := range s.Queries {
			if q.Kind == KindRandom {
				return true
			}
		}
	}
	return false
}

func answerEvidence(key string, s Server, q Query) diag.Evidence {
	return diag.Evidence{Source: q.Proto + "/53", AtMS: q.AtMS + q.TookMS,
		What: text.M("evidence.dns.answer."+key, "Server", s.Address, "Name", q.Name, "IPs", q.IPs)}
}

// hosts: does /etc/hosts lead a probed name away from where it is?
func (v view) hosts(j *diag.Judgement) {
	h := v.Hosts
	if h.Readable != diag.Yes {
		if h.Readable == diag.No {
			j.Miss("dns.hosts." + h.Why)
		}
		j.Add(CodeHosts, diag.Unknown, nil)
		return
	}
	status, args := diag.OK, text.Args{}
	var evidence []diag.Evidence
	for _, e := range h.Entries {
		s := v.entry(e)
		if s == diag.Unknown && status == diag.OK {
			status = s
		}
		if s == diag.Fail && status != diag.Fail {
			status, args = s, text.Args{"Name": e.Name, "Line": e.Line}
		}
		evidence = append(evidence, diag.Evidence{Source: "/etc/hosts",
			What: text.M("evidence.dns.hosts."+e.Agrees.String(), "Line", e.Line, "Name", e.Name, "IP", e.IP)})
	}
	if status == diag.Unknown {
		j.Miss("dns.hosts.compare")
	}
	j.Add(CodeHosts, status, args, evidence...)
}

// Nowhere reports a line that leads its name to no machine, as lists against
// advertisers do (causes.md: such lines are a note).
func (e HostsEntry) Nowhere() bool { return e.Scope == link.Null || e.Scope == link.Loopback }

func (v view) entry(e HostsEntry) diag.Status {
	switch {
	case len(v.NSS.Sources) > 0 && !v.NSS.Has("files") && !v.otherWays():
		return diag.OK // nobody reads the file
	case e.Agrees == diag.Yes, e.InDNS == diag.No:
		return diag.OK // the same, or the only place that knows the name
	case e.Nowhere():
		return diag.OK // somebody's wish; what breaks over it, causes tell
	case e.Agrees == diag.No:
		return diag.Fail
	}
	return diag.Unknown
}
