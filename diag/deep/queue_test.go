package deep

import "testing"

// held is a load that took so long, round trips before and meanwhile.
func loaded(tookMS, idle, meanwhile float64) Load {
	return Load{IdleMS: times(5, idle), LoadedMS: times(9, meanwhile), TookMS: tookMS, Bytes: 60_000}
}

func TestCrowded(t *testing.T) {
	near, slow := of(20, 0, 1), of(20, 0, 250)
	for name, tt := range map[string]struct {
		hops []Series
		load Load
		want bool
	}{
		"somebody else's queue, always full":  {[]Series{near, slow}, loaded(4000, 250, 252), true},
		"a satellite: over after six":         {[]Series{near, of(20, 0, 600)}, loaded(3600, 600, 605), false},
		"our own load fills it":               {[]Series{near, slow}, loaded(4000, 250, 700), false},
		"our own load fills it a little":      {[]Series{near, slow}, loaded(4000, 250, 320), false},
		"slow from another station on":        {[]Series{near, of(20, 0, 12)}, loaded(4000, 250, 252), false},
		"a radio link on the desk":            {[]Series{of(20, 0, 240), slow}, loaded(4000, 250, 252), false},
		"the station beyond the router, mute": {[]Series{near}, loaded(4000, 250, 252), false},
		"no load":                             {[]Series{near, slow}, Load{}, false},
	} {
		f := path(tt.hops, slow, slow)
		f.Load = tt.load
		if _, _, got := f.Crowded(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestWhoFillsTheLine: a program whose own connections no longer know a better
// time, and one that keeps none, are told from the line's queue.
func TestWhoFillsTheLine(t *testing.T) {
	full := path([]Series{of(20, 0, 1), of(20, 0, 250)}, of(20, 0, 250))
	full.Load = loaded(4000, 250, 252)
	empty := path([]Series{of(20, 0, 1), of(20, 0, 9)}, of(20, 0, 20))
	old := Uplink{WindowMS: 1000, TxBytes: 600_000, Talkers: []Talker{{PID: 7, Bytes: 580_000, RTTMS: 250, MinRTTMS: 240}}}
	for name, tt := range map[string]struct {
		f         Facts
		u         Uplink
		want      bool
		datagrams bool
		share     int
	}{
		"has filled it for an hour":         {full, old, true, false, 97},
		"sends much, and nobody waits":      {empty, old, false, false, 0},
		"without connections":               {full, Uplink{WindowMS: 1000, TxBytes: 600_000, Talkers: old.Talkers[:0]}, true, true, 100},
		"without connections, nobody waits": {empty, Uplink{WindowMS: 1000, TxBytes: 600_000}, false, false, 0},
		"this run's own packets":            {full, Uplink{WindowMS: 1000, TxBytes: 14_000}, false, false, 0},
		"nothing was counted":               {full, Uplink{}, false, false, 0},
	} {
		tt.f.Uplink = tt.u
		h, got := tt.f.Hog()
		if got != tt.want || got && (h.Datagrams != tt.datagrams || tt.u.Share(h.Talker) != tt.share) {
			t.Errorf("%s: %v %+v, %d %%", name, got, h, tt.u.Share(h.Talker))
		}
	}
}

func TestSlowLine(t *testing.T) {
	f := path([]Series{of(20, 0, 1), of(20, 0, 5)}, of(20, 0, 20))
	for name, tt := range map[string]struct {
		load Load
		want bool
	}{
		"256 kbit/s":          {Load{IdleMS: times(5, 20), LoadedMS: times(9, 300), TookMS: 4000, Bytes: 120_000}, true},
		"2 Mbit/s":            {Load{IdleMS: times(5, 20), LoadedMS: times(9, 300), TookMS: 3600, Bytes: 900_000}, false},
		"a far end that naps": {Load{IdleMS: times(5, 20), LoadedMS: times(9, 21), TookMS: 4000, Bytes: 120_000}, false},
		"not loaded":          {Load{}, false},
	} {
		f.Load = tt.load
		if _, got := f.SlowLine(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
