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

// Incident is one time during which a station did not answer, or not as it
// should.
type Incident struct {
	ID    int
	Kind  Kind
	Where Station   // the nearest station where it showed
	Also  []Station // those behind it where it did too
	Began time.Time // by the wall clock as it was then
	Lasts time.Duration
	Open  bool
	// Left: the watch ended first. Open is true then, and Lasts as far as it
	// was seen.
	Left bool
	// FromStart: the station has never answered since the watch began.
	FromStart bool
	// EndUnseen: the PC slept or stood still before the end; Lasts is as far as
	// it was seen.
	EndUnseen bool
	Verdict   Verdict
	// With Slow: the median answer before, and at worst during the incident.
	Usual, Now time.Duration
	// With Losses: of the last readings when there were most, how many got lost.
	Lost, Asked int
	// Signs are there while the search for the cause needs them.
	Signs *Signs

	began, seen time.Duration // boot clock: first miss, last tick that knew
}

// Gap is a break in what is watched: a time in which nothing could be seen, a
// clock that was set, or another way out. None of them is anybody's fault.
type Gap struct {
	Kind     GapKind
	At       time.Time // when it was noticed, by the wall clock after it
	Long     time.Duration
	From, To Way // with Switched
}

// Way is the link that this PC goes out by.
type Way struct {
	Name string // "wlan0"
	Kind string // package link's: ether, wifi, tun …
}

// GapKind says what happened.
type GapKind string

// Kinds of gaps.
const (
	Slept    GapKind = "slept"     // suspend or hibernation
	Stalled  GapKind = "stalled"   // this program, or the whole virtual machine, was not run
	ClockSet GapKind = "clock_set" // the wall clock was put forward (Long > 0) or back
	Switched GapKind = "switched"  // this PC goes out by another link: the cable was plugged in, Wi-Fi was joined
)

// Change is one thing worth telling. Exactly one field is set; incidents are
// copies.
type Change struct {
	Opened, Moved, Closed, Named *Incident
	// Withdrawn: the station never answered, and the diagnosis found nothing
	// wrong: it simply does not answer here.
	Withdrawn *Incident
	Gap       *Gap
	// Learned: from now on it is known what is usual here, median times of the
	// stations that answer.
	Learned *[Stations]time.Duration
}
