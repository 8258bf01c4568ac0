package diag

import (
	"slices"

	"deskside/diag/text"
)

// CheckResult is a check as judged.
type CheckResult struct {
	ID         string
	Status     Status
	Summary    text.Message
	DurationMS float64
	Judgement
}

// Assessment is everything that follows from facts, without touching anything.
type Assessment struct {
	Status    Status
	Checks    []CheckResult
	Diagnosis Diagnosis
	Starved   bool // something could not be told because this program was kept from the processor
}

// Explainer names root causes for facts and findings (diag/cause.Explain).
type Explainer func(Facts, []CheckResult) Diagnosis

// Assess judges and explains facts. It is pure: a live run, the replay of a
// saved report and the redacted copy of one all go through here.
func Assess(checks []Check, explain Explainer, f Facts) Assessment {
	run := RunSection.Of(f)
	a := Assessment{}
	for _, c := range checks {
		if !run.asked(c) || !c.in(f) {
			continue
		}
		j := judge(c, f)
		r := CheckResult{ID: c.ID, Judgement: j, DurationMS: run.duration(c.ID)}
		cut := run.cutOf(c.ID) && r.skipCut()
		r.Status = r.Judgement.Status()
		r.Summary = r.summary()
		if cut && r.Status == OK { // what was seen is fine, the rest was not seen
			r.Status, r.Summary = Skipped, text.M("check.cut")
		}
		if run.stopped() && run.brokenOff(c) {
			r.stop()
		}
		a.Checks = append(a.Checks, r)
	}
	a.Diagnosis = explain(f, a.Checks)
	if run.Starved() && !a.Diagnosis.Settled {
		a.doubt(checks)
	}
	a.Status = a.overall()
	if run.stopped() {
		a.Status = a.Status.Worse(Unknown) // what was not looked at is not known to be fine
	}
	return a
}

// stop says of a check that a person ended what it had not seen. What it had
// found amiss until then stands.
func (r *CheckResult) stop() {
	r.Unseen = slices.Clone(r.Unseen)
	r.Miss("stopped")
	if r.Status == OK || r.Status == Skipped {
		r.Status, r.Summary = Unknown, text.M("check.stopped")
	}
}

// doubt takes back, in a starved run, what failed or was not told in checks
// that wait for answers, unless a cause that was named all the same accounts
// for it: the answers may have come while nobody listened.
func (a *Assessment) doubt(checks []Check) {
	explained := a.explained()
	for i := range a.Checks {
		r := &a.Checks[i]
		waits := slices.ContainsFunc(checks, func(c Check) bool { return c.ID == r.ID && c.Waits })
		doubted := false
		r.Findings = slices.Clone(r.Findings)
		for j := range r.Findings {
			f := &r.Findings[j]
			if failed := f.Status == Fail || f.Status == Warn; waits && !explained[f.Code] && (failed || f.Status == Unknown && !f.Side) {
				f.Status, doubted = Unknown, true
			}
		}
		if doubted {
			r.Miss("busy")
			r.Status = r.Judgement.Status()
			r.Summary = r.summary()
			a.Starved = true
		}
	}
}

// explained are the codes of the findings that a named cause accounts for.
func (a *Assessment) explained() map[string]bool {
	codes := map[string]bool{}
	for _, c := range a.Diagnosis.Causes {
		for _, code := range c.Explains {
			codes[code] = true
		}
	}
	return codes
}

// judge keeps a panic in one check from taking the others along.
func judge(c Check, f Facts) (j Judgement) {
	defer func() {
		if recover() != nil {
			j = Judgement{}
			j.Add(c.ID+".crashed", Unknown, nil)
			j.Miss("crashed")
		}
	}()
	j = c.Judge(f)
	if RunSection.Of(f).crashed(c.ID) {
		j.Add(c.ID+".crashed", Unknown, nil)
		j.Miss("crashed")
	}
	return j
}

// skipCut marks what a proven cause made unnecessary to find out; false when
// there is nothing of that kind.
func (r *CheckResult) skipCut() (any bool) {
	for i := range r.Findings {
		if r.Findings[i].Status == Unknown {
			r.Findings[i].Status, any = Skipped, true
		}
	}
	return any
}

// summary is the check's own all-clear, or its worst finding.
func (r *CheckResult) summary() text.Message {
	for _, f := range r.Findings {
		if f.Status == r.Status && r.Status != OK {
			if r.Status == Skipped {
				return text.M("check." + r.ID + ".skipped")
			}
			return f.Message()
		}
	}
	if r.Status == OK && !r.Clear.IsZero() {
		return r.Clear
	}
	return text.M("check." + r.ID + "." + r.Status.String())
}

// clean reports that nothing seen so far is wrong.
func (a *Assessment) clean() bool {
	for _, c := range a.Checks {
		for _, f := range c.Findings {
			if f.Status == Warn || f.Status == Fail {
				return false
			}
		}
	}
	return len(a.Diagnosis.Causes) == 0
}

// wrong reports that one of these findings warns or fails.
func (a *Assessment) wrong(codes []string) bool {
	for _, c := range a.Checks {
		for _, f := range c.Findings {
			if (f.Status == Warn || f.Status == Fail) && slices.Contains(codes, f.Code) {
				return true
			}
		}
	}
	return false
}

// overall is what the exit code says: the worst root cause, or a failure no
// cause explains, or that something could not be told.
func (a *Assessment) overall() Status {
	explained := a.explained()
	s := OK
	for _, c := range a.Diagnosis.Causes {
		s = s.Worse(c.Severity)
	}
	looked := false
	for _, r := range a.Checks {
		for _, f := range r.Findings {
			looked = looked || f.Status != Unknown
			if !explained[f.Code] && !(f.Side && f.Status == Unknown) {
				s = s.Worse(f.Status)
			}
		}
		if len(r.Findings) == 0 {
			s = s.Worse(Unknown)
		}
	}
	if !looked && len(a.Diagnosis.Causes) == 0 {
		return Unknown
	}
	return s
}
