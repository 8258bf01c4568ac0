package watch

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 2, 22, 0, 0, 0, time.UTC)

// bench feeds a tracker with ticks from strings, on a clock of its own.
type bench struct {
	t   *Tracker
	now Moment
	out []string

	late time.Duration
	way  Way
}

func newBench() *bench {
	return &bench{t: NewTracker(2 * time.Second), now: Moment{Wall: epoch}}
}

// pass lets time go by on chosen clocks.
func (b *bench) pass(wall, mono, boot time.Duration) {
	b.now.Wall, b.now.Mono, b.now.Boot = b.now.Wall.Add(wall), b.now.Mono+mono, b.now.Boot+boot
}

// play runs ticks: one string per station, one letter per tick: a answered,
// s slowly, x lost, r answered after a repeated packet, "." not asked. A tick
// with a loss takes a second, another ten milliseconds.
func (b *bench) play(rows [Stations]string) {
	for n := range len(rows[0]) {
		k := Tick{At: b.now, Place: "r", Late: b.late, Way: b.way}
		took := 10 * time.Millisecond
		for s, row := range rows {
			switch row[n] {
			case 'a':
				k.Readings[s] = Reading{State: Answered, RTT: 10 * time.Millisecond}
			case 's':
				k.Readings[s] = Reading{State: Answered, RTT: 400 * time.Millisecond}
			case 'r':
				k.Readings[s] = Reading{State: Answered, RTT: time.Second, Retried: true}
			case 'x':
				k.Readings[s] = Reading{State: Lost}
				took = time.Second
			}
		}
		b.pass(took, took, took)
		k.Ended = b.now
		b.note(b.t.Feed(k))
		rest := max(b.t.Next()-took, 0)
		b.pass(rest, rest, rest)
	}
}

func (b *bench) note(changes []Change) {
	at := func(i *Incident) string { return i.Began.Format("04:05") }
	which := func(i *Incident) string {
		if i.Kind == Silence {
			return i.Where.String()
		}
		return string(i.Kind) + " " + i.Where.String()
	}
	for _, c := range changes {
		switch {
		case c.Opened != nil:
			b.out = append(b.out, fmt.Sprintf("open %s %s", which(c.Opened), at(c.Opened)))
		case c.Moved != nil:
			b.out = append(b.out, fmt.Sprintf("move %s", c.Moved.Where))
		case c.Closed != nil:
			b.out = append(b.out, fmt.Sprintf("close %s %v", which(c.Closed), c.Closed.Lasts.Round(time.Second)))
		case c.Withdrawn != nil:
			b.out = append(b.out, fmt.Sprintf("withdraw %s", c.Withdrawn.Where))
		case c.Named != nil:
			b.out = append(b.out, fmt.Sprintf("name %s %s", which(c.Named), c.Named.Verdict.Cause))
		case c.Gap != nil:
			b.out = append(b.out, fmt.Sprintf("gap %s %v", c.Gap.Kind, c.Gap.Long.Round(time.Second)))
		}
	}
}

func (b *bench) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(b.out, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(b.out, "; "), strings.Join(want, "; "))
	}
	b.out = nil
}

