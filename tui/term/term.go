// Package term knows what the terminal is before anything is drawn on it.
//
// Importing it also keeps the program from talking to the terminal before
// main: Bubble Tea v1 asks for the background colour in its own init and
// waits up to 5 s for terminals that never answer (bubbletea#1771, termenv's
// OSCTimeout). The question is not asked once the answer is set, and Go
// initialises packages by import path among those whose imports are ready
// (language specification, "Package initialization"). Two things keep this
// package ready first: the module path sorts before github.com, and nothing
// is imported here that Bubble Tea does not import itself. Tests guard both.
package term

import (
	"os"
	"runtime"
	"strings"

	"github.com/charmbracelet/lipgloss"
	xterm "github.com/charmbracelet/x/term"
	"github.com/mattn/go-runewidth"
)

func init() {
	lipgloss.SetHasDarkBackground(true)
	// Under LANG=ja or zh go-runewidth counts box-drawing and Cyrillic letters
	// as two cells, which no terminal we draw on does.
	runewidth.DefaultCondition.EastAsianWidth = false
	runewidth.EastAsianWidth = false
}

// Facts are what can be known without asking the terminal anything.
type Facts struct {
	In, Out       bool   // standard input, standard output are terminals
	Width, Height int    // cells; 0 when not known
	Term          string // TERM
	ColorTerm     string // COLORTERM; rarely survives SSH
	UTF8          bool   // the locale's character set
	NoColor       bool   // NO_COLOR (any value, no-color.org) or CLICOLOR=0 (bixense.com/clicolors)
	Accessible    bool   // ACCESSIBLE is set: a screen reader wants plain lines
	Wide          bool   // RUNEWIDTH_EASTASIAN: this terminal draws ambiguous characters two cells wide
	Windows       bool   // the console has no TERM
}

// Look gathers the facts about a pair of files. It writes nothing.
func Look(in, out *os.File, getenv func(string) string) Facts {
	f := Facts{
		In:         xterm.IsTerminal(in.Fd()),
		Out:        xterm.IsTerminal(out.Fd()),
		Term:       getenv("TERM"),
		ColorTerm:  getenv("COLORTERM"),
		NoColor:    getenv("NO_COLOR") != "" || getenv("CLICOLOR") == "0",
		Accessible: on(getenv("ACCESSIBLE")),
		Wide:       on(getenv("RUNEWIDTH_EASTASIAN")),
		Windows:    runtime.GOOS == "windows",
	}
	f.UTF8 = f.Windows || utf8Locale(getenv)
	if f.Out {
		if w, h, err := xterm.GetSize(out.Fd()); err == nil {
			f.Width, f.Height = w, h
		}
	}
	return f
}

// ASCII reports whether lines and marks must be drawn without box-drawing
// characters: not a UTF-8 locale, a text console whose font may lack them, or
// a terminal that draws them two cells wide.
func (f Facts) ASCII() bool {
	return !f.UTF8 || f.Wide || f.Term == "linux" || strings.HasPrefix(f.Term, "vt")
}

// utf8Locale applies the precedence of POSIX, XBD 8.2: LC_ALL, LC_CTYPE, LANG.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// on reads a switch from the environment: set, and not an explicit no.
func on(v string) bool {
	switch strings.ToLower(v) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}
