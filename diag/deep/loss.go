package deep

const (
	// enough packets in a series to speak of a rate.
	enough = 10
	// lossy is what even the kindest reading of the series must exceed: the
	// lower end of its interval. Three of twenty do, two of twenty do not, so
	// a line that loses one in a hundred is named once in a thousand looks.
	lossy = 0.05
)

// Loss is what a path loses, all the way.
type Loss struct {
	Sent, Lost int // over all far ends
	// After is the last hop that loses clearly less: what is lost gets lost
	// beyond it. 0: already on the way to the first.
	After int
	// Sure: the hop's interval lies below the far ends' rate.
	Sure bool
}

// Rate in percent.
func (l Loss) Rate() int { return int(float64(100*l.Lost)/float64(max(1, l.Sent)) + 0.5) }

// Loss weighs the series. Loss at a hop counts only where it persists to the
// far ends: a router that limits its ICMP errors looks lossy and passes
// everything on. Every far end that answers at all must lose, or it is the
// end's own matter. False when there is no loss to speak of.
func (f Facts) Loss() (l Loss, ok bool) {
	ends := 0
	for _, e := range f.Ends {
		if e.Sent < enough || e.Lost == e.Sent {
			continue
		}
		ends++
		if e.Lost == 0 {
			return Loss{}, false
		}
		l.Sent, l.Lost = l.Sent+e.Sent, l.Lost+e.Lost
	}
	if low, _ := wilson(l.Lost, l.Sent); ends == 0 || low <= lossy {
		return Loss{}, false
	}
	l.Sure = true
	for _, h := range f.Hops {
		if h.Sent < enough {
			continue
		}
		_, high := wilson(h.Lost, h.Sent)
		if below := high < float64(l.Lost)/float64(l.Sent); below || h.Lost == 0 {
			l.After, l.Sure = h.TTL, below
		}
	}
	return l, true
}

// measured reports that a far end answered often enough to judge the path.
func (f Facts) measured() bool {
	for _, e := range f.Ends {
		if e.Sent >= enough && e.Lost < e.Sent {
			return true
		}
	}
	return false
}
