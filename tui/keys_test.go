package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"deskside/tui/wizard"
)

var design = size{80, 24}

// keysOf reads the names in a key list back into keys.
var keysOf = map[string][]string{"Up/Down": {"down", "up"}, "j/k": {"j", "k"}, "PgUp/PgDn": {"pgdown", "pgup"},
	"Home/End": {"end", "home"}, "Enter": {"enter"}, "Ctrl+C": {"ctrl+c"}, "b/Esc": {"b", "esc"}}

// The key list promises; every promise is pressed.
func TestEveryListedKeyDoesSomething(t *testing.T) {
	for _, p := range pages() {
		list := play(t, design, termenv.Ascii, p.ID, pages()...).keyLines()
		for _, line := range list[:len(list)-2] {
			name := strings.Fields(line)[0]
			keys, ok := keysOf[name]
			if !ok {
				keys = []string{name}
			}
			for _, k := range keys {
				// A key that moves up has something to do only after its partner.
				if !acts(t, p.ID, k) && !acts(t, p.ID, keys[0], keys[0], k) && !acts(t, p.ID, keys[len(keys)-1], k) {
					t.Errorf("%s: the list shows %q, pressing %q does nothing", p.ID, name, k)
				}
			}
		}
	}
}

// acts reports that the last of the keys did something.
func acts(t *testing.T, page string, keys ...string) bool {
	s := play(t, design, termenv.Ascii, page, pages()...)
	last := len(keys) - 1
	s.press(keys[:last]...)
	before, told := s.View(), len(s.story.chosen)
	s.press(keys[last])
	return s.View() != before || len(s.story.chosen) != told
}

// And nothing else does.
func TestUnlistedKeysDoNothing(t *testing.T) {
	for _, p := range pages() {
		s := play(t, design, termenv.Ascii, p.ID, pages()...)
		listed := map[string]bool{}
		for _, a := range s.actions() {
			for _, k := range a.Keys() {
				listed[k] = true
			}
		}
		before := s.View()
		for _, k := range []string{"x", "z", "0", "9", "tab", "esc", "backspace", "left", "right", " ", "delete", "ctrl+d", "ctrl+z", "f1", "j", "k", "y", "Y", "h", "l"} {
			if listed[k] {
				continue
			}
			s.press(k)
			if s.View() != before || len(s.story.chosen) > 0 {
				t.Errorf("%s: %q is not listed and does something", p.ID, k)
			}
		}
	}
}

func TestFooterShowsOnlyKeysOfThePage(t *testing.T) {
	for _, p := range pages() {
		s := play(t, design, termenv.Ascii, p.ID, pages()...)
		for _, item := range strings.Split(s.footer(), "   ") {
			name := strings.Fields(item)[0]
			if !slices.ContainsFunc(s.actions(), func(a action) bool { return a.Help().Key == name }) {
				t.Errorf("%s: the footer shows %q, which no action has", p.ID, name)
			}
		}
	}
}

func TestChoosing(t *testing.T) {
	for name, c := range map[string]struct {
		page string
		keys []string
		want []string
	}{
		"by its key":                       {"opening", []string{"3"}, []string{"slow"}},
		"Enter takes the default":          {"cause", []string{"enter"}, []string{"fix"}},
		"arrows and Enter":                 {"cause", []string{"down", "down", "enter"}, []string{"evidence"}},
		"the cursor stops at the ends":     {"cause", []string{"up", "up", "enter"}, []string{"fix"}},
		"a bare Enter is not a yes":        {"opening", []string{"enter"}, nil},
		"an arrow makes it one":            {"opening", []string{"down", "enter"}, []string{"internet"}},
		"up comes in from below":           {"opening", []string{"up", "enter"}, []string{"contacts"}},
		"capital letters count":            {"cause", []string{"N"}, []string{"next"}},
		"Esc goes back":                    {"cause", []string{"esc"}, []string{"back"}},
		"left and backspace too":           {"cause", []string{"left"}, []string{"back"}},
		"Esc declines nothing":             {"result", []string{"esc", "backspace", "left"}, nil},
		"Esc does not leave":               {"opening", []string{"esc"}, nil},
		"Ctrl+C asks":                      {"step", []string{"ctrl+c"}, []string{"quit"}},
		"Ctrl+C asks from the key list":    {"step", []string{"?", "ctrl+c"}, []string{"quit"}},
		"keys are read, not pressed":       {"cause", []string{"?", "f", "n"}, nil},
		"Enter closes the list":            {"cause", []string{"?", "enter"}, nil},
		"and the page is there again":      {"cause", []string{"?", "esc", "f"}, []string{"fix"}},
		"consent by its key":               {"plan", []string{"a"}, []string{"apply"}},
		"consent by Enter on its line":     {"plan", []string{"up", "enter"}, []string{"apply"}},
		"the default changes nothing":      {"plan", []string{"enter"}, []string{"back"}},
		"Esc on a plan is only going back": {"plan", []string{"esc"}, []string{"back"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, design, termenv.Ascii, c.page, pages()...)
			s.press(c.keys...)
			if !slices.Equal(s.story.chosen, c.want) {
				t.Errorf("chosen %v, want %v", s.story.chosen, c.want)
			}
		})
	}
}

