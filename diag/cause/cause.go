package cause

import (
	"slices"
	"sort"

	"deskside/diag"
)

// minimum is the least score that is worth naming: better than even.
const minimum = 0.5

// candidate is a rule that passed its gate.
type candidate struct {
	rule  Rule
	score float64
}

// Explain names the root causes behind facts and findings: the first one
// first, symptoms folded into the cause that explains them.
func Explain(f diag.Facts, checks []diag.CheckResult) diag.Diagnosis {
	s := newScene(f, checks)
	var causes, notes []candidate
	for _, r := range Rules() {
		score, ok := r.score(s)
		if ok && r.Level != nil {
			r.Severity = r.Level(s)
		}
		if ok && r.Also != nil {
			r.Over = slices.Concat(r.Over, r.Also(s))
		}
		switch {
		case !ok || score < minimum:
		case r.Severity == diag.OK:
			notes = append(notes, candidate{r, score})
		default:
			causes = append(causes, candidate{r, score})
		}
	}
	causes = roots(causes)
	d := diag.Diagnosis{Causes: s.named(causes, checks), Notes: s.named(notes, checks)}
	d.Settled = settled(causes, d.Causes, checks)
	return d
}

// roots drops what a surviving lower cause explains, and ranks the rest:
// faults before warnings, then lower layers first (the order of Rules), since
// nothing above a broken layer can be judged before it works.
func roots(all []candidate) []candidate {
	var out []candidate
	for i, c := range all {
		explained := false
		for j, other := range all {
			if i != j && other.rule.explains(c.rule.ID) && !(c.rule.explains(other.rule.ID) && c.score > other.score) {
				explained = true
			}
		}
		if !explained {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].rule.Severity == diag.Fail && out[j].rule.Severity != diag.Fail })
	return out
}

// named puts candidates into the diagnosis with the symptoms that were really
// seen.
func (s *scene) named(list []candidate, checks []diag.CheckResult) []diag.Cause {
	var out []diag.Cause
	for _, c := range list {
		named := diag.Cause{ID: c.rule.ID, Severity: c.rule.Severity, Confidence: confidence(c.score), Fixes: c.rule.Fixes}
		if c.rule.Args != nil {
			named.Args = c.rule.Args(s)
		}
		if c.rule.Evidence != nil {
			named.Evidence = c.rule.Evidence(s)
		}
		for _, check := range checks {
			for _, f := range check.Findings {
				if (f.Status == diag.Fail || f.Status == diag.Warn) && slices.Contains(c.rule.Explains, f.Code) {
					named.Explains = append(named.Explains, f.Code)
				}
			}
		}
		out = append(out, named)
	}
	return out
}

// settled reports that a proven final cause explains everything that failed,
// so that asking on cannot change the answer.
func settled(list []candidate, causes []diag.Cause, checks []diag.CheckResult) bool {
	if len(list) == 0 || !list[0].rule.Final || list[0].score < proof {
		return false
	}
	explained := map[string]bool{}
	for _, c := range causes {
		for _, code := range c.Explains {
			explained[code] = true
		}
	}
	for _, check := range checks {
		for _, f := range check.Findings {
			if f.Status == diag.Fail && !explained[f.Code] {
				return false
			}
		}
	}
	return true
}

// IDs returns every cause in the catalogue, in order.
func IDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
