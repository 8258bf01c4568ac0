// Package cause is the catalogue of root causes and the rules that name them.
//
// A rule has a hard gate and weighted evidence for and against. The gate
// keeps it explainable and testable; the weights, summed as log-odds, rank
// the candidates that passed. A cause explains what follows from it: findings
// that are only its symptoms, and other causes that would not be true without
// it. Everything here is a pure function of facts.
//
// The catalogue reads top to bottom in [Rules]: lower layers first, because a
// lower layer explains a higher one (diagnosis by parents as in Tailscale's
// health warnings and Windows NDF).
package cause

import (
	"strings"

	"deskside/diag"
	"deskside/diag/text"
)

// Weights of evidence in log-odds: proof, about 10:1, about 5:1, about 2:1.
const (
	proof  = 6.0
	strong = 2.3
	likely = 1.6
	weak   = 0.7
)

// Clue is one thing a rule looks for in the scene.
type Clue func(*scene) diag.Tri

// Weighed is a clue that speaks for or against a cause.
type Weighed struct {
	Weight float64 // log-odds when the clue is Yes
	Clue   Clue
}

// Rule is one entry of the catalogue.
type Rule struct {
	ID       string
	Severity diag.Status              // Fail or Warn; OK makes it a note: worth knowing, no fault
	Level    func(*scene) diag.Status // how bad it is here, where that depends on the facts
	Gate     []Clue                   // all must be Yes
	For      []Weighed
	Against  []Weighed
	Explains []string              // finding codes that are only its symptoms
	Over     []string              // causes it explains: "dns.*" or an ID
	Also     func(*scene) []string // more of them, where that depends on the facts
	Final    bool                  // once proven, nothing more needs to be asked
	Rivals   string                // causes that share this word exclude each other and look the same from this PC
	Fixes    []string
	Args     func(*scene) text.Args
	Evidence func(*scene) []diag.Evidence
}

// score sums the evidence; ok is false when the gate does not hold.
func (r Rule) score(s *scene) (sum float64, ok bool) {
	for _, clue := range r.Gate {
		if clue(s) != diag.Yes {
			return 0, false
		}
	}
	for _, w := range r.For {
		if w.Clue(s) == diag.Yes {
			sum += w.Weight
		}
	}
	for _, w := range r.Against {
		if w.Clue(s) == diag.Yes {
			sum -= w.Weight
		}
	}
	return sum, true
}

// explains reports whether this rule's cause accounts for another cause.
func (r Rule) explains(id string) bool {
	for _, pattern := range r.Over {
		family, wild := strings.CutSuffix(pattern, "*")
		if pattern == id || wild && strings.HasPrefix(id, family) {
			return true
		}
	}
	return false
}

// always is evidence that every case of a rule has: its gate is the proof.
func always(*scene) diag.Tri { return diag.Yes }

// not turns a clue around; what is not known stays not known.
func not(c Clue) Clue {
	return func(s *scene) diag.Tri {
		switch c(s) {
		case diag.Yes:
			return diag.No
		case diag.No:
			return diag.Yes
		}
		return diag.Maybe
	}
}

// unless holds as long as the clue is not known to be true: for gates that
// must not wait for what may never be measured.
func unless(c Clue) Clue {
	return func(s *scene) diag.Tri { return diag.TriOf(c(s) != diag.Yes) }
}

// either holds when one of the clues does.
func either(clues ...Clue) Clue {
	return func(s *scene) diag.Tri {
		worst := diag.No
		for _, c := range clues {
			switch c(s) {
			case diag.Yes:
				return diag.Yes
			case diag.Maybe:
				worst = diag.Maybe
			}
		}
		return worst
	}
}
