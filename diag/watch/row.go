package watch

// watched is what is remembered of one station.
type watched struct {
	answered bool // it has answered once, in this place
	mute     bool // it does not answer here, and nothing is wrong with that
	lost     run
	back     run
}

// run is a row of equal readings.
type run struct {
	count int
	since Moment
}

func (r *run) add(at Moment) {
	if r.count == 0 {
		r.since = at
	}
	r.count++
}

// confirmed: twice, and the second asking was sent long enough after the first.
// Where single ones are lost all the time anyway, it takes more of them.
func (r run) confirmed(at Moment, anyway bool) bool {
	if anyway {
		return r.count > outage
	}
	return r.count >= 2 && at.Boot-r.since.Boot >= Again
}
