package diag

// Event is one step of a run, for every front end alike. Exactly one of the
// pointers is set.
type Event struct {
	AtMS     float64
	Progress *Assessment // after new facts: findings so far; a check with running probes may still change
	Running  []string    // with Progress: IDs of checks whose probes still run
	Parts    []Part      // with Progress: the measurements of the second tier so far; nil before it
	Verdict  *Assessment // the diagnosis is settled; offline probes may still add to it, and one that the verdict did not wait for may bring another
	Facts    Facts       // with Verdict: a copy of what led to it, to plan a repair from before the run is over
	Finished *Result     // the last event of a run
}

// Result is a run that is over.
type Result struct {
	Assessment
	Facts      Facts
	Contacted  []Contact
	StartedAt  string  // RFC 3339, UTC
	DurationMS float64 // until nothing ran any more
	VerdictMS  float64 // until the diagnosis was settled
}
