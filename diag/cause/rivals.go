package cause

import (
	"math"
	"slices"
)

// rivals reports that two causes exclude each other and look the same from
// this PC.
func (c candidate) rivals(o candidate) bool {
	return c.rule.Rivals != "" && c.rule.Rivals == o.rule.Rivals && c.rule.ID != o.rule.ID
}

// parted reports that a person's word bears on a candidate or on one of its
// rivals.
func (c candidate) parted(list []candidate) bool {
	return slices.ContainsFunc(list, func(o candidate) bool {
		return o.score != o.measured && (o.rule.ID == c.rule.ID || o.rivals(c))
	})
}

// beside returns the rivals of a candidate that are named too.
func (c candidate) beside(list []candidate) []string {
	var out []string
	for _, o := range list {
		if c.rivals(o) {
			out = append(out, o.rule.ID)
		}
	}
	return out
}

// confidence turns log-odds into a probability, rounded to two decimals and
// never certain. Rivals share it: the odds of each, against all of them and
// against none, add up.
func (c candidate) confidence(list []candidate) float64 {
	all := 1 + math.Exp(c.score)
	for _, o := range list {
		if c.rivals(o) {
			all += math.Exp(o.score)
		}
	}
	return math.Min(0.99, math.Round(100*math.Exp(c.score)/all)/100)
}

// undoubted drops what was measured and what the person's word makes unlikely,
// where a rival remains. Without one the cause stays, as the least that is
// worth naming: a word alone does not leave a fault without a name.
func undoubted(list []candidate) []candidate {
	var out []candidate
	for _, c := range list {
		doubted := c.score <= minimum && c.measured > minimum
		if !doubted || !slices.ContainsFunc(list, func(o candidate) bool { return c.rivals(o) && o.score > minimum }) {
			out = append(out, c)
		}
	}
	return out
}
