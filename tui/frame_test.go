package tui

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/tui/wizard"
)

// check holds what is true of every frame whatsoever.
func check(t *testing.T, s *stage, where string) {
	t.Helper()
	frame := s.View()
	lines := strings.Split(frame, "\n")
	if len(lines) > s.height {
		t.Errorf("%s: %d lines in a window of %d", where, len(lines), s.height)
	}
	for _, line := range lines {
		if w := max(ansi.StringWidth(line), ansi.StringWidthWc(line)); w > s.width {
			t.Errorf("%s: %d cells in a window of %d: %q", where, w, s.width, line)
		}
		for _, r := range ansi.Strip(line) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%s: %q reaches the screen in %q", where, r, line)
			}
		}
	}
	plain := ansi.Strip(frame)
	if _, focused := s.focused(); focused && !s.tooSmall() && !s.keys && strings.Count(plain, " > [") != 1 {
		t.Errorf("%s: the chosen line is not in sight:\n%s", where, plain)
	}
	if !s.tooSmall() && !s.keys && !strings.Contains(lines[len(lines)-1], "?") {
		t.Errorf("%s: the footer does not show the way to the keys: %q", where, lines[len(lines)-1])
	}
}

func TestFramesFitEveryWindow(t *testing.T) {
	for _, p := range pages() {
		for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI} {
			s := play(t, size{80, 24}, profile, p.ID, pages()...)
			for _, w := range []int{1, 2, 37, 59, 60, 61, 66, 79, 80, 81, 133} {
				for _, h := range []int{1, 2, 9, 19, 20, 21, 23, 24, 25, 31, 60} {
					s.Update(tea.WindowSizeMsg{Width: w, Height: h})
					check(t, s, fmt.Sprintf("%s %dx%d", p.ID, w, h))
				}
			}
		}
	}
}

func TestEveryChoiceAndLineCanBeBroughtIntoSight(t *testing.T) {
	for _, p := range pages() {
		for i := 0; i < 12; i++ {
			p.Choices = append(p.Choices, choice(fmt.Sprint("extra", i), string(rune('A'+i)), fmt.Sprint("one more thing to do ", i)))
		}
		for _, at := range []size{{60, 20}, {80, 24}, {120, 40}} {
			s := play(t, at, termenv.Ascii, p.ID, p)
			seen := map[string]bool{}
			for range p.Choices {
				s.press("down")
				check(t, s, fmt.Sprintf("%s %v", p.ID, at))
				seen[s.cursor] = true
			}
			for range p.Choices {
				s.press("up")
				check(t, s, fmt.Sprintf("%s %v", p.ID, at))
				seen[s.cursor] = true
			}
			for _, c := range s.menu() {
				if !seen[c.ID] {
					t.Errorf("%s: the cursor never reaches %s", p.ID, c.ID)
				}
			}
			if text := readAll(s); !strings.Contains(text, lastWord(s, p)) {
				t.Errorf("%s %v: the end of the page cannot be read:\n%s", p.ID, at, text)
			}
		}
	}
}

// readAll scrolls through a page and returns everything that was on screen.
func readAll(s *stage) string {
	var b strings.Builder
	for before := -1; before != s.top; {
		before = s.top
		b.WriteString(s.View())
		s.scroll(1)
	}
	return b.String()
}

func lastWord(s *stage, p wizard.Page) string {
	paras := append(append([]wizard.Para{}, p.Lead...), p.Detail...)
	last := paras[len(paras)-1]
	fields := strings.Fields(s.t(last.Text) + " " + last.Raw)
	return fields[len(fields)-1]
}

func TestResizeKeepsThePlace(t *testing.T) {
	s := play(t, size{80, 24}, termenv.Ascii, "evidence", pages()...)
	s.press("j", "j", "j")
	if s.top != 3 {
		t.Fatalf("scrolled to %d, want 3", s.top)
	}
	for _, at := range []size{{60, 20}, {20, 5}, {120, 24}, {0, 0}} {
		s.resize(at.w, at.h)
		check(t, s, fmt.Sprint(at))
	}
	if s.top != 3 || s.width != designWidth {
		t.Errorf("top %d, width %d after the resizes", s.top, s.width)
	}
}

