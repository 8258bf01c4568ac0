package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// key handles one key message.
func (m *model) key(msg tea.KeyMsg) tea.Cmd {
	m.note = text.Message{}
	if m.page.Entry != nil && !m.tooSmall() {
		return m.entryKey(msg)
	}
	if msg.Paste {
		m.note = text.M("screen.note.paste")
		return nil
	}
	if typed, several := burst(msg); several {
		return m.burst(typed)
	}
	for _, a := range m.current() {
		if !key.Matches(msg, a.Binding) {
			continue
		}
		if a.consent && m.tooFast() {
			m.note = text.M("screen.note.too_fast")
			return nil
		}
		return a.do(msg.String())
	}
	return nil
}

// current is what keys do right now: in a window that is too small and in the
// key list they do less than on a page.
func (m *model) current() []action {
	switch {
	case m.tooSmall():
		return m.smallActions()
	case m.keys:
		return m.keyListActions()
	case m.page.Entry != nil:
		return m.entryActions()
	}
	return m.actions()
}

// burst reports a message of several characters: fast typing or type-ahead
// that arrived in one read. Its text can even spell the name of a key
// ("enter", "esc"), so it must not be compared with bindings.
func burst(msg tea.KeyMsg) (string, bool) {
	return string(msg.Runes), msg.Type == tea.KeyRunes && len(msg.Runes) > 1
}

// burst takes several characters only for scrolling, where too much does no
// harm. The tail of an escape sequence that was split ("[A") is not typing.
func (m *model) burst(typed string) tea.Cmd {
	switch {
	case strings.Trim(typed, "jk") == "" && m.free([]string{"j", "k"}):
		m.scroll(strings.Count(typed, "j") - strings.Count(typed, "k"))
	case strings.HasPrefix(typed, "[") || strings.HasPrefix(typed, "O"):
	default:
		m.note = text.M("screen.note.one_key")
	}
	return nil
}

// leave goes on in plain lines with the same wizard.
func (m *model) leaveForPlain() tea.Cmd {
	m.plain = true
	return tea.Quit
}

// smallActions are for a window too small to show a page: nothing can be
// chosen unseen. Ctrl+C asks in plain lines, where the question can be read.
func (m *model) smallActions() []action {
	p := m.named("plain", "plain", true, "p", "P")
	p.do = func(string) tea.Cmd { return m.leaveForPlain() }
	stop := m.named("stop", "stop", false, "ctrl+c")
	stop.do = func(string) tea.Cmd {
		m.choose(wizard.ChoiceQuit)
		return m.leaveForPlain()
	}
	return []action{p, stop}
}
