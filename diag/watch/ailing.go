package watch

import (
	"slices"
	"time"
)

// A line may answer and still be ill: far slower than it usually is, or losing
// a packet here and there. Both are seen over many ticks, and only while
// nothing is silent.

const (
	// newUsual: what is slow for so long is how this line is now.
	newUsual = 30 * time.Minute
	// lateMuch: times of a tick during which this program itself was late say
	// nothing about the network.
	lateMuch = feltSlow / 2
)

// ail opens and closes incidents of slowness and of scattered losses.
func (t *Tracker) ail(k Tick) (out []Change) {
	if slices.ContainsFunc(t.open[:], func(i *Incident) bool { return i != nil }) {
		return nil
	}
	out = append(t.learn(), t.slowness(k)...)
	return append(out, t.scattered(k)...)
}

// learn tells once in every place when it is known what is usual here: only
// from then on is anything slow.
func (t *Tracker) learn() []Change {
	all := [Stations]time.Duration{}
	for s := Router; s < Stations; s++ {
		r := &t.recent[s]
		if n := len(r.last); t.learned || n > 0 && r.usual.Answers() < known || s == Provider && n == 0 {
			return nil
		}
		all[s] = r.median
	}
	t.learned = true
	return []Change{{Learned: &all}}
}

func (t *Tracker) slowness(k Tick) []Change {
	if i := t.slow; i != nil {
		r := &t.recent[i.Where]
		if now, ok := r.now(); ok {
			i.Now = max(i.Now, now)
		}
		i.seen = k.At.Boot
		switch {
		case !r.slow(true):
			return t.heal(&t.slow, k.At.Boot)
		case k.At.Boot-i.began > newUsual:
			t.recent = [Stations]recent{}
			return t.heal(&t.slow, k.At.Boot)
		}
		return nil
	}
	where := t.nearest(func(s Station) bool { return t.recent[s].slow(false) })
	if where == Stations {
		return nil
	}
	r := &t.recent[where]
	i := t.incident(Slow, where, r.slowSince(), k)
	i.Usual = r.median
	i.Now, _ = r.now()
	t.slow = i
	return []Change{{Opened: i.copy()}}
}

func (t *Tracker) scattered(k Tick) []Change {
	if i := t.losing; i != nil {
		r := &t.recent[i.Where]
		if lost, _ := r.losses(); lost > i.Lost {
			i.Lost, i.Asked = lost, len(r.last)
		}
		if _, last := r.lossesSince(); last != (Moment{}) {
			i.seen = last.Boot
		}
		if !r.lossy(true) {
			for s := range t.recent {
				t.recent[s].last = nil // they have been told
			}
			return t.heal(&t.losing, i.seen)
		}
		return nil
	}
	where := t.nearest(func(s Station) bool { return t.recent[s].lossy(false) })
	if where == Stations {
		return nil
	}
	if lost, _ := t.recent[Router].losses(); where == Provider && lost > 1 && t.state[Router].answered {
		where = Router // what gets lost behind the router is lost on the way to it
	}
	r := &t.recent[where]
	first, _ := r.lossesSince()
	i := t.incident(Losses, where, first, k)
	i.Lost, _ = r.losses()
	i.Asked = len(r.last)
	t.losing = i
	return []Change{{Opened: i.copy()}}
}

// nearest is the nearest station that is ill; [Stations] when none is. A
// router that answers pings late, or not all of them, while what lies behind
// it is well, is busy with better things.
func (t *Tracker) nearest(ill func(Station) bool) Station {
	for _, s := range []Station{Provider, Names} {
		if !ill(s) {
			continue
		}
		if s == Provider && ill(Router) {
			return Router
		}
		return s
	}
	if len(t.recent[Provider].last) == 0 && ill(Router) {
		return Router
	}
	return Stations
}

// incident begins one that is not a silence.
func (t *Tracker) incident(kind Kind, where Station, since Moment, k Tick) *Incident {
	t.nextID++
	signs := &Signs{Place: t.place, Anchor: t.anchor}
	for s := range Stations {
		r := &t.recent[s]
		signs.Recent[s], signs.Usual[s] = r.readings(), r.median
		signs.Now[s], _ = r.now()
	}
	return &Incident{
		ID: t.nextID, Kind: kind, Where: where, Began: since.Wall, Open: true, Verdict: Verdict{Naming: Looking}, Signs: signs,
		began: since.Boot, seen: k.At.Boot,
	}
}

// heal ends an incident that is not a silence.
func (t *Tracker) heal(at **Incident, end time.Duration) []Change {
	i := *at
	*at = nil
	return []Change{t.over(i, end)}
}

// elsewhere notices another router, anchor or link: what was usual there is no
// measure here.
func (t *Tracker) elsewhere(k Tick) (out []Change) {
	moved := k.Place != t.place && k.Place != ""
	if moved {
		t.place, t.state[Router] = k.Place, watched{}
	}
	if old := t.way; k.Way != (Way{}) && k.Way != old {
		if t.way = k.Way; old != (Way{}) {
			g := Gap{Kind: Switched, At: k.At.Wall, From: old, To: k.Way}
			t.gaps.add(g)
			out, moved = append(out, Change{Gap: &g}), true
		}
	}
	if moved {
		for _, at := range []**Incident{&t.slow, &t.losing} {
			if *at != nil {
				out = append(out, t.heal(at, (*at).seen)...)
			}
		}
		t.recent, t.learned, t.passed = [Stations]recent{}, false, false
	}
	if k.Anchor != t.anchor {
		t.anchor = k.Anchor
		t.recent[Provider].unlearn()
		if t.slow != nil && t.slow.Where == Provider {
			out = append(out, t.heal(&t.slow, t.slow.seen)...)
		}
	}
	return out
}
