package term

import (
	"fmt"
	"strings"

	"github.com/muesli/termenv"
)

// Reason says why the full screen is not possible here. The zero value means
// it is. The sentence is "screen.plain.<reason>" in the catalogue.
type Reason string

// Reasons for plain lines, in the order they are looked at.
const (
	FullScreen Reason = ""
	Asked      Reason = "asked"      // --plain
	Accessible Reason = "accessible" // ACCESSIBLE is set
	NoOutput   Reason = "no_output"  // output goes to a file or a pipe
	NoInput    Reason = "no_input"   // no keyboard: ssh without -t
	Dumb       Reason = "dumb"       // the terminal cannot move its cursor
)

// Plain decides between the full screen and plain lines.
func (f Facts) Plain(asked bool) Reason {
	switch {
	case asked:
		return Asked
	case f.Accessible:
		return Accessible
	case !f.Out:
		return NoOutput
	case !f.In:
		return NoInput
	case f.Term == "dumb" || f.Term == "" && !f.Windows:
		return Dumb
	}
	return FullScreen
}

// Color is the value of --color.
type Color string

// The three wishes.
const (
	Auto   Color = "auto"
	Always Color = "always"
	Never  Color = "never"
)

// ParseColor reads --color; the error names the choices.
func ParseColor(s string) (Color, error) {
	switch c := Color(s); c {
	case Auto, Always, Never:
		return c, nil
	}
	return Auto, fmt.Errorf("color %q: want auto, always or never", s)
}

// Profile decides between no colour at all and the terminal's own sixteen.
// More is never used: the sixteen follow the person's own theme.
func (f Facts) Profile(wish Color) termenv.Profile {
	if wish == Always || wish != Never && f.Out && !f.NoColor && f.colours() {
		return termenv.ANSI
	}
	return termenv.Ascii
}

// colours reports whether the terminal type has the sixteen colours. termenv
// says no to screen, tmux, foot and putty over SSH, where COLORTERM is lost;
// terminfo has colors#8 or more for all of these families.
func (f Facts) colours() bool {
	if f.Windows && f.Term == "" || f.ColorTerm != "" {
		return true
	}
	if strings.Contains(f.Term, "color") {
		return true
	}
	for _, family := range []string{
		"xterm", "screen", "tmux", "rxvt", "putty", "linux", "foot", "alacritty", "kitty",
		"wezterm", "konsole", "contour", "rio", "st-", "cygwin", "ansi", "ms-terminal", "teraterm",
	} {
		if strings.HasPrefix(f.Term, family) {
			return !strings.HasSuffix(f.Term, "-mono") && f.Term != "ansi-m"
		}
	}
	return false
}
