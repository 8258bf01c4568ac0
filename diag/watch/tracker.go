package watch

import (
	"slices"
	"time"
)

const (
	// Again is how soon a loss, or a recovery, is asked about again: one lost
	// packet is no incident, and one lucky one no end of it.
	Again = 300 * time.Millisecond
	// sameEvent is how late a nearer station may turn out to be the one that
	// failed: the incident then moves there instead of becoming two.
	sameEvent = 5 * time.Second
	// keptSamples is an hour and more at the usual interval.
	keptSamples = 2048
	// keptIncidents are the newest; older ones are only counted.
	keptIncidents = 256
	keptGaps      = 64
	// tickLate is how late this program may be before what it did not hear is
	// no loss: the patience for an answer leaves about so much.
	tickLate = 300 * time.Millisecond
)

// Tracker makes incidents of ticks. It is pure: time comes with the ticks.
type Tracker struct {
	interval time.Duration
	began    Moment
	last     Moment
	started  bool
	quietTo  time.Duration // boot clock: until then losses are the waking up
	place    string
	anchor   string
	way      Way
	asleep   time.Duration
	state    [Stations]watched
	open     [Stations]*Incident // silences
	slow     *Incident
	losing   *Incident
	recent   [Stations]recent
	learned  bool // what is usual in this place was told
	passed   bool // something behind the router has answered, in this place
	nextID   int
	stats    [Stations]Stats
	samples  ring[Sample]
	past     ring[Incident]
	gaps     ring[Gap]
	tally    Tally
	urgent   bool
	ended    bool
}

// NewTracker returns a tracker for ticks that come every interval.
func NewTracker(interval time.Duration) *Tracker {
	return &Tracker{interval: interval, samples: ring[Sample]{most: keptSamples}, past: ring[Incident]{most: keptIncidents}, gaps: ring[Gap]{most: keptGaps}}
}

// Feed takes one tick and returns what changed.
func (t *Tracker) Feed(k Tick) (out []Change) {
	if !t.started {
		t.began, t.last, t.started = k.At, k.At, true
	}
	for _, end := range []Moment{k.At, k.Ended} {
		out = append(out, t.pass(end)...)
	}
	if k.torn() {
		k.Readings = [Stations]Reading{}
	}
	out = append(out, t.elsewhere(k)...)
	t.keep(k)
	out = append(out, t.judge(k)...)
	out = append(out, t.ail(k)...)
	t.urgent = t.undecided()
	return out
}

// End takes the moment at which the watch ends: what has not ended by then
// lasted so long.
func (t *Tracker) End(now Moment) (out []Change) {
	if t.started {
		out = t.pass(now)
		t.ended = true
	}
	return out
}

// Next is how soon the next tick should start after this one did.
func (t *Tracker) Next() time.Duration {
	if t.urgent {
		return Again
	}
	return t.interval
}

// pass notices what the clocks say happened since the last moment.
func (t *Tracker) pass(now Moment) (out []Change) {
	for _, g := range gapBetween(t.last, now, t.interval) {
		t.gaps.add(g)
		out = append(out, Change{Gap: &g})
		if g.Kind == ClockSet {
			continue
		}
		t.asleep += g.Long
		for s, i := range t.open {
			if i != nil {
				i.EndUnseen = true
				out = append(out, t.close(Station(s), i.seen))
			}
		}
		for _, at := range []**Incident{&t.slow, &t.losing} {
			if *at != nil {
				(*at).EndUnseen = true
				out = append(out, t.heal(at, (*at).seen)...)
			}
		}
		for s := range t.state {
			t.state[s].lost, t.state[s].back, t.recent[s].last = run{}, run{}, nil
		}
		if g.Kind == Slept {
			t.quietTo = now.Boot + settle
		}
	}
	t.last = now
	return out
}

// keep counts the tick and puts it on the chart. Losses that say nothing about
// the network are left out: while the PC wakes up, and of a station that has
// not answered here yet.
func (t *Tracker) keep(k Tick) {
	t.passed = t.passed || k.Readings[Provider].State == Answered || k.Readings[Names].State == Answered
	t.forgive(k)
	for s := range k.Readings {
		r := &k.Readings[s]
		if r.State == Answered {
			t.state[s].answered, t.state[s].mute = true, false
		}
		if r.State == Lost && (k.At.Boot < t.quietTo || t.state[s].mute) {
			*r = Reading{}
		}
		if r.State == Lost && Station(s) == Router && !t.state[s].answered {
			*r = Reading{} // many routers never answer; what lies behind decides
			if !t.passed {
				t.stats[s].vain() // told, though no incident is made of it
			}
		}
		if r.State == Lost && k.Late > tickLate {
			*r = Reading{} // it may have come while we were kept from hearing it
		}
		t.stats[s].add(*r)
		if k.Late < lateMuch {
			t.recent[s].add(*r, k.At)
		}
	}
	t.samples.add(Sample{Boot: k.At.Boot, Readings: k.Readings, Signal: k.Signal})
}