func TestIncidents(t *testing.T) {
	for name, c := range map[string]struct {
		rows [Stations]string
		want []string
	}{
		"all is well": {[...]string{"aaaaaa", "aaaaaa", "aaaaaa", "aaaaaa"}, nil},
		"single losses are no incident": {
			[...]string{"aaaaaaaa", "axaxaxaa", "axaaaaxa", "aaaxaaax"}, nil},
		"a repeated SYN is no incident": {
			[...]string{"aaaa", "aaaa", "arrr", "aaaa"}, nil},
		"the router fails, and all behind it": {
			[...]string{"aaaaaa", "aaxxaa", "aaxxaa", "aaxxaa"}, []string{"open router 00:04", "close router 3s"}},
		"a router that limits echo": {
			[...]string{"aaaaaa", "aaxxxx", "aaaaaa", "aaaaaa"}, nil},
		"a router that never answers, and the provider fails": {
			[...]string{"aaaaaa", "xxxxxx", "aaxxaa", "aaxxaa"}, []string{"open provider 00:04", "close provider 3s"}},
		"the provider fails": {
			[...]string{"aaaaaa", "aaaaaa", "aaxxaa", "aaxxaa"}, []string{"open provider 00:04", "close provider 3s"}},
		"names fail": {
			[...]string{"aaaaaa", "aaaaaa", "aaaaaa", "aaxxaa"}, []string{"open names 00:04", "close names 3s"}},
		"the cable is pulled: no second asking": {
			[...]string{"aaxaaa", "aaxaaa", "aaxaaa", "aaxaaa"}, []string{"open link 00:04", "close link 1s"}},
		"one good answer does not end it": {
			[...]string{"aaaaaaaa", "aaaaaaaa", "axxaxxaa", "axxaxxaa"}, []string{"open provider 00:02", "close provider 6s"}},
		"first names, then the router": {
			[...]string{"aaaaaaa", "aaaxxaa", "aaaxxaa", "axxxxaa"}, []string{"open names 00:02", "move router", "close router 6s"}},
		"the router is back, names are not": {
			[...]string{"aaaaaaaa", "axxaaaaa", "axxaaaaa", "axxxxxaa"}, []string{"open router 00:02", "close router 3s", "open names 00:05", "close names 5s"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			b.play(c.rows)
			b.want(t, c.want...)
		})
	}
}

// behind is a row of what lies behind the router, which itself is well.
func behind(row string) [Stations]string {
	well := strings.Repeat("a", len(row))
	return [...]string{well, well, row, row}
}

func all(row string) [Stations]string {
	return [...]string{strings.Repeat("a", len(row)), row, row, row}
}

func TestCovered(t *testing.T) {
	b := newBench()
	b.play(all("aaxxaaa"))
	v := b.t.View(10)
	if len(v.Incidents) != 1 || !slices.Equal(v.Incidents[0].Also, []Station{Provider, Names}) {
		t.Errorf("%+v", v.Incidents)
	}
}

// TestNeverAnswered: what was silent from the start and has nothing wrong with
// it is not an incident, and not asked about again.
func TestNeverAnswered(t *testing.T) {
	b := newBench()
	b.play([...]string{"aaa", "aaa", "xxx", "aaa"})
	b.want(t, "open provider 00:00")
	b.note(b.t.Name(1, Verdict{Naming: Unclear}))
	b.want(t, "withdraw provider")
	b.play([...]string{"aaaa", "aaaa", "xxxx", "aaaa"})
	b.want(t)
	v := b.t.View(0)
	if !v.Mute[Provider] || len(v.Incidents) != 0 || v.Tally.Incidents != 0 || v.Stats[Provider].Asked != 3 {
		t.Errorf("%+v", v)
	}
	b.play([...]string{"aaaa", "aaaa", "axxx", "aaaa"}) // it does answer after all
	if len(b.out) != 1 || !strings.HasPrefix(b.out[0], "open provider") {
		t.Error(b.out)
	}
}

func TestNaming(t *testing.T) {
	b := newBench()
	b.play(all("aaxx"))
	b.note(b.t.Name(1, Verdict{Naming: Named, Cause: "gw.arp_failed"}))
	b.play(all("aaxx"))
	b.note(b.t.Name(2, Verdict{Naming: Unclear}))
	b.want(t, "open router 00:04", "name router gw.arp_failed", "close router 3s", "open router 00:09", "name router ")
	if v := b.t.View(0); v.Tally.Causes["gw.arp_failed"] != 1 || v.Incidents[0].Verdict.Cause != "gw.arp_failed" {
		t.Errorf("%+v", v)
	}
}

// TestSleep: a PC that sleeps is offline for some seconds when it wakes up;
// that is no incident, and the time does not count as watched.
func TestSleep(t *testing.T) {
	b := newBench()
	b.play(all("aaaa"))
	b.pass(time.Hour, 0, time.Hour)
	b.play(all("xxxaaa"))
	b.want(t, "gap slept 1h0m0s")
	v := b.t.View(0)
	if v.Watched > time.Minute || v.Stats[Router].Lost != 0 {
		t.Errorf("watched %v, lost %d", v.Watched, v.Stats[Router].Lost)
	}
	b.play(all(strings.Repeat("a", 10) + "xx"))
	if len(b.out) != 1 || !strings.HasPrefix(b.out[0], "open router") {
		t.Error(b.out)
	}
}

