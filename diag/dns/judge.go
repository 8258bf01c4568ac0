package dns

import (
	"deskside/diag"
	"deskside/diag/text"
)

// Finding codes of this check.
const (
	CodeConfigured = "dns.configured"
	CodeServers    = "dns.servers"
	CodeResolves   = "dns.resolves"
	CodeHonest     = "dns.honest"
	CodeHosts      = "dns.hosts"
)

// Judge is pure.
func Judge(all diag.Facts) (j diag.Judgement) {
	v := view{Facts: Section.Of(all)}
	v.configured(&j)
	v.servers(&j)
	v.resolves(&j)
	v.honest(&j)
	v.hosts(&j)
	return j
}

// view is the facts with the questions that judging asks of them.
type view struct{ Facts }

// usable says whether the C library gets answers from a server: over UDP, or
// over TCP with "options use-vc". The other transport does not help it.
func (v view) usable(s Server) diag.Tri {
	q, ok := s.Usual(v.Conf)
	switch {
	case !ok, q.State() == NotKnown: // this PC could not ask: no fault of the server
		return diag.Maybe
	case q.State() == Works && !v.Remembers(s):
		return diag.Yes
	}
	return diag.No
}

// tally counts the servers that this PC's programs ask, by usable.
func (v view) tally() (yes, no, maybe int) {
	for _, s := range v.asked() {
		switch v.usable(s) {
		case diag.Yes:
			yes++
		case diag.No:
			no++
		default:
			maybe++
		}
	}
	return yes, no, maybe
}

// found reports that the system resolver has found a probed name.
func (v view) found() bool { return len(v.Lookups) > 0 && v.Lookups[0].Outcome == Found }

// otherWays reports hosts sources that may resolve names without any server
// of resolv.conf: only a lookup can tell.
func (v view) otherWays() bool { return v.NSS.Has("resolve") || v.NSS.HasDNS == diag.Maybe }

// configured: is there anybody to ask?
func (v view) configured(j *diag.Judgement) {
	switch c := v.Conf; {
	case c.Exists == diag.Maybe:
		if c.Why != "" {
			j.Miss("dns.config." + c.Why)
		}
		j.Add(CodeConfigured, diag.Unknown, nil)
	case len(c.Servers) > 0:
		j.Add(CodeConfigured, diag.OK, text.Args{"Servers": c.Servers}, v.confEvidence()...)
	case v.found():
		j.Add(CodeConfigured, diag.OK, text.Args{"Servers": []string{}}, v.confEvidence()...)
	default:
		yes, no, _ := v.tally()
		status := diag.Unknown // 127.0.0.1, or another way, may still turn out to work
		if yes > 0 {
			status = diag.OK
		} else if no > 0 && (!v.otherWays() || len(v.Lookups) > 0) {
			status = diag.Fail
		}
		j.Add(CodeConfigured, status, text.Args{"Servers": []string{}}, v.confEvidence()...)
	}
}

func (v view) confEvidence() []diag.Evidence {
	c := v.Conf
	say := func(key string, pairs ...any) diag.Evidence {
		return diag.Evidence{What: text.M("evidence.dns.conf."+key, pairs...), Source: "/etc/resolv.conf", AtMS: c.AtMS}
	}
	var out []diag.Evidence
	switch {
	case c.Dangling:
		out = append(out, say("dangling", "Link", c.Link))
	case c.Exists == diag.No:
		out = append(out, say("missing"))
	case len(c.Servers) == 0:
		out = append(out, say("empty"))
	default:
		out = append(out, say("servers", "Servers", c.Servers))
	}
	if c.Invalid > 0 {
		out = append(out, say("invalid", "Count", c.Invalid))
	}
	if c.Extra > 0 {
		out = append(out, say("extra", "Count", c.Extra))
	}
	if len(c.Passed) > 0 {
		out = append(out, say("passed", "Servers", c.Passed))
	}
	if c.Owner != "" && c.Owner != OwnerPlain && c.Owner != OwnerUnknown {
		out = append(out, say("owner", "Owner", c.Owner))
	}
	return out
}

// servers: does everybody who is asked answer?
func (v view) servers(j *diag.Judgement) {
	asked := v.asked()
	if len(asked) == 0 {
		j.Add(CodeServers, diag.Unknown, nil)
		return
	}
	var evidence []diag.Evidence
	for _, s := range v.Servers {
		evidence = append(evidence, serverEvidence(s)...)
		if v.Remembers(s) {
			q, _ := s.Find(v.Conf.proto(), KindRandom, "A")
			evidence = append(evidence, diag.Evidence{Source: q.Proto + "/53", AtMS: q.AtMS + q.TookMS,
				What: text.M("evidence.dns.server.memory", "Server", s.Address, "Ms", round(q.TookMS))})
		}
	}
	if v.socketsShort() {
		j.Miss("dns.sockets")
	}
	yes, _, maybe := v.tally()
	first := v.usable(asked[0])
	args := text.Args{"Count": len(asked), "First": asked[0].Address}
	status := diag.Unknown
	switch {
	case first == diag.Yes:
		status = diag.OK
	case asked[0].Role == Implied && first == diag.No:
		status = diag.Skipped // nobody is configured; 127.0.0.1 is only glibc's guess
	case first == diag.No && yes > 0:
		status = diag.Warn
	case yes == 0 && maybe == 0:
		status = diag.Fail
	}
	j.Add(CodeServers, status, args, evidence...)
}

// socketsShort reports that a question could not be sent for want of a socket.
func (v view) socketsShort() bool {
	for _, s := range v.asked() {
		for _, q := range s.Queries {
			if q.Outcome == Failed {
				return true
			}
		}
	}
	return false
}

// serverEvidence is one sentence per server and transport.
func serverEvidence(s Server) []diag.Evidence {
	var out []diag.Evidence
	for _, q := range s.Queries {
		if q.Kind != KindName || q.Type != "A" {
			continue
		}
		key := q.State()
		if key == Works && q.NoCheck {
			key = "nocheck"
		}
		if key == NotKnown {
			key = "notasked"
		}
		out = append(out, diag.Evidence{Source: q.Proto + "/53", AtMS: q.AtMS + q.TookMS,
			What: text.M("evidence.dns.server."+key, "Server", s.Address, "Ms", round(q.TookMS), "Role", text.M("evidence.dns.role."+s.Role))})
	}
	return out
}

func round(ms float64) int { return int(ms + 0.5) }
