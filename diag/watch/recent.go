package watch

import (
	"slices"
	"time"
)

const (
	// remembered readings of a station, a minute at the usual interval: what
	// scattered losses are counted in.
	remembered = 30
	// judged are the newest answers whose median says whether a station is slow
	// now: three late ones of five, so that one or two never do.
	judged = 5
	// known is how many answers make a usual time.
	known = 10
	// forget: after four hours older answers count half, so that what is usual
	// follows a line that changes with the day.
	forget = 7200
	// feltSlow is the least that is worth telling: 100 ms more than usual is
	// when people notice (see diag/deep, bloated).
	feltSlow = 100 * time.Millisecond
	// someLosses among the remembered readings are more than chance
	// on a good line: 4 of 30 leave 5 % at the lower end of their 95 % interval
	// (Wilson 1927), which is where diag/deep speaks of loss.
	someLosses = 4
	// outage: unanswered readings in a row beyond so many belong together.
	outage = 3
	// clean readings in a row end a time of losses.
	clean = 15
)

// recent is how one station answers now and how it usually does, in this
// place.
type recent struct {
	last     []asked // at most remembered
	usual    Stats
	median   time.Duration // of usual
	fence    time.Duration // see refence
	refenced int           // how many answers there were when they were worked out
}

// asked is a reading and when it was taken.
type asked struct {
	Reading
	at Moment
}

func (a asked) lost() bool { return a.State == Lost || a.Retried }

// add takes one reading. What is far above the usual does not become usual.
func (r *recent) add(x Reading, at Moment) {
	if x.State == Unasked {
		return
	}
	if len(r.last) == remembered {
		r.last = slices.Delete(r.last, 0, 1)
	}
	r.last = append(r.last, asked{x, at})
	if x.State == Answered && !x.Retried && (r.usual.Answers() < known || x.RTT <= r.fence) {
		if r.usual.Answers() >= forget {
			r.usual.halve()
		}
		r.usual.add(x)
		r.refence()
	}
}

// refence works out from where on a time is far outside of what is usual:
// Tukey's outer fence (Exploratory Data Analysis, 1977), which a quarter of odd
// answers cannot move, and never less than what a person feels. One answer
// among many changes nothing, so it is done anew every twentieth of them.
func (r *recent) refence() {
	if n := r.usual.Answers(); n >= known && n > r.refenced/2 && n < r.refenced+r.refenced/20 {
		return
	}
	q1, q2, q3 := r.usual.Quantile(0.25), r.usual.Quantile(0.5), r.usual.Quantile(0.75)
	r.median, r.fence, r.refenced = q2, max(q3+3*(q3-q1), 3*q2, q2+feltSlow), r.usual.Answers()
}

// now is the median of the newest answers; false when there are too few.
func (r *recent) now() (time.Duration, bool) {
	var times []time.Duration
	for i := len(r.last) - 1; i >= 0 && len(times) < judged; i-- {
		if x := r.last[i]; x.State == Answered && !x.Retried {
			times = append(times, x.RTT)
		}
	}
	if len(times) < judged || r.usual.Answers() < known {
		return 0, false
	}
	slices.Sort(times)
	return times[judged/2], true
}

// unlearn forgets what was usual.
func (r *recent) unlearn() { r.usual, r.median, r.fence, r.refenced = Stats{}, 0, 0, 0 }

// slow: it answers far later than usual. Once it does, it has to come halfway
// back before it no longer does.
func (r *recent) slow(already bool) bool {
	now, ok := r.now()
	if !ok {
		return already
	}
	limit := r.fence
	if already {
		limit = (r.median + limit) / 2
	}
	return now > limit
}

// slowSince is when the newest row of slow answers began.
func (r *recent) slowSince() (since Moment) {
	for i := len(r.last) - 1; i >= 0 && (r.last[i].lost() || r.last[i].RTT > r.fence); i-- {
		since = r.last[i].at
	}
	return since
}

// lossesSince is when the first and the last of the remembered losses were.
func (r *recent) lossesSince() (first, last Moment) {
	for _, x := range r.last {
		if x.lost() {
			if last = x.at; first == (Moment{}) {
				first = x.at
			}
		}
	}
	return first, last
}

// readings are the remembered ones, as others may have them.
func (r *recent) readings() (out []Reading) {
	for _, x := range r.last {
		out = append(out, x.Reading)
	}
	return out
}

// losses counts the remembered readings that lost a packet, and in how many
// rows they came. A long row without any answer is an outage, and counted
// elsewhere.
func (r *recent) losses() (lost, rows int) {
	row, silent := 0, 0
	for i := range len(r.last) + 1 {
		if i < len(r.last) && r.last[i].lost() {
			row++
			if r.last[i].State == Lost {
				silent++
			}
			continue
		}
		if row > 0 && silent <= outage {
			lost, rows = lost+row, rows+1
		}
		row, silent = 0, 0
	}
	return lost, rows
}

// lossy: losses are scattered over the last minute. Once they are, a clean
// half a minute ends it.
func (r *recent) lossy(already bool) bool {
	if !already {
		lost, rows := r.losses()
		return lost >= someLosses && rows > 1
	}
	newest := r.last[max(0, len(r.last)-clean):]
	return len(newest) < clean || slices.ContainsFunc(newest, asked.lost)
}
