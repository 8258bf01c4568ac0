package tui

import (
	"time"

	"deskside/diag/watch"
	"deskside/tui/wizard"
)

// Sizes of a frame, in lines and cells.
const (
	leastWidth  = 60
	leastHeight = 20
	roomyHeight = 24  // from here on empty lines set things apart
	widestText  = 96  // longer lines are hard to read
	leastScroll = 4   // lines of detail worth pinning the lead above
	mostMenu    = 0.5 // share of the free lines that choices may claim
)

// layout is how the lines between header and footer are shared out.
type layout struct {
	pinned []string // always shown
	body   []string // scrolls
	height int      // lines for the body, its "more below" line included
	menu   int      // lines for choices
}

func (l layout) scrolls() bool { return len(l.body) > l.height }

// page is how far a page key scrolls: all but one line.
func (l layout) page() int { return max(1, l.height-2) }

// last is the largest first line.
func (l layout) last() int {
	if !l.scrolls() {
		return 0
	}
	return len(l.body) - (l.height - 1)
}

// layout shares out the window. The choices get their lines first, up to half
// of what is free, because a page without its keys is a dead end; then the
// text. The lead stays in sight while the detail scrolls, if both have room.
func (m *model) layout() layout {
	free := m.height - len(m.topLines()) - m.bottomLines()
	if m.keys {
		return layout{body: m.keyLines(), height: free}
	}
	lead, detail := m.text(m.height >= roomyHeight)
	if len(lead)+len(detail)+len(m.menu()) > free {
		lead, detail = m.text(false)
	}
	l := layout{menu: len(m.menu())}
	if most := max(3, int(float64(free)*mostMenu)); l.menu > most {
		l.menu = max(most, min(l.menu, free-len(lead)-len(detail)))
	}
	l.height = free - l.menu
	if len(lead)+leastScroll <= l.height || len(detail) == 0 && len(lead) <= l.height {
		l.pinned, l.body = lead, detail
		l.height -= len(lead)
	} else {
		l.body = append(lead, detail...)
	}
	return l
}

// text is the page's words in lines: what must be seen, and what may scroll.
func (m *model) text(loose bool) (lead, detail []string) {
	width := min(m.width-1, widestText)
	lead = m.paragraphs(m.page.Lead, width, loose)
	if m.page.Entry != nil {
		lead = append(lead, "", m.t(m.page.Entry.Label)+":", m.entryLine(width))
	}
	if m.page.Busy != nil {
		if len(lead) > 0 && loose {
			lead = append(lead, "")
		}
		lead = append(lead, m.busy(*m.page.Busy, width)...)
	}
	if m.page.Watch != nil {
		c := watchChart{say: m.say, styles: m.styles, ascii: m.ascii, interval: watch.Interval}
		lead = append(lead, c.draw(*m.page.Watch, width, 1, false)...)
	}
	detail = m.paragraphs(m.page.Detail, width, loose)
	if len(lead) > 0 && len(detail) > 0 {
		lead = append(lead, "")
	}
	return lead, detail
}

// busy says what is waited for and for how long, in whole seconds.
func (m *model) busy(b wizard.Busy, width int) []string {
	seconds := int(m.now().Sub(b.Since) / time.Second)
	took := m.s("screen.busy.elapsed", "Seconds", max(0, seconds))
	if b.Of > 0 {
		took = m.s("screen.busy.counted", "Done", b.Done, "Of", b.Of, "Seconds", max(0, seconds))
	}
	mark := m.s("screen.mark.waiting") + " "
	lines := wrap(m.t(b.What)+" ("+took+")", width-cells(mark))
	for i, s := range lines {
		if i == 0 {
			lines[i] = m.styles.key.Render(mark) + s
			continue
		}
		lines[i] = blank(cells(mark)) + s
	}
	return lines
}

// scroll moves what scrolls by some lines and stays inside it.
func (m *model) scroll(by int) { m.top = max(0, min(m.top+by, m.layout().last())) }
