package diag

import (
	"slices"
	"strings"
)

// RunSection holds the engine's own facts: what was asked, and how every
// probe ended. Judges need it to tell "cut" from "could not".
var RunSection = Section[RunFacts]{"run"}

// RunFacts is how the run went.
type RunFacts struct {
	Only  []string `json:"only,omitempty" privacy:"none"` // check IDs asked for; empty means all
	Deep  bool     `json:"deep,omitempty" privacy:"none"`
	Euid  int      `json:"euid" privacy:"none"`
	OS    string   `json:"os" privacy:"none"`
	CutBy string   `json:"cut_by,omitempty" privacy:"none"` // the cause that made more probing pointless
	CutMS float64  `json:"cut_ms,omitempty" privacy:"none"`
	// LateMS is how late this program's own timers were at worst while the
	// first tier ran, in milliseconds; DeepLateMS the same for the second.
	LateMS     float64 `json:"late_ms,omitempty" privacy:"none"`
	DeepLateMS float64 `json:"deep_late_ms,omitempty" privacy:"none"`
	// Again: this is the second look of a run whose first one was starved.
	Again bool `json:"again,omitempty" privacy:"none"`
	// Interrupted: the person stopped it while something was still being
	// looked at.
	Interrupted bool           `json:"interrupted,omitempty" privacy:"none"`
	Probes      []ProbeOutcome `json:"probes,omitempty"`
}

// ProbeOutcome is how one probe ended.
type ProbeOutcome struct {
	Check  string   `json:"check" privacy:"none"`
	ID     string   `json:"id" privacy:"none"`
	TookMS float64  `json:"took_ms" privacy:"none"`
	End    ProbeEnd `json:"end" privacy:"none"`
}

// ProbeEnd says how a probe ended.
type ProbeEnd string

// The ends of a probe.
const (
	EndDone      ProbeEnd = "done"
	EndCut       ProbeEnd = "cut"      // a proven cause made it unnecessary
	EndDeadline  ProbeEnd = "deadline" // its own budget, or the wall
	EndPointless ProbeEnd = "pointless"
	EndError     ProbeEnd = "error"
	EndPanic     ProbeEnd = "panic"
)

// unfinished reports that something was cut off before its end.
func (r RunFacts) unfinished() bool {
	return slices.ContainsFunc(r.Probes, func(p ProbeOutcome) bool { return p.End == EndCut })
}

// Starved reports that this program was kept from the processor for so long
// that what it did not hear in time may have been said.
func (r RunFacts) Starved() bool { return r.LateMS >= MS(starvedAfter) }

// stopped reports that a person, and not a proven cause, ended the look.
func (r RunFacts) stopped() bool { return r.Interrupted && r.CutBy == "" }

// brokenOff reports that the check was not looked at to its end. What the
// first tier said of a check stands whatever becomes of the second.
func (r RunFacts) brokenOff(c Check) bool {
	return slices.ContainsFunc(r.Probes, func(o ProbeOutcome) bool {
		later := slices.ContainsFunc(c.Probes, func(p Probe) bool { return p.ID == o.ID && p.Deep })
		return o.Check == c.ID && o.End == EndCut && (c.Deep || !later)
	})
}

func (r RunFacts) asked(c Check) bool {
	if c.Deep && !r.Deep {
		return false
	}
	return len(r.Only) == 0 || slices.Contains(r.Only, c.ID)
}

func (r RunFacts) cutOf(check string) bool {
	for _, p := range r.Probes {
		if p.Check == check && p.End == EndCut {
			return true
		}
	}
	return false
}

func (r RunFacts) crashed(check string) bool {
	for _, p := range r.Probes {
		if p.Check == check && p.End == EndPanic {
			return true
		}
	}
	return false
}

func (r RunFacts) duration(check string) float64 {
	longest := 0.0
	for _, p := range r.Probes {
		if p.Check == check && p.TookMS > longest {
			longest = p.TookMS
		}
	}
	return longest
}

// Ended reports whether the named probe ran to its end by itself, so that
// silence in its facts means silence on the wire. A prefix ending in "." or
// a whole ID may be given.
func (r RunFacts) Ended(id string) bool {
	for _, p := range r.Probes {
		if p.ID == id || strings.HasSuffix(id, ".") && strings.HasPrefix(p.ID, id) {
			if p.End == EndDone || p.End == EndDeadline || p.End == EndError {
				return true
			}
		}
	}
	return false
}
