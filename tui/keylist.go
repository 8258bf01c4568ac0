package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"deskside/diag/text"
)

// keyLines lists the keys of the page under the list, from the actions that
// handle them.
func (m *model) keyLines() []string {
	page := *m
	page.keys = false
	list := page.actions()
	widest := 0
	for _, a := range list {
		widest = max(widest, cells(a.Help().Key))
	}
	var lines []string
	for _, a := range list {
		h := a.Help()
		for i, s := range wrap(h.Desc, min(m.width, widestText)-widest-4) {
			name := m.styles.key.Render(h.Key) + blank(widest-cells(h.Key))
			if i > 0 {
				name = blank(widest)
			}
			lines = append(lines, "  "+name+"  "+s)
		}
	}
	return append(lines, "", m.t(text.M("screen.keys_back")))
}

// keyListActions: the list only closes and scrolls. A key in it is read, not
// pressed.
func (m *model) keyListActions() []action {
	shut := m.named("esc", "close", true, "esc", "?", "enter", "backspace", "left", "q")
	shut.do = func(string) tea.Cmd { m.keys, m.top = false, 0; return nil }
	stop := m.stop()
	return append([]action{shut}, append(m.listScrolling(), stop)...)
}

func (m *model) listScrolling() []action {
	l := m.layout()
	if !l.scrolls() {
		return nil
	}
	by := map[string]int{"j": 1, "down": 1, "k": -1, "up": -1, "pgdown": l.page(), "pgup": -l.page()}
	a := m.named("arrows", "scroll", true, "j", "down", "k", "up", "pgdown", "pgup")
	a.do = func(pressed string) tea.Cmd { m.scroll(by[pressed]); return nil }
	return []action{a}
}
