package step

import (
	"bytes"
	"strings"
)

// around is how many unchanged lines are shown on each side of a change, as
// in diff(1).
const around = 1

// lineDiff shows two contents as one changed region with lines around it.
// Fixes change one place of a file, so the region is small; in the worst case
// it is correct and long.
func lineDiff(a, b []byte) (out []DiffLine) {
	if bytes.Equal(a, b) {
		return nil
	}
	old, now := bytes.SplitAfter(a, []byte("\n")), bytes.SplitAfter(b, []byte("\n"))
	head := 0
	for head < len(old) && head < len(now) && bytes.Equal(old[head], now[head]) {
		head++
	}
	tail := 0
	for tail < len(old)-head && tail < len(now)-head && bytes.Equal(old[len(old)-1-tail], now[len(now)-1-tail]) {
		tail++
	}
	out = appendLines(out, " ", old[max(0, head-around):head])
	out = appendLines(out, "-", old[head:len(old)-tail])
	out = appendLines(out, "+", now[head:len(now)-tail])
	return appendLines(out, " ", old[len(old)-tail:min(len(old), len(old)-tail+around)])
}

func appendLines(out []DiffLine, sign string, lines [][]byte) []DiffLine {
	for _, line := range lines {
		if len(line) == 0 { // what SplitAfter leaves behind the last newline
			continue
		}
		text, ended := strings.CutSuffix(string(line), "\n")
		out = append(out, DiffLine{sign, text})
		if !ended {
			out = append(out, DiffLine{" ", `\ (no newline at the end)`})
		}
	}
	return out
}

// quote makes s one word of a POSIX shell.
func quote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
