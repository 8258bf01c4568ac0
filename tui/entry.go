package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// mostTyped bounds what a paste can put into the line, in bytes.
const mostTyped = 2048

// entryKey edits the one line of a page that asks for a word. Every printable
// key belongs to the line here, so only the others mean something else.
func (m *model) entryKey(msg tea.KeyMsg) tea.Cmd {
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		word, _, _ := strings.Cut(strings.ReplaceAll(string(msg.Runes), "\r", "\n"), "\n") // a pasted line end is no Enter
		if m.typed += word; len(m.typed) > mostTyped {
			m.typed = m.typed[:mostTyped]
		}
	case tea.KeyBackspace:
		runes := []rune(m.typed)
		m.typed = string(runes[:max(0, len(runes)-1)])
	case tea.KeyCtrlU:
		m.typed = ""
	default:
		for _, a := range m.entryActions() {
			for _, k := range a.Keys() {
				if k == msg.String() {
					return a.do(k)
				}
			}
		}
	}
	return nil
}

func (m *model) entryActions() []action {
	enter := m.named("enter", "enter", true, "enter")
	enter.do = func(string) tea.Cmd {
		m.runner.Run(m.talk.Enter(m.typed))
		return m.turn()
	}
	back := m.named("esc", "back", true, "esc")
	back.do = func(string) tea.Cmd { return m.choose(wizard.ChoiceBack) }
	return []action{enter, back, m.stop()}
}

// entryLine is the line with what was typed; of a long one its end is shown.
func (m *model) entryLine(width int) string {
	head := " > "
	shown := []rune(text.Safe(m.typed))
	for len(shown) > 0 && cells(string(shown)) > width-cells(head)-1 {
		shown = shown[1:]
	}
	return m.styles.cursor.Render(head) + string(shown) + m.styles.cursor.Render("_")
}
