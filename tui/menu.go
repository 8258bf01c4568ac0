package tui

import (
	"strings"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// menu is the choices shown as lines. Going back and leaving are the same on
// every page and live in the footer, unless they are what Enter does, or what
// the page is about, or all there is.
func (m *model) menu() []wizard.Choice {
	var lines []wizard.Choice
	for _, c := range m.page.Choices {
		if c.ID == wizard.ChoiceHelp || !m.asks() && routine(c) {
			continue
		}
		lines = append(lines, c)
	}
	return lines
}

// asks reports a page whose question is about leaving itself.
func (m *model) asks() bool { return m.page.ID == "quit" }

func routine(c wizard.Choice) bool {
	return !c.Default && !c.Consent && (c.ID == wizard.ChoiceBack || c.ID == wizard.ChoiceQuit)
}

func offered(list []wizard.Choice, id string) bool { return index(list, id) >= 0 }

func index(list []wizard.Choice, id string) int {
	for i, c := range list {
		if c.ID == id {
			return i
		}
	}
	return -1
}

// focused is the choice that Enter takes. A page without a default has none
// until the person moves the cursor: a bare Enter is not an answer.
func (m *model) focused() (wizard.Choice, bool) {
	menu := m.menu()
	if i := index(menu, m.cursor); i >= 0 {
		return menu[i], true
	}
	return wizard.Choice{}, false
}

// settleCursor keeps the cursor where the person put it as long as that choice
// is there; otherwise it is on the page's default, which may come late.
func (m *model) settleCursor() {
	if _, ok := m.focused(); ok && m.moved {
		return
	}
	m.cursor, m.moved = "", false
	for _, c := range m.menu() {
		if c.Default {
			m.cursor = c.ID
			return
		}
	}
}

// moveCursor moves by one line and stops at the ends: an arrow key that
// repeats must not come round to where it started.
func (m *model) moveCursor(by int) {
	menu := m.menu()
	i := index(menu, m.cursor)
	if i < 0 && by < 0 {
		i = len(menu)
	}
	m.cursor, m.moved = menu[max(0, min(i+by, len(menu)-1))].ID, true
}

// menuLines draws at most height choices around the cursor.
func (m *model) menuLines(height int) []string {
	menu := m.menu()
	first := 0
	if at := index(menu, m.cursor); len(menu) > height && at >= 0 {
		first = max(0, min(at-height/2, len(menu)-height))
	}
	shown := menu[first:min(first+height, len(menu))]
	var lines []string
	for i, c := range shown {
		hidden := 0
		if i == 0 {
			hidden = first
		}
		if i == len(shown)-1 {
			hidden += len(menu) - first - len(shown)
		}
		lines = append(lines, m.menuLine(c, hidden))
	}
	return lines
}

// menuLine is " > [f] Show the fix", with the number of lines that do not fit
// behind the first or last one.
func (m *model) menuLine(c wizard.Choice, hidden int) string {
	tail := ""
	if hidden > 0 {
		tail = "  (" + m.t(text.M("screen.more_choices", "Lines", hidden)) + ")"
	}
	sign, style := "   ", m.styles.role[wizard.Plain]
	if c.ID == m.cursor {
		sign, style = " > ", m.styles.cursor
	}
	head := sign + "[" + clean(c.Key) + "] "
	label := clip(m.t(c.Label), m.width-cells(head)-cells(tail), m.ellipsis())
	return style.Render(head+label) + m.styles.dim.Render(tail)
}

// footer lists the keys worth knowing, as many as fit; the last one, which
// shows all the others, always does.
func (m *model) footer() string {
	var items []string
	for _, a := range m.current() {
		if a.foot {
			items = append(items, m.styles.key.Render(a.Help().Key)+" "+a.Help().Desc)
		}
	}
	const apart = "   "
	for len(items) > 2 && cells(strings.Join(items, apart)) > m.width {
		items = append(items[:len(items)-2], items[len(items)-1])
	}
	return clip(strings.Join(items, apart), m.width, m.ellipsis())
}
