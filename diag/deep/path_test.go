package deep

import (
	"encoding/json"
	"slices"
	"testing"

	"deskside/diag"
)

// times is n equal round trips.
func times(n int, ms float64) []float64 { return slices.Repeat([]float64{ms}, n) }

func of(sent, lost int, ms float64) Series {
	return Series{Sent: sent, Lost: lost, RTTMS: times(sent-lost, ms)}
}

func path(hops []Series, ends ...Series) (f Facts) {
	for i, s := range hops {
		f.Hops = append(f.Hops, Hop{TTL: i + 1, Series: s})
	}
	for _, s := range ends {
		f.Ends = append(f.Ends, End{Family: 4, Series: s})
	}
	return f
}

func TestLossCountsWhereItPersists(t *testing.T) {
	clean, limited, lossy := of(20, 0, 5), of(20, 12, 5), of(20, 6, 20)
	for name, tt := range map[string]struct {
		f     Facts
		after int
		want  bool
	}{
		"nothing lost":                   {path([]Series{clean, clean}, clean, clean), 0, false},
		"a hop that limits its errors":   {path([]Series{limited, clean}, clean, clean), 0, false},
		"every hop limits":               {path([]Series{limited, limited}, clean, clean), 0, false},
		"beyond hop 2":                   {path([]Series{clean, clean}, lossy, lossy), 2, true},
		"beyond a hop that limits":       {path([]Series{clean, limited}, lossy, lossy), 1, true},
		"from the cable on":              {path([]Series{lossy, lossy}, lossy, lossy), 0, true},
		"one far end's own matter":       {path([]Series{clean, clean}, lossy, clean), 0, false},
		"two of forty are chance":        {path([]Series{clean}, of(20, 1, 5), of(20, 1, 5)), 0, false},
		"one far end is away altogether": {path([]Series{clean}, of(20, 20, 0), lossy), 1, true},
		"too few to speak of":            {path([]Series{clean}, of(6, 3, 5)), 0, false},
		"no far end at all":              {path([]Series{lossy}), 0, false},
	} {
		l, got := tt.f.Loss()
		if got != tt.want || l.After != tt.after {
			t.Errorf("%s: %v after hop %d, want %v after %d", name, got, l.After, tt.want, tt.after)
		}
	}
}

// TestWilson holds the interval against published values: Newcombe,
// Statistics in Medicine 17 (1998), table I, method 3.
func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		hits, n   int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		low, high := wilson(tt.hits, tt.n)
		if diff := max(low-tt.low, tt.low-low, high-tt.high, tt.high-high); diff > 0.0001 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", tt.hits, tt.n, low, high, tt.low, tt.high)
		}
	}
}

// TestSearchFindsEverySize plays a path that passes packets up to a limit, and
// counts rounds: each costs a second and a half.
func TestSearchFindsEverySize(t *testing.T) {
	for limit := smallest; limit < ethernet; limit++ {
		for _, suspected := range []bool{false, true} {
			var tried []Trial
			rounds := 0
			for sizes := nextSizes(9000, tried, suspected); len(sizes) > 0; sizes = nextSizes(9000, tried, suspected) {
				rounds++
				for _, s := range sizes {
					tried = append(tried, Trial{Size: s, Outcome: map[bool]string{true: Passed, false: Stalled}[s <= limit]})
				}
			}
			m := MTU{Link: ethernet, Trials: tried}
			if m.Limit() != limit || rounds > 4 || m.Whole() {
				t.Fatalf("limit %d: found %d in %d rounds", limit, m.Limit(), rounds)
			}
		}
	}
}

func TestSearchGivesUp(t *testing.T) {
	for name, tt := range map[string]struct {
		tried []Trial
		whole bool
	}{
		"all is well":              {[]Trial{{Size: 1280, Outcome: Passed}, {Size: 1500, Outcome: Passed}}, true},
		"nothing opens":            {[]Trial{{Size: 1280, Outcome: Unopened}, {Size: 1500, Outcome: Unopened}}, false},
		"small ones stall too":     {[]Trial{{Size: 1280, Outcome: Stalled}, {Size: 1500, Outcome: Stalled}}, false},
		"large pass, small do not": {[]Trial{{Size: 1280, Outcome: Stalled}, {Size: 1500, Outcome: Passed}}, true},
	} {
		m := MTU{Link: ethernet, Trials: tt.tried}
		if next := nextSizes(ethernet, tt.tried, false); len(next) > 0 || m.Limit() != 0 || m.Whole() != tt.whole {
			t.Errorf("%s: next %v, limit %d, whole %v", name, next, m.Limit(), m.Whole())
		}
	}
	one := MTU{Link: ethernet, Trials: []Trial{{Size: 1280, Outcome: Passed}, {Size: 1400, Outcome: Passed}, {Size: 1500, Outcome: Stalled}}}
	if one.Limit() != 0 {
		t.Error("one connection that stalled is taken for a size that vanishes")
	}
}

func TestLargeFrames(t *testing.T) {
	answers := func(small, large bool) (m MTU) {
		for range witnesses {
			m.Near = append(m.Near, Near{1280, small}, Near{9000, large})
		}
		return m
	}
	if !answers(true, false).Mismatch() || answers(true, true).Mismatch() || answers(false, false).Mismatch() || (MTU{}).Mismatch() {
		t.Error("a mismatch is small frames answered and large ones not, and nothing else")
	}
}