// named is a string that the printer does not know to be one.
type named string

// Whatever the machine or the air says, in every place that can hold it.
func TestHostileTextStaysText(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	pieces := []string{"\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\r", "\n", "\t", "\x00", "\x7f", "\u202e", "\u200b", "\ufeff",
		"\u2028", "\xff\xfe", "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "é", "a\u0301\u0301\u0301\u0301", "漢字", "ｗｉｄｅ", "สวัสดี", "नमस्ते", "العربية",
		strings.Repeat("x", 300), " ", "{{.Name}}", "%s%n", "ﷺ", "\u00ad", "\u2066", "\U000e0041"}
	hostile := func() string {
		var b strings.Builder
		for range 1 + rnd.Intn(8) {
			b.WriteString(pieces[rnd.Intn(len(pieces))])
		}
		return b.String()
	}
	value := func() any {
		switch s := hostile(); rnd.Intn(6) {
		case 0:
			return named(s)
		case 1:
			return []string{s, hostile()}
		case 2:
			return fmt.Errorf("open: %s", s)
		case 3:
			return struct{ SSID string }{s}
		case 4:
			return map[string]string{s: s}
		default:
			return s
		}
	}
	roles := []wizard.Role{wizard.Plain, wizard.Heading, wizard.Good, wizard.Caution, wizard.Bad, wizard.NotKnown, wizard.Skip,
		wizard.Dim, wizard.Say, wizard.Next, wizard.Before, wizard.After, wizard.Command, wizard.Role(hostile())}
	message := func() text.Message { return text.M("screen.verbatim", "Text", value()) }
	for round := range 40 {
		p := wizard.Page{ID: hostile(), Title: message(), Place: hostile(), Step: 1, Of: 2, Path: way(round%6,
			diag.OK, diag.Warn, diag.Fail, diag.Unknown, diag.Skipped, diag.OK),
			Busy: &wizard.Busy{What: message(), Since: start}}
		for i := range p.Path {
			p.Path[i].Label = message()
		}
		for range rnd.Intn(12) {
			p.Lead = append(p.Lead, wizard.Para{Role: roles[rnd.Intn(len(roles))], Text: message()})
			p.Detail = append(p.Detail, wizard.Para{Role: roles[rnd.Intn(len(roles))], Raw: hostile()})
		}
		for i := range rnd.Intn(6) {
			p.Choices = append(p.Choices, wizard.Choice{ID: hostile(), Key: string(rune('a' + i)), Label: message(), Default: i == 0})
		}
		profile := []termenv.Profile{termenv.Ascii, termenv.ANSI}[round%2]
		for _, at := range []size{{60, 20}, {80, 24}, {97, 31}, {30, 9}} {
			s := play(t, at, profile, p.ID, p)
			check(t, s, fmt.Sprintf("round %d %v", round, at))
			s.press("pgdown", "?")
			check(t, s, fmt.Sprintf("round %d %v keys", round, at))
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
}

// Without colour a frame has no escape sequence at all; with it, only SGR in
// the sixteen colours.
func TestColoursAreTheSixteen(t *testing.T) {
	for _, p := range pages() {
		if s := play(t, size{80, 24}, termenv.Ascii, p.ID, pages()...); strings.Contains(s.View(), "\x1b") {
			t.Errorf("%s: escape sequences without colour", p.ID)
		}
		s := play(t, size{80, 24}, termenv.ANSI, p.ID, pages()...)
		for _, seq := range strings.Split(s.View(), "\x1b[")[1:] {
			params := seq[:strings.IndexByte(seq, 'm')]
			for _, n := range strings.Split(params, ";") {
				switch {
				case n == "" || n == "0" || n == "1" || n == "2" || len(n) == 2 && (n[0] == '3' || n[0] == '9') && n[1] < '8':
				default:
					t.Errorf("%s: SGR %q is not one of the sixteen colours", p.ID, params)
				}
			}
		}
		if a, b := ansi.Strip(s.View()), play(t, size{80, 24}, termenv.Ascii, p.ID, pages()...).View(); a != b {
			t.Errorf("%s: colour changes the words", p.ID)
		}
	}
}
