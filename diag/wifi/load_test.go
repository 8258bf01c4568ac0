package wifi

import (
	"fmt"
	"math"
	"testing"
)

// flat is the block of flats of wifi.md's golden vectors, without the own
// access point's figure.
func flat(channel int) Facts {
	f := Facts{Link: &Link{Iface: "wlan0", Freq: FreqOf(2, channel), Channel: channel}}
	for i, ap := range []struct{ rssi, centre, width, freq int }{
		{-71, 2412, 20, 2412}, {-83, 2412, 20, 2412}, {-63, 2437, 20, 2437}, {-66, 2437, 20, 2437}, {-79, 2437, 20, 2437},
		{-70, 2422, 20, 2422}, {-80, 2462, 20, 2462}, {-86, 2452, 40, 2462},
	} {
		f.BSS = append(f.BSS, BSS{BSSID: fmt.Sprintf("02:00:00:00:%02x:00", i), Freq: ap.freq, Centre: ap.centre, Width: ap.width, Signal: ap.rssi})
	}
	numberRadios(f.BSS)
	return f
}

func TestEstimateEqualsGolden(t *testing.T) {
	for channel, want := range map[int]float64{1: .1878, 2: .1948, 3: .2138, 4: .2394, 5: .2649, 6: .2767, 7: .2328, 8: .1709, 9: .0985, 11: .0882, 13: .0490} {
		load := airtime(flat(channel))
		if load.Tier != Guessed || math.Abs(load.Used-want) > 5e-5 {
			t.Errorf("channel %d: %s %.4f, want estimate %.4f", channel, load.Tier, load.Used, want)
		}
	}
}

func TestTiers(t *testing.T) {
	f := flat(6)
	own := BSS{Own: true, BSSID: "02:00:00:00:99:00", Freq: 2437, Centre: 2437, Width: 20, Signal: -58, Radio: 99, Load: &BSSLoad{3, 180.0 / 255}}
	f.BSS = append(f.BSS, own)
	check := func(name string, tier Tier, used float64) {
		t.Helper()
		if got := airtime(f); got.Tier != tier || math.Abs(got.Used-used) > 1e-3 {
			t.Errorf("%s: %s %.4f, want %s %.4f", name, got.Tier, got.Used, tier, used)
		}
	}
	check("own figure", Reported, .7059)
	f.Survey = []Survey{{Freq: 2412, InUse: false, Time: 100, Busy: 90, HasB: true}, {Freq: 2437, InUse: true, Time: 1000, Busy: 500, HasB: true, Tx: 100, OwnRx: 40}}
	check("survey", Measured, 360.0/900)
	f.Adapters = []Adapter{{Iface: "wlan0", Driver: "mac80211_hwsim"}}
	check("made-up survey", Reported, .7059)
	f.Adapters = nil
	for name, s := range map[string]Survey{
		"all zero":        {},
		"busy above time": {Time: 100, Busy: 200, HasB: true},
		"short dwell":     {Time: 10, Busy: 5, HasB: true},
		"tx above busy":   {Time: 100, Busy: 5, Tx: 50, HasB: true},
		"own rx too big":  {Time: 100, Busy: 50, Tx: 10, OwnRx: 60, HasB: true},
		"busy not told":   {Time: 100, HasB: false},
	} {
		s.Freq, s.InUse = 2437, true
		f.Survey = []Survey{s}
		check(name, Reported, .7059)
	}
	f.Survey = []Survey{{Freq: 2437, InUse: true, Time: 100, Rx: 30}}
	check("rx stands in for busy", Measured, .3)
	f.Survey, f.BSS[len(f.BSS)-1].Load = nil, nil
	check("estimate", Guessed, .2767)
	f.BSS = f.BSS[len(f.BSS)-1:]
	check("only ourselves heard", NoTier, 0)
	f.Link = nil
	check("no link", NoTier, 0)
}

func TestCountersBackwards(t *testing.T) {
	before := Survey{Time: 1000, Busy: 400, HasB: true, Tx: 10}
	if got := (Survey{Time: 3000, Busy: 900, HasB: true, Tx: 30}).since(before); got.Time != 2000 || got.Busy != 500 || got.Tx != 20 {
		t.Errorf("forwards: %+v", got)
	}
	again := Survey{Time: 1500, Busy: 100, HasB: true, Tx: 30}
	if got := again.since(before); got != again {
		t.Errorf("busy went backwards: %+v", got)
	}
}

// TestCampus is the real air of wifi.md: virtual networks of one sender count
// once, and the figure of a weak one is trusted less.
func TestCampus(t *testing.T) {
	var f Facts
	for _, r := range []struct {
		device     string
		freq, rssi int
		load       float64
	}{{"70:f0:96:d2:e0:6", 2412, -62, 168}, {"cc:db:93:d1:06:c", 2412, -83, 158}, {"5c:e1:76:7d:f7:8", 2437, -73, 144},
		{"70:f0:96:d2:d8:0", 2462, -84, 203}, {"54:8a:ba:6b:fc:0", 2437, -86, 132}, {"cc:db:93:d0:f0:0", 2462, -91, 181}} {
		for n := range 3 {
			f.BSS = append(f.BSS, BSS{BSSID: r.device + fmt.Sprint(n), Freq: r.freq, Centre: r.freq, Width: 20, Signal: r.rssi - n, Load: &BSSLoad{0, r.load / 255}})
		}
	}
	numberRadios(f.BSS)
	radios := map[int]bool{}
	for _, b := range f.BSS {
		radios[b.Radio] = true
	}
	if len(radios) != 6 {
		t.Errorf("%d radios, want 6", len(radios))
	}
	for channel, want := range map[int]float64{1: .6588, 6: .5647, 11: .617} {
		f.Link = &Link{Freq: FreqOf(2, channel)}
		if got := airtime(f); got.Tier != Reported || math.Abs(got.Used-want) > 1e-3 {
			t.Errorf("channel %d: %s %.4f, want %.4f", channel, got.Tier, got.Used, want)
		}
	}
}
