package tui

import (
	"os"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"deskside/diag/text"
	"deskside/tui/term"
	"deskside/tui/wizard"
)

var english = text.New("en")

// stage is a model on a story, with a clock the test moves.
type stage struct {
	*model
	story *story
	shop  *workshop
	clock time.Time
}

type size struct{ w, h int }

// play opens a story at a page, drawn by profile in a UTF-8 locale, long
// enough ago that keys are answers.
func play(t testing.TB, at size, profile termenv.Profile, first string, list ...wizard.Page) *stage {
	t.Helper()
	s := &stage{story: tell(first, list...), shop: newWorkshop(), clock: start}
	s.model = newModel(Options{
		Wizard: s.story, Runner: s.shop, Printer: english, Now: func() time.Time { return s.clock },
		Facts: term.Facts{Width: at.w, Height: at.h, UTF8: true},
	}, renderer(os.Stdout, profile))
	s.clock = s.clock.Add(settle)
	return s
}

func (s *stage) press(keys ...string) {
	for _, k := range keys {
		s.Update(keyMsg(k))
	}
}

// later lets the person look at the page.
func (s *stage) later(d time.Duration) { s.clock = s.clock.Add(d) }

// keyMsg is the message Bubble Tea makes of a key, by the name it prints.
func keyMsg(name string) tea.KeyMsg {
	for k := tea.KeyType(-100); k < 256; k++ {
		if k != tea.KeyRunes && (tea.KeyMsg{Type: k}).String() == name {
			return tea.KeyMsg{Type: k}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// typed is text that arrived in one read.
func typed(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
