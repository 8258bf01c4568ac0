package diag

import "fmt"

// Status is the outcome of a finding, a check or a whole report. The zero
// value is Unknown: what was not looked at is never fine and never broken.
type Status int

// The five outcomes.
const (
	Unknown Status = iota // could not tell; a reason and what unlocks it go with it
	OK                    // looked, and it is as it should be
	Warn                  // works, but will hurt or already annoys
	Fail                  // broken
	Skipped               // does not apply here, or was not needed for the answer
)

var statusNames = [...]string{"unknown", "ok", "warn", "fail", "skipped"}

func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return fmt.Sprintf("status(%d)", int(s))
	}
	return statusNames[s]
}

// MarshalText writes the stable lower-case name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the stable name; anything else is an error.
func (s *Status) UnmarshalText(b []byte) error {
	return parseName(b, statusNames[:], (*int)(s), "status")
}

// weight orders statuses from harmless to bad when several become one.
func (s Status) weight() int {
	return [...]int{Unknown: 2, OK: 1, Warn: 3, Fail: 4, Skipped: 0}[s]
}

// Worse returns the one of two statuses that a person must hear about.
func (s Status) Worse(t Status) Status {
	if t.weight() > s.weight() {
		return t
	}
	return s
}

// Tri is a fact that may not be known. The zero value is Maybe.
type Tri int

// The three values of a fact.
const (
	Maybe Tri = iota // not looked, cut short, or inconclusive
	No
	Yes
)

var triNames = [...]string{"unknown", "no", "yes"}

// TriOf turns a known truth into a Tri.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

func (t Tri) String() string { return triNames[t] }

// MarshalText writes unknown, no or yes.
func (t Tri) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads unknown, no or yes; anything else is an error.
func (t *Tri) UnmarshalText(b []byte) error { return parseName(b, triNames[:], (*int)(t), "tri") }

func parseName(b []byte, names []string, into *int, what string) error {
	for i, name := range names {
		if name == string(b) {
			*into = i
			return nil
		}
	}
	return fmt.Errorf("%s %q: want one of %v", what, b, names)
}
