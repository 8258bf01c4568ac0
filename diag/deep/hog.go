package deep

const (
	// bloated is what a queue adds when people begin to notice: 100 ms, the
	// least that a lag compensating codec cannot hide (ITU-T G.114 keeps 150 ms
	// for the whole way; causes.md, perf.bufferbloat).
	bloated = 100
	// hogShare of the link's own bytes makes a program the one that fills it.
	hogShare = 0.6
	// hogLeast is 64 kbit/s: less fills no line worth the name.
	hogLeast = 8000
	// queued and queuedTimes: a program's packets wait when they take 20 ms and
	// three times longer than at best. A queue that is managed well stays
	// around 5 ms (CoDel, RFC 8289, 4.2).
	queued      = 20
	queuedTimes = 3
	// quiet: the PC itself sends less than 128 kbit/s.
	quiet = 16000
)

// Hog is the program that fills the line: it sends most of what the link
// sends, and its own packets wait in a queue (their round trip is far above
// the least that the same connection has seen).
func (u Uplink) Hog() (Talker, bool) {
	if len(u.Talkers) == 0 || u.WindowMS == 0 {
		return Talker{}, false
	}
	t := u.Talkers[0]
	perSecond := float64(t.Bytes) / u.WindowMS * 1000
	return t, perSecond >= hogLeast && float64(t.Bytes) >= hogShare*float64(u.TxBytes) && t.Queue() > queued && t.RTTMS >= queuedTimes*t.MinRTTMS
}

// Bloats: what it sends makes everybody wait.
func (t Talker) Bloats() bool { return t.Queue() > bloated }

// Queue is how long its packets wait on the way, milliseconds.
func (t Talker) Queue() float64 { return t.RTTMS - t.MinRTTMS }

// KBits is a talker's rate.
func (u Uplink) KBits(t Talker) int { return int(float64(t.Bytes) * 8 / max(1, u.WindowMS)) }

// Quiet reports that this PC itself hardly uses the line.
func (u Uplink) Quiet() bool {
	return u.WindowMS > 0 && float64(max(u.TxBytes, u.RxBytes))/u.WindowMS*1000 < quiet
}

// Waiting reports that packets wait in a queue beyond the router: the way to
// the router is quick and steady, the way on is slow and swings. A long way
// (a satellite) is slow and steady; a radio on the desk swings on the first
// hop already. It returns both medians in milliseconds.
func (f Facts) Waiting() (near, far float64, waits bool) {
	if len(f.Hops) == 0 || f.Hops[0].TTL != 1 || f.Hops[0].Sent-f.Hops[0].Lost < enough {
		return 0, 0, false
	}
	first := f.Hops[0].Series
	near = first.Median()
	worst := Series{}
	ends := 0
	for _, e := range f.Ends {
		if e.Sent-e.Lost < enough {
			continue
		}
		ends++
		if e.Median()-near <= bloated || e.swing() <= bloated {
			return near, 0, false
		}
		worst = e.Series
	}
	return near, worst.Median(), ends > 0 && first.swing() < bloated/2
}

// loadedEnough samples to speak of a loaded line.
const loadedEnough = 3

// Bloat is what our own load added to the round trip, milliseconds.
func (l Load) Bloat() (idle, loaded float64, ok bool) {
	idle, loaded = quantile(l.IdleMS, 0.5), quantile(l.LoadedMS, 0.5)
	return idle, loaded, len(l.LoadedMS) >= loadedEnough && len(l.IdleMS) >= loadedEnough
}

// Bloated: a small load made everybody wait.
func (l Load) Bloated() bool {
	idle, loaded, ok := l.Bloat()
	return ok && loaded-idle > bloated
}
