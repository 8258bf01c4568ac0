package tui

import (
	"strings"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/tui/chart"
)

// View implements tea.Model. It is a pure function of the model: the renderer
// sends only lines that changed.
//
//	deskside · Name service · Step 3 of 6     where we are
//
//	PC ── adapter ── router …                 the path map
//
//	[FAIL] The name server does not answer.   the lead, then the detail
//
//	 > [f] Show the fix                       the choices
//	   [n] Next step
//
//	Enter choose   Esc back   ? all keys      a note, the footer
func (m *model) View() string {
	if m.tooSmall() {
		return m.small()
	}
	l := m.layout()
	lines := append(m.topLines(), l.pinned...)
	lines = append(lines, m.window(l)...)
	if l.menu > 0 {
		lines = append(lines, "")
		lines = append(lines, m.menuLines(l.menu)...)
	}
	for len(lines) < m.height-2 {
		lines = append(lines, "")
	}
	lines = append(lines, m.noteLine(), m.footer())
	return m.frame(lines)
}

// frame is the last word on size: Bubble Tea drops the top of a frame that is
// too tall, which is where the question stands.
func (m *model) frame(lines []string) string {
	lines = lines[:min(len(lines), m.height)]
	for i, line := range lines {
		lines[i] = clip(line, m.width, "")
	}
	return strings.Join(lines, "\n")
}

// bottomLines are the empty line above the choices, the note and the footer.
func (m *model) bottomLines() int { return 3 }

// topLines is the header and the path map with the empty lines that set them apart.
func (m *model) topLines() []string {
	lines := []string{m.header()}
	if len(m.page.Path) == 0 || m.keys || m.height < roomyHeight && m.untouched() {
		return append(lines, "")
	}
	if m.height >= roomyHeight {
		lines = append(lines, "")
	}
	path := m.path()
	lines = append(lines, path...)
	if m.height >= roomyHeight && path[len(path)-1] != "" {
		lines = append(lines, "")
	}
	return lines
}

// header is the program, the page and the step.
func (m *model) header() string {
	title := m.t(m.page.Title)
	if m.keys {
		title = m.s("screen.keys_title")
	}
	line := m.styles.dim.Render(m.s("screen.app")+m.separator()) + m.styles.title.Render(title)
	if m.page.Of > 0 && !m.keys {
		line += m.styles.dim.Render(m.separator() + m.s("screen.step", "Step", m.page.Step, "Of", m.page.Of))
	}
	return clip(line, m.width, m.ellipsis())
}

// untouched: nothing was looked at yet. Such a map says nothing, and gives way
// to the words where the window is small.
func (m *model) untouched() bool {
	for _, hop := range m.page.Path {
		if hop.State != diag.Unknown || hop.Break {
			return false
		}
	}
	return m.page.Busy == nil
}

// path is the path map of the page.
func (m *model) path() []string {
	untouched := m.untouched()
	var stations []chart.Station
	for _, hop := range m.page.Path {
		mark := m.s("screen.mark." + hop.State.String())
		if hop.State == diag.Unknown && (hop.Waiting || untouched) {
			mark = m.s("screen.mark.waiting")
		}
		stations = append(stations, chart.Station{Label: m.t(hop.Label), Mark: mark, Status: hop.State, Break: hop.Break})
	}
	return chart.Path(stations, m.width, chart.Look{ASCII: m.ascii, Broken: m.s("screen.broken"),
		Paint: func(status diag.Status, s string) string { return m.styles.paint(roleOf(status), s) }})
}

// window is the part of the body that is shown, with a line that says what is
// not.
func (m *model) window(l layout) []string {
	if !l.scrolls() {
		return l.body
	}
	shown := max(0, l.height-1)
	lines := append([]string{}, l.body[m.top:min(m.top+shown, len(l.body))]...)
	above, below := m.top, len(l.body)-m.top-shown
	var more text.Message
	switch {
	case above == 0:
		more = text.M("screen.more_below", "Lines", below)
	case below == 0:
		more = text.M("screen.more_above", "Lines", above)
	default:
		more = text.M("screen.more_both", "Above", above, "Below", below)
	}
	return append(lines, m.styles.dim.Render(blank(markCells)+m.glyph("… ", "... ")+m.t(more)))
}

// noteLine answers a key that did nothing.
func (m *model) noteLine() string {
	if m.note.IsZero() {
		return ""
	}
	return m.styles.note.Render(clip(m.t(m.note), m.width, m.ellipsis()))
}

func blank(cells int) string { return strings.Repeat(" ", max(0, cells)) }
