package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/text"
)

func confDangling(s *scene) diag.Tri { return diag.TriOf(s.dns.Conf.Dangling) }

// confNamesNobody: the file is missing or empty. One that may not be read is
// not known to be either.
func confNamesNobody(s *scene) diag.Tri {
	if s.dns.Conf.Exists == diag.Maybe || s.dns.Conf.Why != "" {
		return diag.Maybe
	}
	return diag.TriOf(len(s.dns.Conf.Servers) == 0)
}

// confClosed: the file shuts somebody out. Where it is this process, programs
// like it find no name.
func confClosed(s *scene) diag.Tri {
	c := s.dns.Conf
	if c.Closed == "" {
		return diag.No
	}
	return diag.TriOf(c.Why == "" || nameFound(s) != diag.Yes)
}

// shutOut: for those who may not read it names do not resolve at all; what
// the superuser runs gets along.
func shutOut(s *scene) diag.Status {
	if s.dns.Conf.Why == "" {
		return diag.Warn
	}
	return diag.Fail
}

// stubAnswers: systemd-resolved runs and nsswitch asks it directly, so
// resolv.conf does not matter.
func stubAnswers(s *scene) diag.Tri {
	return diag.TriOf(s.dns.Stub != nil && s.dns.Stub.Running == diag.Yes && slices.Contains(s.dns.NSS.Sources, "resolve"))
}

// startStub is how the name service of this PC is started, as far as it is
// known which one that is.
func (s *scene) startStub() text.Message {
	if s.dns.Stub == nil {
		return text.M("cause.dns.start.unknown")
	}
	return text.M("cause.dns.start.known", "Service", s.dns.Stub.Kind)
}

// passedOver says whom resolv.conf names in vain.
func (s *scene) passedOver() (out []diag.Evidence) {
	c := s.dns.Conf
	if c.Invalid > 0 {
		out = append(out, s.seen(c.AtMS, "/etc/resolv.conf", "evidence.dns.conf.invalid", "Count", c.Invalid))
	}
	if c.Extra > 0 {
		out = append(out, s.seen(c.AtMS, "/etc/resolv.conf", "evidence.dns.conf.extra", "Count", c.Extra))
	}
	if len(c.Passed) > 0 {
		out = append(out, s.seen(c.AtMS, "/etc/resolv.conf", "evidence.dns.conf.passed", "Servers", c.Passed))
	}
	return out
}
