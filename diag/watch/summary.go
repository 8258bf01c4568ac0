package watch

import (
	"slices"
	"time"
)

// Tally counts all incidents, also those too old to be kept.
type Tally struct {
	Incidents int
	Down      time.Duration  // their lengths added up
	Causes    map[string]int // how often each root cause was named: at most one entry per cause of the catalogue
}

func (t *Tally) add(i Incident) {
	t.Incidents++
	t.Down += i.Lasts
}

// View is the watch as it stands: what a screen shows, and at the end the
// summary. It shares nothing with the tracker.
type View struct {
	Began, Now Moment
	Watched    time.Duration // without the gaps
	Ended      bool          // nothing more will come
	Stats      [Stations]Stats
	Mute       [Stations]bool // does not answer here, and nothing is wrong with that
	Samples    []Sample       // the newest, oldest first
	Incidents  []Incident     // the newest, oldest first; open ones last
	Forgotten  int            // incidents too old to be kept; Tally has them
	Gaps       []Gap
	Tally      Tally // of incidents that are over
}

// View returns the watch as it stands, with at most samples of the newest
// samples.
func (t *Tracker) View(samples int) View {
	v := View{
		Began: t.began, Now: t.last, Watched: max(t.last.Boot-t.began.Boot-t.asleep, 0), Ended: t.ended, Stats: t.stats,
		Samples: t.samples.newest(samples), Incidents: t.past.all(), Forgotten: t.past.Lost, Gaps: t.gaps.all(),
		Tally: Tally{t.tally.Incidents, t.tally.Down, map[string]int{}},
	}
	for cause, n := range t.tally.Causes {
		v.Tally.Causes[cause] = n
	}
	for s := range Stations {
		v.Mute[s] = t.state[s].mute || s == Router && !t.state[s].answered && t.passed
	}
	for _, i := range t.running() {
		c := i.copy()
		c.Lasts, c.Left = t.last.Boot-i.began, t.ended
		v.Incidents = append(v.Incidents, *c)
	}
	return v
}

// Open reports whether the incident has not ended yet.
func (t *Tracker) Open(id int) bool {
	return slices.ContainsFunc(t.running(), func(i *Incident) bool { return i.ID == id })
}

// Name takes what the diagnosis made of an incident, which may be over by
// now. A station that never answered and has nothing wrong with it does not
// answer here at all: its incident was none.
func (t *Tracker) Name(id int, v Verdict) []Change {
	for _, i := range t.running() {
		if i.ID != id {
			continue
		}
		i.Verdict, i.Signs = v, nil
		if i.FromStart && v.Naming == Unclear {
			t.open[i.Where], t.state[i.Where].mute, t.state[i.Where].lost = nil, true, run{}
			return []Change{{Withdrawn: i.copy()}}
		}
		t.count(v)
		return append(t.atRouter(i), Change{Named: i.copy()})
	}
	for n := range t.past.items {
		if i := &t.past.items[n]; i.ID == id {
			i.Verdict = v
			t.count(v)
			return []Change{{Named: i.copy()}}
		}
	}
	return nil
}

// sayRouter are the causes that lie at the router, however silent it always
// was: a watch alone cannot tell such a router from one that ignores ping.
var sayRouter = []string{"gw.arp_failed", "route.gw_wrong"}

// atRouter moves a silence that the diagnosis found to be the router's.
func (t *Tracker) atRouter(i *Incident) []Change {
	far := i.Where
	if i.Kind != Silence || far <= Router || t.open[Router] != nil || !slices.Contains(sayRouter, i.Verdict.Cause) {
		return nil
	}
	t.open[far], t.open[Router] = nil, i
	i.Where, i.Also = Router, append([]Station{far}, i.Also...)
	return []Change{{Moved: i.copy()}}
}

func (t *Tracker) count(v Verdict) {
	if v.Naming != Named {
		return
	}
	if t.tally.Causes == nil {
		t.tally.Causes = map[string]int{}
	}
	t.tally.Causes[v.Cause]++
}

// Signal is the newest Wi-Fi signal in dBm; 0 when not known.
func (v View) Signal() int {
	if len(v.Samples) == 0 {
		return 0
	}
	return v.Samples[len(v.Samples)-1].Signal
}