func TestSleepDuringIncident(t *testing.T) {
	b := newBench()
	b.play(all("aaxxx"))
	b.pass(time.Hour, 0, time.Hour)
	b.play(all("aaaa"))
	b.want(t, "open router 00:04", "gap slept 1h0m0s", "close router 3s")
	if i := b.t.View(0).Incidents[0]; !i.EndUnseen {
		t.Errorf("%+v", i)
	}
}

// TestSleepDuringTick: what was asked before and not answered after a sleep
// says nothing.
func TestSleepDuringTick(t *testing.T) {
	b := newBench()
	b.play(all("aaa"))
	k := Tick{At: b.now, Place: "r"}
	for s := Router; s < Stations; s++ {
		k.Readings[s] = Reading{State: Lost}
	}
	b.pass(time.Hour, time.Second, time.Hour)
	k.Ended = b.now
	b.note(b.t.Feed(k))
	b.want(t, "gap slept 59m59s")
	if lost := b.t.View(0).Stats[Router].Lost; lost != 0 {
		t.Errorf("%d lost", lost)
	}
}

func TestStalled(t *testing.T) {
	b := newBench()
	b.play(all("aaxx"))
	b.pass(time.Hour, time.Hour, time.Hour)
	b.play(all("aa"))
	b.want(t, "open router 00:04", "gap stalled 1h0m1s", "close router 1s")
}

func TestClockSet(t *testing.T) {
	for _, step := range []time.Duration{time.Hour, -time.Hour} {
		b := newBench()
		b.play(all("aaxx"))
		b.pass(step, 0, 0)
		b.play(all("xaa"))
		b.want(t, "open router 00:04", fmt.Sprintf("gap clock_set %v", step), "close router 4s")
		if w := b.t.View(0).Watched; w < 0 || w > time.Minute {
			t.Errorf("watched %v", w)
		}
	}
}

// TestAnotherNetwork: the old router's manners say nothing about the new one.
func TestAnotherNetwork(t *testing.T) {
	b := newBench()
	b.play(all("aaa"))
	for range 4 {
		k := Tick{At: b.now, Ended: b.now, Place: "other"}
		k.Readings = [Stations]Reading{{State: Answered}, {State: Lost}, {}, {}}
		b.note(b.t.Feed(k))
		b.pass(time.Second, time.Second, time.Second)
	}
	b.want(t)
}

// TestMillion: what is kept is bounded over eleven weeks of ticks, with an
// incident in every hundred of them: silent ones, slow ones, losses.
func TestMillion(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	b := newBench()
	calm := strings.Repeat("a", 50)
	blocks := [...][Stations]string{
		all(calm + strings.Repeat("a", 46) + "xxaa"),
		behind(calm + strings.Repeat("a", 36) + "ssssssssaaaaaa"),
		behind(calm + "raaraaraaraa" + strings.Repeat("a", 38)),
	}
	warm := 10 * keptIncidents
	var early uint64
	for n := range 10_000 {
		b.play(blocks[n%len(blocks)])
		b.note(b.t.Name(n+1, Verdict{Naming: Named, Cause: "gw.arp_failed"}))
		b.out = nil
		if n == warm {
			early = heap()
		}
	}
	late := heap()
	v := b.t.View(keptSamples)
	if len(v.Incidents) != keptIncidents || v.Tally.Incidents != 10_000 || v.Forgotten != 10_000-keptIncidents || len(v.Samples) != keptSamples || v.Tally.Causes["gw.arp_failed"] != 10_000 {
		t.Errorf("%d incidents of %d kept, %d forgotten, %d samples", len(v.Incidents), v.Tally.Incidents, v.Forgotten, len(v.Samples))
	}
	if s := v.Stats[Router]; s.Asked != 1_000_000 || s.Lost != 6668 {
		t.Errorf("asked %d, lost %d", s.Asked, s.Lost)
	}
	if late > early+64<<10 {
		t.Errorf("heap grew from %d to %d bytes", early, late)
	}
}