// Several characters in one read are fast typing, type-ahead or a paste.
func TestBurstsChooseNothing(t *testing.T) {
	for _, page := range pages() {
		for _, msg := range []tea.KeyMsg{typed("aa"), typed("a\r"), typed("yes"), typed("qqq"), typed("enter"), typed("esc"), typed("ctrl+c"),
			typed("up"), typed("?a"), typed("[A"), typed("OB"), {Type: tea.KeyRunes, Runes: []rune("a"), Paste: true},
			{Type: tea.KeyRunes, Runes: []rune("enter"), Paste: true}, {Type: tea.KeyRunes, Runes: []rune("a"), Alt: true}} {
			s := play(t, design, termenv.Ascii, page.ID, pages()...)
			s.Update(msg)
			if len(s.story.chosen) > 0 || s.keys || s.plain {
				t.Errorf("%s: %q (paste %v) chose %v", page.ID, string(msg.Runes), msg.Paste, s.story.chosen)
			}
		}
	}
}

// An arrow key whose bytes arrive in two reads becomes Esc and "[A".
func TestSplitArrowGoesBackAtWorst(t *testing.T) {
	for _, page := range pages() {
		s := play(t, design, termenv.Ascii, page.ID, pages()...)
		s.Update(keyMsg("esc"))
		s.Update(typed("[A"))
		for _, id := range s.story.chosen {
			if id != wizard.ChoiceBack {
				t.Errorf("%s: chose %s", page.ID, id)
			}
		}
		if !s.note.IsZero() && page.ID != "opening" {
			t.Errorf("%s: the tail of an escape sequence is not typing", page.ID)
		}
	}
}

func TestTypeAheadIsNotConsent(t *testing.T) {
	for name, keys := range map[string][]string{
		"by its key": {"a"}, "by Enter on its line": {"up", "enter"},
	} {
		s := play(t, design, termenv.Ascii, "cause", pages()...)
		s.press("f") // opens the plan; the rest was typed already
		s.press(keys...)
		if !slices.Equal(s.story.chosen, []string{"fix"}) {
			t.Fatalf("%s: chosen %v", name, s.story.chosen)
		}
		if !strings.Contains(s.View(), english.S("screen.note.too_fast")) {
			t.Errorf("%s: nothing says why the key did nothing", name)
		}
		s.later(settle)
		s.press(keys...)
		if !slices.Equal(s.story.chosen, []string{"fix", "apply"}) {
			t.Errorf("%s: a deliberate key was not taken: %v", name, s.story.chosen)
		}
	}
}

// A consent that appears under the person's fingers on the same page is as
// new as one on a new page.
func TestConsentThatAppearsIsNew(t *testing.T) {
	s := play(t, design, termenv.Ascii, "step", pages()...)
	s.later(time.Minute)
	p := s.story.book["step"]
	p.Choices = append(p.Choices, deliberate(choice("apply", "a", "Apply now")))
	s.story.book["step"] = p
	s.turn()
	s.press("a")
	if len(s.story.chosen) > 0 {
		t.Errorf("chosen %v", s.story.chosen)
	}
}

func TestPageKeysGoBeforeScrolling(t *testing.T) {
	p := pages()[4] // evidence: it scrolls
	p.Choices = append(p.Choices, choice("other", "j", "Another repair"))
	s := play(t, design, termenv.Ascii, "evidence", p)
	s.press("j")
	if s.top != 0 || !slices.Equal(s.story.chosen, []string{"other"}) {
		t.Errorf("top %d, chosen %v", s.top, s.story.chosen)
	}
	s.Update(typed("jj"))
	if s.top != 0 {
		t.Error("a burst of a key that the page uses must not scroll")
	}
	s.press("pgdown")
	if s.top == 0 {
		t.Error("page keys still scroll")
	}
}

func TestBurstOfScrollKeysScrolls(t *testing.T) {
	s := play(t, design, termenv.Ascii, "evidence", pages()...)
	s.Update(typed("jjjk"))
	if s.top != 2 {
		t.Errorf("top %d, want 2", s.top)
	}
}
