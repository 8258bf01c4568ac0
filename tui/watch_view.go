package tui

import (
	"strings"

	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/tui/wizard"
)

// View implements tea.Model: pure, and never larger than the window.
//
//	deskside · Watching for 4 min 5 s              where we are
//
//	[FAIL] 22:14:03 The router stopped answering…  what is wrong now, or fine
//	Cause: …
//
//	Router: 0.5 ms (median …)                      a band for each station
//	▁▁▁▁▂▁▁▁╳╳╳▁▁▁
//	3 min ago                                 now
//
//	Incidents                                      newest first
//	22:10:00 Names could not be looked up, 34 s.
//
//	q stop and show the summary                    the keys
func (m *watchScreen) View() string {
	lines := append([]string{m.styles.title.Render(m.header())}, m.state()...)
	loose := m.height >= roomyHeight
	if loose {
		lines = append(lines, "")
	}
	lines = append(lines, m.chart()...)
	if loose {
		lines = append(lines, "")
	}
	lines = append(lines, m.timeline(m.height-len(lines)-2)...)
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	lines = append(lines[:max(min(len(lines), m.height-1), 0)], m.keysLine())
	for i, line := range lines {
		lines[i] = clip(line, m.width, "")
	}
	return strings.Join(lines, "\n")
}

func (m *watchScreen) t(msg text.Message) string { return clean(m.say.T(msg)) }

func (m *watchScreen) s(key string, pairs ...any) string { return m.t(text.M(key, pairs...)) }

func (m *watchScreen) glyph(utf8, ascii string) string {
	if m.ascii {
		return ascii
	}
	return utf8
}

func (m *watchScreen) header() string {
	return m.s("ui.app") + m.glyph(" · ", " - ") + m.s("ui.watch.watching", "Long", watch.Long(m.view.Watched))
}

// state is three lines in every state, so that the chart never jumps.
func (m *watchScreen) state() []string {
	var out []string
	say := func(role wizard.Role, msgs ...text.Message) {
		mark := m.s("screen.mark." + string(role))
		for n, msg := range msgs {
			for k, line := range wrap(m.t(msg), m.width-cells(mark)-1) {
				head := m.styles.paint(role, mark)
				if n+k > 0 {
					head = strings.Repeat(" ", cells(mark))
				}
				out = append(out, head+" "+line)
			}
		}
	}
	var open []watch.Incident
	for _, i := range m.view.Incidents {
		if i.Open {
			open = append(open, i) // the nearest station first
		}
	}
	lost := false
	for s := range watch.Stations {
		lost = lost || m.view.Stats[s].Last.State == watch.Lost
	}
	switch {
	case !m.any:
		say("waiting", text.M("ui.watch.waiting"), text.M("ui.watch.asking_short", "Every", watch.Long(m.interval)))
	case len(open) > 0:
		say(wizard.Bad, open[0].Message(), open[0].Verdict.Message())
	case lost:
		say(wizard.Caution, text.M("ui.watch.lossy"))
	default:
		say(wizard.Good, text.M("ui.watch.fine"))
	}
	const lines = 3
	for len(out) < lines {
		out = append(out, "")
	}
	return out[:lines]
}

// chart is the bands and the time below them.
func (m *watchScreen) chart() []string {
	c := watchChart{say: m.say, styles: m.styles, ascii: m.ascii, interval: m.interval}
	return c.draw(m.view, m.width, max(1, min(6, (m.height-16)/4)), m.height > roomyHeight)
}

// timeline is the incidents, newest first, in at most so many lines.
func (m *watchScreen) timeline(lines int) []string {
	out := []string{m.styles.paint(wizard.Heading, m.s("ui.watch.incidents"))}
	if len(m.view.Incidents) == 0 {
		out = append(out, m.s("ui.watch.none"))
	}
	for n := len(m.view.Incidents) - 1 - m.back; n >= 0 && len(out) < lines; n-- {
		i := m.view.Incidents[n]
		for k, line := range wrap(m.t(i.Whole()), m.width-2) {
			if k > 0 {
				line = "  " + line
			}
			out = append(out, line)
		}
	}
	return out[:max(0, min(len(out), lines))]
}

func (m *watchScreen) keysLine() string {
	line := m.styles.key.Render("q") + " " + m.s("ui.watch.key.stop")
	if len(m.view.Incidents) > 1 {
		line += "   " + m.styles.key.Render("k") + " " + m.s("ui.watch.key.older") + "   " + m.styles.key.Render("j") + " " + m.s("ui.watch.key.newer")
	}
	return line
}
