package watch

import (
	"strings"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/deep"
)

// TestAiling: a line that answers and is ill. The first twenty ticks are how it
// usually is.
func TestAiling(t *testing.T) {
	for name, c := range map[string]struct {
		router, provider, names string
		want                    []string
	}{
		"slow beyond the router":                       {"aaaaaaaaaaaaaaaa", "aassssssaaaaaaaa", "aassssssaaaaaaaa", []string{"open slow provider 00:44", "close slow provider 16s"}},
		"slow to the router already":                   {"aassssssaaaaaaaa", "aassssssaaaaaaaa", "aassssssaaaaaaaa", []string{"open slow router 00:44", "close slow router 16s"}},
		"only names are slow":                          {"aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "aassssssaaaaaaaa", []string{"open slow names 00:44", "close slow names 16s"}},
		"a router that takes its time for pings":       {"aassssssssssssss", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", nil},
		"one late answer, and two":                     {"aaaaaaaaaaaaaaaa", "aasaaaaassaaaaas", "asaaaasaaassaaaa", nil},
		"comes and goes: one incident, not five":       {"aaaaaaaaaaaaaaaaaaaaaa", "aassssasssassassaaaaaa", "aaaaaaaaaaaaaaaaaaaaaa", []string{"open slow provider 00:44", "close slow provider 30s"}},
		"slow, then silent":                            {"aaaaaaaaaaaaaaaaaa", "aassssssxxxaassaaa", "aaaaaaaaxxxaaaaaaa", []string{"open slow provider 00:44", "open provider 00:56", "close provider 4s", "close slow provider 22s"}},
		"losses here and there":                        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "araraxararaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", []string{"open losses provider 00:42", "close losses provider 15s"}},
		"losses on the way to the router":              {"axaaxaaaxaaaaaaaaaaaaaaaaaaaaaaa", "araraxararaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", []string{"open losses router 00:42", "close losses router 13s"}},
		"three losses are chance":                      {"aaaaaaaaaaaaaaaaaaaa", "araaaaaraaaaaaraaaaa", "aaaaaaaaaaaaaaaaaaaa", nil},
		"pings that a router leaves out are no losses": {"axaxaxaxaxaxaxaxaxax", "aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", nil},
		"losses do not become silences":                {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "araraxarxxarrxxaraaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", []string{"open losses provider 00:42", "close losses provider 27s"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			b.play(all(strings.Repeat("a", 20)))
			b.play([...]string{strings.Repeat("a", len(c.router)), c.router, c.provider, c.names})
			b.want(t, c.want...)
		})
	}
}

// TestSlowFromTheStart: nobody knows what is usual yet.
func TestSlowFromTheStart(t *testing.T) {
	b := newBench()
	b.play(behind(strings.Repeat("s", 40) + strings.Repeat("a", 40)))
	b.want(t)
}

// TestNewUsual: what stays slow is how the line is now, and what gets quicker
// is no incident.
func TestNewUsual(t *testing.T) {
	b := newBench()
	b.play(behind(strings.Repeat("a", 30) + strings.Repeat("s", 1000) + strings.Repeat("a", 30)))
	b.want(t, "open slow provider 01:00", "close slow provider 30m2s")
}

// TestBusyPC: times of a program that was kept from the processor are no times
// of the network, and what it did not hear then is not lost.
func TestBusyPC(t *testing.T) {
	b := newBench()
	b.play(all(strings.Repeat("a", 20)))
	b.late = 400 * time.Millisecond
	b.play(behind("ssssssxxxxxxssss"))
	b.want(t)
	if lost := b.t.View(0).Stats[Provider].Lost; lost != 0 {
		t.Errorf("%d lost", lost)
	}
}

// TestSwitched: from Wi-Fi to the cable is told, and is another line: neither
// slow nor an incident.
func TestSwitched(t *testing.T) {
	b := newBench()
	b.way = Way{"wlan0", "wifi"}
	b.play(behind(strings.Repeat("a", 30) + "ssssss"))
	b.way = Way{"eth0", "ether"}
	b.play(behind(strings.Repeat("s", 30)))
	b.want(t, "open slow provider 01:00", "gap switched 0s", "close slow provider 10s")
	if g := b.t.View(0).Gaps; len(g) != 1 || g[0].From.Kind != "wifi" || g[0].To.Name != "eth0" {
		t.Errorf("%+v", g)
	}
}

// TestSleepWhileSlow: the end was not seen, and is not made up.
func TestSleepWhileSlow(t *testing.T) {
	b := newBench()
	b.play(behind(strings.Repeat("a", 30) + "ssssss"))
	b.pass(time.Hour, 0, time.Hour)
	b.play(behind(strings.Repeat("a", 12)))
	b.want(t, "open slow provider 01:00", "gap slept 1h0m0s", "close slow provider 10s")
	if i := b.t.View(0).Incidents[0]; !i.EndUnseen || i.Usual != 10*time.Millisecond || i.Now < 350*time.Millisecond {
		t.Errorf("%+v", i)
	}
}

// TestSignsSpeakTheRulesLanguage: what a watch saw is what the second tier
// would have measured.
func TestSignsSpeakTheRulesLanguage(t *testing.T) {
	b := newBench()
	b.play(behind(strings.Repeat("a", 30) + "ssssss"))
	i := b.t.View(0).Incidents[0]
	if near, far, full := withSigns(deep.Facts{}, i).Queue(); !full || near != 10 || far < 350 {
		t.Errorf("slow: %v %v %v", near, far, full)
	}
	b = newBench()
	b.play(behind(strings.Repeat("a", 20) + "araraxararar"))
	i = b.t.View(0).Incidents[0]
	if l, lossy := withSigns(deep.Facts{}, i).Loss(); !lossy || l.After != 1 || l.Severity() != diag.Fail {
		t.Errorf("losses: %+v %v", l, lossy)
	}
}
