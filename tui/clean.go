package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"deskside/diag/text"
)

// clean makes a finished sentence one safe line. The printer has made its
// values safe already; this is the last door before the screen, so that a
// value of an unexpected type cannot slip past either. [text.Safe] decides,
// piece by piece, because it cuts what is long.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if ordinary(s) {
		return s
	}
	const piece = 100 // bytes, well under what Safe cuts
	var b strings.Builder
	for len(s) > 0 {
		n := min(piece, len(s))
		for n < len(s) && n > piece-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		b.WriteString(text.Safe(s[:n]))
		s = s[n:]
	}
	return b.String()
}

func ordinary(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleanRaw makes a line from the machine safe and keeps its indentation.
func cleanRaw(s string) string {
	return text.Safe(strings.ReplaceAll(s, "\t", "    "))
}

// cells is the width of a line on the screen. Terminals that know graphemes
// and those that count rune by rune differ on a few scripts; the wider of the
// two opinions fits both.
func cells(s string) int { return max(ansi.StringWidth(s), ansi.StringWidthWc(s)) }

// clip cuts a line to width cells, whichever way the terminal counts.
func clip(s string, width int, tail string) string {
	cut := s
	for n := width; cells(cut) > width && n >= 0; n-- {
		cut = ansi.TruncateWc(ansi.Truncate(s, n, tail), n, tail)
	}
	return cut
}

// wrap breaks a sentence into lines of at most width cells; a word that is
// too long alone (a path, an address) is broken.
func wrap(s string, width int) []string {
	lines := strings.Split(ansi.Wrap(s, max(1, width), "-/"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		if cells(line) > width {
			return strings.Split(ansi.WrapWc(s, max(1, width), "-/"), "\n")
		}
		lines[i] = line
	}
	return lines
}

// hardWrap breaks a line anywhere: a command or a line of a file keeps every
// one of its characters.
func hardWrap(s string, width int) []string {
	lines := strings.Split(ansi.Hardwrap(s, max(1, width), true), "\n")
	for _, line := range lines {
		if cells(line) > width {
			return strings.Split(ansi.HardwrapWc(s, max(1, width), true), "\n")
		}
	}
	return lines
}