func TestHog(t *testing.T) {
	full := Uplink{WindowMS: 1000, TxBytes: 600_000, Talkers: []Talker{{PID: 7, Bytes: 580_000, RTTMS: 350, MinRTTMS: 20}}}
	for name, tt := range map[string]struct {
		change func(*Uplink)
		want   bool
	}{
		"fills the line":                   {func(*Uplink) {}, true},
		"a satellite is slow by itself":    {func(u *Uplink) { u.Talkers[0].MinRTTMS = 340 }, false},
		"sends much, and nobody waits":     {func(u *Uplink) { u.Talkers[0].RTTMS = 24 }, false},
		"another one sends more":           {func(u *Uplink) { u.TxBytes = 6_000_000 }, false},
		"hardly sends":                     {func(u *Uplink) { u.TxBytes, u.Talkers[0].Bytes = 5000, 5000 }, false},
		"nobody was seen":                  {func(u *Uplink) { u.Talkers = nil }, false},
		"a queue that is managed well":     {func(u *Uplink) { u.Talkers[0].RTTMS = 35 }, false},
		"somebody else's, whom we may not": {func(u *Uplink) { u.Talkers[0].PID = 0 }, true},
	} {
		u := full
		u.Talkers = slices.Clone(full.Talkers)
		tt.change(&u)
		if _, got := u.Hog(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestWaiting(t *testing.T) {
	swings := Series{Sent: 20, RTTMS: append(times(10, 120), times(10, 400)...)}
	near := of(20, 0, 1)
	radio := Series{Sent: 20, RTTMS: append(times(10, 2), times(10, 300)...)}
	for name, tt := range map[string]struct {
		f    Facts
		want bool
	}{
		"a queue behind the router":       {path([]Series{near}, swings, swings), true},
		"a satellite: slow and steady":    {path([]Series{near}, of(20, 0, 620)), false},
		"a radio link on the desk swings": {path([]Series{radio}, swings), false},
		"only one of two far ends":        {path([]Series{near}, swings, of(20, 0, 20)), false},
		"a mute router":                   {path(nil, swings), false},
	} {
		if _, _, got := tt.f.Waiting(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestBloat(t *testing.T) {
	for name, tt := range map[string]struct {
		l    Load
		want bool
	}{
		"waits":                   {Load{IdleMS: times(5, 20), LoadedMS: times(9, 300)}, true},
		"stays quick":             {Load{IdleMS: times(5, 20), LoadedMS: times(9, 60)}, false},
		"over before it began":    {Load{IdleMS: times(5, 20), LoadedMS: times(2, 300)}, false},
		"a satellite":             {Load{IdleMS: times(5, 610), LoadedMS: times(9, 640)}, false},
		"nothing known of idle":   {Load{LoadedMS: times(9, 300)}, false},
		"a few packets fill that": {Load{IdleMS: times(5, 20), LoadedMS: times(9, 300), Bytes: 128_000}, false},
	} {
		if tt.l.TookMS = 4000; tt.l.Bytes == 0 { // 256 kbit/s, or 1.8 Mbit/s
			tt.l.Bytes = 900_000
		}
		if got := tt.l.Bloated(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func status(f Facts, run diag.RunFacts, code string) diag.Status {
	all := Section.In(diag.RunSection.In(diag.Facts{}, run), f)
	for _, finding := range Judge(all).Findings {
		if finding.Code == code {
			return finding.Status
		}
	}
	return -1
}

// TestJudge: what was not measured is never fine and never broken.
func TestJudge(t *testing.T) {
	linux := diag.RunFacts{OS: "linux", Deep: true}
	clean := path([]Series{of(20, 0, 5)}, of(20, 0, 20))
	clean.Uplink = Uplink{WindowMS: 1000, TxBytes: 4000}
	for name, tt := range map[string]struct {
		f    Facts
		run  diag.RunFacts
		code string
		want diag.Status
	}{
		"nothing measured: loss":   {Facts{}, linux, CodeLoss, diag.Unknown},
		"nothing measured: sizes":  {Facts{}, linux, CodeMTU, diag.Unknown},
		"nothing measured: uplink": {Facts{}, linux, CodeUplink, diag.Unknown},
		"no load":                  {Facts{Load: Load{Skipped: Metered}}, linux, CodeLoad, diag.Skipped},
		"proven before":            {Facts{}, diag.RunFacts{OS: "linux", CutBy: "gw.arp_failed"}, CodeLoss, diag.Skipped},
		"another system":           {Facts{}, diag.RunFacts{OS: "windows"}, CodeLoss, diag.Unknown},
		"a clean path":             {clean, linux, CodeLoss, diag.OK},
		"a quiet PC":               {clean, linux, CodeUplink, diag.OK},
		"a busy PC: loss":          {path(nil, of(20, 8, 5)), diag.RunFacts{OS: "linux", Deep: true, DeepLateMS: 700}, CodeLoss, diag.Unknown},
		"a busy PC: who sends":     {clean, diag.RunFacts{OS: "linux", Deep: true, DeepLateMS: 700}, CodeUplink, diag.OK},
		"a lossy path":             {path(nil, of(20, 8, 5)), linux, CodeLoss, diag.Fail},
	} {
		if got := status(tt.f, tt.run, tt.code); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestFactsSurviveJSON: a saved report judges the same.
func TestFactsSurviveJSON(t *testing.T) {
	f := path([]Series{of(20, 0, 5), of(20, 3, 9.5)}, of(20, 8, 30))
	b, err := json.Marshal(f)
	var back Facts
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	one, _ := f.Loss()
	two, _ := back.Loss()
	if one != two || back.Hops[1].Median() != 9.5 {
		t.Errorf("%+v is not %+v", two, one)
	}
}
