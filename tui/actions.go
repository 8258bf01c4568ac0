package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// action is one thing a key does on this page. The list of actions is the
// only place that knows keys: it handles them, fills the footer, and is the
// key list.
type action struct {
	key.Binding
	do      func(pressed string) tea.Cmd
	consent bool // changes the machine: see consent.go
	foot    bool // worth a place in the footer
}

// actions of the page, in the order they are tried and listed.
func (m *model) actions() []action {
	var list []action
	menu := m.menu()
	for _, c := range menu {
		list = append(list, m.choiceAction(c, false))
	}
	if len(menu) > 0 {
		list = append(list, m.enter())
	}
	if len(menu) > 1 {
		list = append(list, m.arrows())
	}
	list = append(list, m.scrolling()...)
	for _, c := range m.page.Choices {
		if c.ID != wizard.ChoiceHelp && !offered(menu, c.ID) {
			list = append(list, m.choiceAction(c, !m.page.Locked))
		}
	}
	return append(list, m.keyList(), m.stop())
}

// choiceAction is a choice by its own key. Capital letters count too, unless
// they mean something else: a caps lock must not make the keys dead.
func (m *model) choiceAction(c wizard.Choice, foot bool) action {
	keys := []string{c.Key}
	if upper := strings.ToUpper(c.Key); upper != c.Key && !m.hasKey(upper) {
		keys = append(keys, upper)
	}
	name := clean(c.Key)
	if c.ID == wizard.ChoiceBack && !c.Consent {
		keys, name = append(keys, backKeys...), name+"/"+m.s("screen.keyname.esc")
	}
	return action{
		Binding: key.NewBinding(key.WithKeys(keys...), key.WithHelp(name, m.t(c.Label))),
		do:      func(string) tea.Cmd { return m.choose(c.ID) },
		consent: c.Consent, foot: foot,
	}
}

func (m *model) hasKey(k string) bool {
	for _, c := range m.page.Choices {
		if c.Key == k {
			return true
		}
	}
	return false
}

func (m *model) enter() action {
	a := m.named("enter", "enter", true, "enter")
	c, ok := m.focused()
	a.consent = ok && c.Consent
	a.do = func(string) tea.Cmd {
		if !ok {
			m.note = text.M("screen.note.choose_first")
			return nil
		}
		return m.choose(c.ID)
	}
	return a
}

// arrows move the cursor; where there is nothing to choose between, they
// scroll instead.
func (m *model) arrows() action {
	a := m.named("arrows", "move", true, "up", "down")
	a.do = func(pressed string) tea.Cmd { m.moveCursor(map[string]int{"up": -1, "down": +1}[pressed]); return nil }
	return a
}

// scrolling is there when the page has more lines than the window.
func (m *model) scrolling() []action {
	l := m.layout()
	if !l.scrolls() {
		return nil
	}
	by := map[string]int{"j": 1, "k": -1, "up": -1, "down": 1, "pgdown": l.page(), "pgup": -l.page(),
		"home": -len(l.body), "end": len(l.body)}
	scroll := func(pressed string) tea.Cmd { m.scroll(by[pressed]); return nil }
	arrows := len(m.menu()) < 2
	var list []action
	for _, a := range []action{
		m.named("arrows", "scroll", arrows, "up", "down"),
		m.named("lines", "scroll", !arrows, "j", "k"),
		m.named("pages", "page", !arrows && !m.free([]string{"j", "k"}), "pgdown", "pgup"),
		m.named("ends", "ends", false, "home", "end"),
	} {
		if m.free(a.Keys()) {
			a.do = scroll
			list = append(list, a)
		}
	}
	return list
}

// free reports that the page does not use these keys itself.
func (m *model) free(keys []string) bool {
	for _, k := range keys {
		if m.hasKey(k) || (k == "up" || k == "down") && len(m.menu()) > 1 {
			return false
		}
	}
	return true
}

// backKeys go back beside the choice's own key. A late byte can turn an arrow
// key into Esc (Bubble Tea v1 has no escape timer), so Esc only ever goes
// back, and not even that where going back would change the machine.
var backKeys = []string{"esc", "backspace", "left"}

func (m *model) keyList() action {
	a := m.named("keys", "keys", true, "?")
	a.do = func(string) tea.Cmd { m.keys, m.top = true, 0; return nil }
	return a
}

// stop asks to leave; the conversation decides what that needs. While a fix
// runs nothing quits.
func (m *model) stop() action {
	a := m.named("stop", "stop", false, "ctrl+c")
	a.do = func(string) tea.Cmd {
		cmd := m.choose(wizard.ChoiceQuit)
		if m.page.Locked && m.note.IsZero() {
			m.note = text.M("screen.note.locked")
		}
		return cmd
	}
	return a
}

// named is an action whose key name and word come from the catalogue.
func (m *model) named(name, word string, foot bool, keys ...string) action {
	return action{
		Binding: key.NewBinding(key.WithKeys(keys...),
			key.WithHelp(m.s("screen.keyname."+name), m.s("screen.key."+word))),
		foot: foot,
	}
}
