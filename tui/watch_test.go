package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/tui/chart"
	"deskside/tui/term"
	"deskside/tui/wizard"
)

var watchWords = text.New("en")

var watchEpoch = time.Date(2026, 1, 2, 22, 0, 0, 0, time.UTC)

// watched is a tracker fed with strings, one letter a tick: a answered quickly,
// s slowly, x lost. All but the link follow the row of their station.
func watched(router, provider, names string) *watch.Tracker {
	t := watch.NewTracker(2 * time.Second)
	for n := range len(router) {
		at := watch.Moment{Wall: watchEpoch.Add(time.Duration(n) * 2 * time.Second), Mono: time.Duration(n) * 2 * time.Second, Boot: time.Duration(n) * 2 * time.Second}
		k := watch.Tick{At: at, Ended: at, Place: "r"}
		k.Readings[watch.Link] = watch.Reading{State: watch.Answered}
		for s, row := range map[watch.Station]string{watch.Router: router, watch.Provider: provider, watch.Names: names} {
			k.Readings[s] = map[byte]watch.Reading{
				'a': {State: watch.Answered, RTT: time.Duration(int(s)*10+n%3) * time.Millisecond},
				's': {State: watch.Answered, RTT: 400 * time.Millisecond},
				'x': {State: watch.Lost},
			}[row[n]]
		}
		t.Feed(k)
	}
	return t
}

func watchFrames(t *testing.T, profile termenv.Profile, at size, v *watch.View) *watchScreen {
	t.Helper()
	m := newWatchScreen(WatchOptions{
		Printer: watchWords, Facts: term.Facts{Width: at.w, Height: at.h, UTF8: true}, Interval: 2 * time.Second,
	}, renderer(nil, profile))
	if v != nil {
		m.Update(viewMsg(*v))
	}
	return m
}

func watchStories() map[string]*watch.View {
	calm, out, back := watched(
		strings.Repeat("a", 60), strings.Repeat("aaas", 15), strings.Repeat("a", 60)).View(WatchSamples), watch.View{}, watch.View{}
	row := strings.Repeat("a", 30) + "x" + strings.Repeat("a", 9) + "xxxx"
	broken := watched(row, row, row)
	broken.Name(1, watch.Verdict{Naming: watch.Named, Cause: "gw.arp_failed", Title: text.M("cause.gw.arp_failed.title", "Router", "192.168.1.1")})
	out = broken.View(WatchSamples)
	healed := watched(row+"aaaaaaaa", row+"aaaaxxaa", row+"aaaaxxaa")
	healed.Name(1, watch.Verdict{Naming: watch.Passed})
	healed.Name(2, watch.Verdict{Naming: watch.Unclear})
	back = healed.View(WatchSamples)
	return map[string]*watch.View{"first": nil, "calm": &calm, "broken": &out, "healed": &back}
}

// TestGoldenWatch: the screen of a watch in its stories, at three sizes,
// without and with colour, and in ASCII.
func TestGoldenWatch(t *testing.T) {
	for name, v := range watchStories() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, at := range []size{{80, 24}, {60, 20}, {120, 40}} {
				for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI} {
					m := watchFrames(t, profile, at, v)
					section(&b, fmt.Sprintf("%dx%d %s", at.w, at.h, map[termenv.Profile]string{termenv.Ascii: "plain", termenv.ANSI: "colour"}[profile]), m.View())
				}
			}
			m := watchFrames(t, termenv.Ascii, size{80, 24}, v)
			m.ascii = true
			section(&b, "80x24 ascii", m.View())
			golden(t, "watch_"+name, b.String())
		})
	}
}

// TestWatchFits: no window is too small to be drawn, and no frame too large.
func TestWatchFits(t *testing.T) {
	for name, v := range watchStories() {
		for w := 1; w < 130; w += 16 {
			for h := 1; h < 45; h += 3 {
				m := watchFrames(t, termenv.Ascii, size{w, h}, v)
				lines := strings.Split(m.View(), "\n")
				if len(lines) > h {
					t.Fatalf("%s %dx%d: %d lines", name, w, h, len(lines))
				}
				for _, line := range lines {
					if cells(line) > w {
						t.Fatalf("%s %dx%d: %q", name, w, h, line)
					}
				}
			}
		}
	}
}

func TestWatchKeys(t *testing.T) {
	v := watchStories()["healed"]
	m := watchFrames(t, termenv.Ascii, size{80, 24}, v)
	newest := m.View()
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("k")})
	if m.View() == newest {
		t.Error("k shows nothing older")
	}
	for range 3 {
		m.Update(tea.KeyMsg{Type: tea.KeyDown})
	}
	if m.View() != newest {
		t.Error("down does not come back")
	}
	for _, k := range []tea.KeyMsg{{Type: tea.KeyCtrlC}, {Type: tea.KeyRunes, Runes: []rune("q")}} {
		if _, cmd := m.Update(k); cmd == nil {
			t.Errorf("%v does not end it", k)
		}
	}
	if _, cmd := m.Update(tea.KeyMsg{Type: tea.KeyEsc}); cmd != nil {
		t.Error("Esc ends it")
	}
}

// TestColumns: askings close together share a column, gaps stay empty.
func TestColumns(t *testing.T) {
	at := func(tenths int, rtt time.Duration) watch.Sample {
		s := watch.Sample{Boot: time.Duration(tenths) * 100 * time.Millisecond}
		s.Readings[watch.Router] = watch.Reading{State: watch.Answered, RTT: rtt}
		if rtt == 0 {
			s.Readings[watch.Router] = watch.Reading{State: watch.Lost}
		}
		return s
	}
	ms := time.Millisecond
	got := columns([]watch.Sample{at(0, ms), at(20, 2*ms), at(41, 0), at(44, 3*ms), at(62, 4*ms), at(120, 5*ms)}, 2*time.Second, 80, rtt(watch.Router))
	want := []chart.Point{{Value: 1, Known: true}, {Value: 2, Known: true}, {Value: 3, Known: true, Lost: true}, {Value: 4, Known: true}, {}, {}, {Value: 5, Known: true}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestGoldenWatchPage: the watch as a page of the wizard.
func TestGoldenWatchPage(t *testing.T) {
	v := watchStories()["broken"]
	page := wizard.Page{
		ID: "watching", Title: text.M("ui.watch.title"), Path: untouched, Watch: v,
		Lead:    []wizard.Para{{Role: wizard.Bad, Text: v.Incidents[0].Message()}, {Role: wizard.Plain, Text: v.Incidents[0].Verdict.Message()}},
		Detail:  []wizard.Para{{Role: wizard.Heading, Text: text.M("ui.watch.incidents")}, {Role: wizard.Plain, Text: v.Incidents[0].Whole()}},
		Choices: []wizard.Choice{standard(choice(wizard.ChoiceBack, "s", "Stop watching")), choice(wizard.ChoiceHelp, "?", "Keys"), choice(wizard.ChoiceQuit, "q", "Leave")},
	}
	var b strings.Builder
	for _, at := range []size{{80, 24}, {60, 20}, {120, 40}} {
		s := play(t, at, termenv.Ascii, "watching", page)
		frame := s.View()
		section(&b, fmt.Sprintf("%dx%d", at.w, at.h), frame)
		for _, want := range []string{"The router stopped answering", "Router: no answer", "Stop watching"} {
			if !strings.Contains(frame, want) {
				t.Errorf("%dx%d: %q is not in sight", at.w, at.h, want)
			}
		}
	}
	golden(t, "watch_page", b.String())
}
