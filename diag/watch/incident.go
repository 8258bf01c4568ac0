package watch

import (
	"time"

	"deskside/diag/text"
)

// Naming says how far the search for an incident's cause came.
type Naming string

// Ways the search can end.
const (
	Looking Naming = "looking" // the diagnosis runs
	Named   Naming = "named"
	Passed  Naming = "passed" // it was over before the diagnosis could see it
	Unclear Naming = "unclear"
	Cut     Naming = "cut"    // the watch ended first
	Spared  Naming = "spared" // not looked: too soon after the last time, see [Budget]
)

// Verdict is what the diagnosis made of an incident.
type Verdict struct {
	Naming Naming
	Cause  string       // the root cause's ID, with Named
	Title  text.Message // the root cause in words, with Named
}

// Incident is one time during which a station did not answer.
type Incident struct {
	ID    int
	Where Station   // the nearest station that did not answer
	Also  []Station // those behind it that did not answer either
	Began time.Time // by the wall clock as it was then
	Lasts time.Duration
	Open  bool
	// FromStart: the station has never answered since the watch began.
	FromStart bool
	// EndUnseen: the PC slept or stood still before the end; Lasts is as far as
	// it was seen.
	EndUnseen bool
	Verdict   Verdict

	began, seen time.Duration // boot clock: first miss, last tick that knew
}

// Gap is a time in which nothing could be seen, or a clock that was set.
type Gap struct {
	Kind GapKind
	At   time.Time // when it was noticed, by the wall clock after it
	Long time.Duration
}

// GapKind says what happened.
type GapKind string

// Kinds of gaps.
const (
	Slept    GapKind = "slept"     // suspend or hibernation
	Stalled  GapKind = "stalled"   // this program, or the whole virtual machine, was not run
	ClockSet GapKind = "clock_set" // the wall clock was put forward (Long > 0) or back
)

// Change is one thing worth telling. Exactly one field is set; incidents are
// copies.
type Change struct {
	Opened, Moved, Closed, Named *Incident
	// Withdrawn: the station never answered, and the diagnosis found nothing
	// wrong: it simply does not answer here.
	Withdrawn *Incident
	Gap       *Gap
}
