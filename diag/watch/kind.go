package watch

import "time"

// Kind says what an incident is.
type Kind string

// Kinds of incidents.
const (
	Silence Kind = "silence" // a station did not answer
	Slow    Kind = "slow"    // it answered far later than it usually does here
	Losses  Kind = "losses"  // one packet here and there got lost, for a while
)

// Signs are what the stations did of late, for whoever looks for the cause of
// an incident that no single look would see.
type Signs struct {
	Place, Anchor string              // who was asked: the router, the anchor
	Recent        [Stations][]Reading // the newest, oldest first
	Usual, Now    [Stations]time.Duration
}
