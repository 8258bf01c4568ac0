package deep

// Somewhere behind the router packets wait in a queue: this page tells that
// from a line that is only long. Both are slow; what gives a queue away is
// that it swings while somebody else fills and drains it, that the line was
// quicker before, or that a load of our own is held up in it and makes nobody
// wait longer.

const (
	// bloated is what a queue adds when people begin to notice: 100 ms, the
	// least that a lag compensating codec cannot hide (ITU-T G.114 keeps 150 ms
	// for the whole way; causes.md, perf.bufferbloat).
	bloated = 100
	// held is after how many round trips a load of a megabyte over four
	// connections is long over where nothing is in its way: slow start (RFC
	// 6928: ten segments, doubled every round trip) needs five.
	held = 12
	// fewPackets in a queue are no long queue: on a line of 256 kbit/s three
	// packets take more than 100 ms.
	fewPackets = 10 * ethernet
	// slowLine, kbit/s: below it pages of today take a minute, whatever else is
	// right (two thirds of a megabit is what the weakest ADSL sends upwards).
	slowLine = 512
)

// Queue reports that the line is full, by any sign, and the medians of the
// round trips to the router and beyond it, in milliseconds.
func (f Facts) Queue() (near, far float64, full bool) {
	if near, far, full = f.Grown(); full {
		return near, far, true
	}
	if near, far, full = f.Waiting(); full {
		return near, far, true
	}
	return f.Crowded()
}

// Grown reports a line that was quick a moment ago and is slow now, while the
// way to the router is as quick as ever: no line becomes longer by itself.
func (f Facts) Grown() (near, far float64, full bool) {
	b := f.Before
	if b == nil || b.NearMS == 0 || b.NearNowMS == 0 || b.FarMS == 0 {
		return 0, 0, false
	}
	return b.NearNowMS, b.FarNowMS, b.FarNowMS-b.FarMS > bloated && b.NearNowMS-b.NearMS < bloated/2
}

// Waiting reports that packets wait in a queue beyond the router: the way to
// the router is quick and steady, the way on is slow and swings. A long way
// (a satellite) is slow and steady; a radio on the desk swings on the first
// hop already.
func (f Facts) Waiting() (near, far float64, waits bool) {
	first, ok := f.router()
	if !ok {
		return 0, 0, false
	}
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
	return near, worst.Median(), ends > 0
}

// Crowded reports a queue that is always full: already the first station
// beyond the router is slow, and when we sent a little ourselves, it took far
// longer than round trips alone explain while nobody's became longer. On a
// line that is only long, the load is through after a few of them; on one that
// is only slow, it fills the queue itself, which is [Load.Bloated].
func (f Facts) Crowded() (near, far float64, full bool) {
	first, ok := f.router()
	idle, loaded, measured := f.Load.Bloat()
	if !ok || !measured || len(f.Hops) < 2 || f.Hops[1].Sent-f.Hops[1].Lost < enough {
		return 0, 0, false
	}
	near, far = first.Median(), f.Hops[1].Median()
	stays := loaded-idle <= bloated && loaded-idle <= (idle-near)/5 // a queue of our own making would be empty before
	return near, far, far-near > bloated && idle-near > bloated && stays && f.Load.TookMS >= held*idle
}

// router is the series of the first hop, where it answers steadily.
func (f Facts) router() (Series, bool) {
	if len(f.Hops) == 0 || f.Hops[0].TTL != 1 || f.Hops[0].Sent-f.Hops[0].Lost < enough {
		return Series{}, false
	}
	return f.Hops[0].Series, f.Hops[0].swing() < bloated/2
}

// loadedEnough samples to speak of a loaded line.
const loadedEnough = 3

// Bloat is what our own load added to the round trip, milliseconds.
func (l Load) Bloat() (idle, loaded float64, ok bool) {
	idle, loaded = quantile(l.IdleMS, 0.5), quantile(l.LoadedMS, 0.5)
	return idle, loaded, len(l.LoadedMS) >= loadedEnough && len(l.IdleMS) >= loadedEnough
}

// KBits is the rate at which our own load got through, kbit/s.
func (l Load) KBits() int { return int(float64(l.Bytes) * 8 / max(1, l.TookMS)) }

// Bloated: a small load made everybody wait, and not only because the line is
// so slow that a few packets fill it.
func (l Load) Bloated() bool {
	idle, loaded, ok := l.Bloat()
	standing := (loaded - idle) * float64(l.KBits()) / 8 // bytes
	return ok && loaded-idle > bloated && standing >= fewPackets
}

// SlowLine reports a line that carries little upwards, though nobody else uses
// it: our load filled it for as long as it was allowed to, and got no more
// than this through, in kbit/s.
func (f Facts) SlowLine() (kbits int, slow bool) {
	idle, loaded, ok := f.Load.Bloat()
	_, _, full := f.Queue()
	return f.Load.KBits(), ok && !full && loaded-idle > queued && f.Load.Bytes > 0 && f.Load.KBits() < slowLine
}
