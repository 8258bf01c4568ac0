package cause

import (
	"cmp"
	"slices"

	"deskside/diag"
)

// minimum is the least score that is worth naming: better than even.
const minimum = 0.5

// candidate is a rule that passed its gate.
type candidate struct {
	rule     Rule
	measured float64 // what the probes say, in log-odds
	score    float64 // and the person's word with it
}

// Explain names the root causes behind facts and findings: the first one
// first, symptoms folded into the cause that explains them.
func Explain(f diag.Facts, checks []diag.CheckResult) diag.Diagnosis {
	s := newScene(f, checks)
	var causes, notes []candidate
	for _, r := range Rules() {
		measured, ok := r.score(s)
		c := candidate{r, measured, s.withWord(r.ID, measured)}
		if ok && r.Level != nil {
			c.rule.Severity = r.Level(s)
		}
		if ok && r.Also != nil {
			c.rule.Over = slices.Concat(r.Over, r.Also(s))
		}
		switch {
		case !ok || c.score < minimum || s.unheard(r):
		case c.rule.Severity == diag.OK:
			c.rule.Fixes = nil // nothing is wrong
			notes = append(notes, c)
		default:
			causes = append(causes, c)
		}
	}
	causes = ranked(roots(undoubted(causes)))
	d := diag.Diagnosis{Causes: s.named(causes, checks), Notes: s.named(notes, checks)}
	d.Settled = settled(causes, d.Causes, checks) && !s.leavesOpen(causes)
	return d
}

// roots drops what a surviving lower cause explains.
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
	return out
}

// ranked puts faults before warnings, then lower layers first (the order of
// Rules), since nothing above a broken layer can be judged before it works.
// Rivals stand together, and once a person's word parts them, by their odds.
func ranked(list []candidate) []candidate {
	place := func(c candidate) int {
		return slices.IndexFunc(list, func(o candidate) bool { return o.rule.ID == c.rule.ID || o.rivals(c) })
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b candidate) int {
		order := cmp.Or(cmp.Compare(b.rule.Severity, a.rule.Severity), cmp.Compare(place(a), place(b)))
		if order == 0 && a.parted(list) {
			return cmp.Compare(b.score, a.score)
		}
		return order
	})
	return out
}

// named puts candidates into the diagnosis with the symptoms that were really
// seen.
func (s *scene) named(list []candidate, checks []diag.CheckResult) []diag.Cause {
	var out []diag.Cause
	for _, c := range list {
		named := diag.Cause{ID: c.rule.ID, Severity: c.rule.Severity, Confidence: c.confidence(list), Fixes: c.rule.Fixes, Rivals: c.beside(list)}
		if c.rule.Args != nil {
			named.Args = c.rule.Args(s)
		}
		if c.rule.Evidence != nil {
			named.Evidence = c.rule.Evidence(s)
		}
		s.ask(&named, list)
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
// so that probing on cannot change the answer. A person's word proves nothing.
func settled(list []candidate, causes []diag.Cause, checks []diag.CheckResult) bool {
	if len(list) == 0 || !list[0].rule.Final || min(list[0].measured, list[0].score) < proof {
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