// forgive takes back what the first askings seemed to say before they meant
// anything: of a router that never answers once something behind it does, and
// of the anchors that were tried in vain before the first one answered. Once an
// incident was told, what it rests on stays.
func (t *Tracker) forgive(k Tick) {
	if st := &t.stats[Router]; t.passed && st.Answers() == 0 {
		*st = Stats{}
	}
	if t.nextID > 0 || k.Readings[Provider].State != Answered || t.stats[Provider].Answers() > 0 {
		return
	}
	t.stats[Provider], t.recent[Provider].last = Stats{}, nil
	for n := range t.samples.items {
		t.samples.items[n].Readings[Provider] = Reading{}
	}
}

// judge walks from near to far: the nearest that fails is where it broke.
func (t *Tracker) judge(k Tick) (out []Change) {
	passes := k.Readings[Provider].State == Answered
	broken := Stations // the nearest broken one so far
	for s := range Stations {
		st := &t.state[s]
		state := t.samplesLast(s)
		if s == Router && passes && state != Answered {
			state = Answered // a router that limits echo: it passed on what lies behind it
		}
		switch state {
		case Lost:
			st.back = run{}
			st.lost.add(k.At)
		case Answered:
			st.lost = run{}
			st.back.add(k.At)
		}
		if i := t.open[s]; i != nil {
			if i.seen = k.At.Boot; s == Link && state == Answered || st.back.confirmed(k.At, false) {
				out = append(out, t.close(s, st.back.since.Boot))
			}
		}
		failing := t.open[s] != nil || st.lost.confirmed(k.At, t.losing != nil && t.losing.Where <= s) || s == Link && st.lost.count > 0
		switch {
		case !failing:
		case broken != Stations:
			t.cover(broken, s)
		case t.open[s] == nil:
			out = append(out, t.start(s, k))
			broken = s
		default:
			broken = s
		}
	}
	return out
}

// samplesLast is a station's state in the tick just kept.
func (t *Tracker) samplesLast(s Station) State { return t.stats[s].Last.State }

// cover notes that a station is silent because a nearer one is broken. Its
// own row of losses starts anew when that ends.
func (t *Tracker) cover(by, s Station) {
	t.state[s].lost, t.recent[s].last = run{}, nil
	if i := t.open[by]; !slices.Contains(i.Also, s) {
		i.Also = append(i.Also, s)
	}
}

// start opens an incident at s, or moves one that just opened farther out.
func (t *Tracker) start(s Station, k Tick) Change {
	since := t.state[s].lost.since
	for far := s + 1; far < Stations; far++ {
		i := t.open[far]
		if i == nil || k.At.Boot-i.began > sameEvent {
			continue
		}
		t.open[far], t.open[s] = nil, i
		i.Where, i.Also = s, append(i.Also, far)
		i.FromStart = i.FromStart && !t.state[s].answered
		return Change{Moved: i.copy()}
	}
	t.nextID++
	t.recent[s].last = nil
	i := &Incident{
		ID: t.nextID, Kind: Silence, Where: s, Began: since.Wall, Open: true, FromStart: !t.state[s].answered,
		Verdict: Verdict{Naming: Looking}, began: since.Boot, seen: k.At.Boot,
	}
	t.open[s] = i
	return Change{Opened: i.copy()}
}

func (t *Tracker) close(s Station, end time.Duration) Change {
	i := t.open[s]
	t.open[s] = nil
	t.state[s].back = run{}
	return t.over(i, end)
}

// over files an incident that ended.
func (t *Tracker) over(i *Incident, end time.Duration) Change {
	i.Open, i.Lasts, i.Signs = false, max(end-i.began, 0), nil
	t.past.add(*i)
	t.tally.add(*i)
	return Change{Closed: i.copy()}
}

// running are the incidents that have not ended, the worst kind first and the
// nearest station first.
func (t *Tracker) running() (out []*Incident) {
	for _, i := range append(t.open[:], t.losing, t.slow) {
		if i != nil {
			out = append(out, i)
		}
	}
	return out
}

// undecided: a loss or a recovery waits to be asked about again.
func (t *Tracker) undecided() bool {
	for s := range Stations {
		st := t.state[s]
		if t.open[s] == nil && st.lost.count == 1 && t.samplesLast(s) == Lost || t.open[s] != nil && st.back.count == 1 {
			return true
		}
	}
	return false
}

func (i *Incident) copy() *Incident {
	c := *i
	c.Also = slices.Clone(i.Also)
	return &c
}
