package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// asking is a page that wants a word.
var asking = wizard.Page{ID: "target", Title: text.M("ui.target.title"), Entry: &wizard.Entry{Label: text.M("ui.target.label")},
	Choices: []wizard.Choice{{ID: wizard.ChoiceBack, Key: "b", Label: text.M("ui.choice.back")}, {ID: wizard.ChoiceQuit, Key: "q", Label: text.M("ui.choice.quit")}}}

// TestTypingAWord: every letter goes into the line, a choice's key too; a
// paste's line end confirms nothing.
func TestTypingAWord(t *testing.T) {
	s := play(t, size{80, 24}, termenv.Ascii, "target", asking)
	for _, m := range []tea.KeyMsg{typed("q"), typed("b?"), {Type: tea.KeyBackspace}, {Type: tea.KeyRunes, Runes: []rune(".example\nrm"), Paste: true}} {
		s.Update(m)
	}
	if len(s.story.chosen) > 0 || len(s.story.typed) > 0 {
		t.Fatalf("typing chose %q and entered %q", s.story.chosen, s.story.typed)
	}
	if !strings.Contains(s.View(), " > qb.example_") {
		t.Errorf("the line is not shown:\n%s", s.View())
	}
	s.Update(tea.KeyMsg{Type: tea.KeyEnter})
	if len(s.story.typed) != 1 || s.story.typed[0] != "qb.example" {
		t.Errorf("entered %q", s.story.typed)
	}
	s.Update(tea.KeyMsg{Type: tea.KeyEsc})
	if len(s.story.chosen) != 1 || s.story.chosen[0] != wizard.ChoiceBack {
		t.Errorf("Esc chose %q", s.story.chosen)
	}
}

// TestHostileWord: control characters are shown as what they are, and nothing
// typed leaves its line.
func TestHostileWord(t *testing.T) {
	s := play(t, size{80, 24}, termenv.Ascii, "target", asking)
	s.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("\x1b[2J\u202e" + strings.Repeat("w", 5000)), Paste: true})
	for _, line := range strings.Split(s.View(), "\n") {
		if strings.ContainsAny(line, "\x1b\u202e") || cells(line) > 80 {
			t.Errorf("%d cells: %q", cells(line), line)
		}
	}
}
