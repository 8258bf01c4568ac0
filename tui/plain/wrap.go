package plain

import (
	"strings"

	"github.com/rivo/uniseg"

	"deskside/diag/text"
)

// commandMark stands before a command that a person may copy.
const commandMark = "$ "

// wrap breaks one paragraph into rows of at most width columns. Everything
// printed comes through here, and so through text.Safe.
func wrap(mark, s string) []string {
	indent := strings.Repeat(" ", len(mark))
	if mark == commandMark { // a command stays in one piece, to be copied
		return []string{mark + safe(s)}
	}
	var rows []string
	row := mark
	room := width - len(mark)
	used := 0
	for _, word := range words(safe(s), room) {
		w := uniseg.StringWidth(word)
		if used > 0 && used+1+w > room {
			rows = append(rows, row)
			row, used = indent, 0
		}
		if used > 0 {
			row += " "
			used++
		}
		row += word
		used += w
	}
	return append(rows, row)
}

// safe is text.Safe for a text that may be longer than one hostile value: it
// is made of sentences whose values passed it already.
func safe(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := len(s)
		if n > 180 { // text.Safe cuts at 200 runes
			n = strings.LastIndexByte(s[:180], ' ') + 1
			if n == 0 {
				n = cut(s, 180)
			}
		}
		b.WriteString(text.Safe(s[:n]))
		s = s[n:]
	}
	return b.String()
}

// cut is the last whole rune that begins before n.
func cut(s string, n int) int {
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// words splits at spaces, and words that fit on no row into pieces that do.
func words(s string, room int) []string {
	var out []string
	for _, word := range strings.Fields(s) {
		for uniseg.StringWidth(word) > room {
			piece, rest := split(word, room)
			out = append(out, piece)
			word = rest
		}
		out = append(out, word)
	}
	return out
}

// split cuts off the first room columns of a word, whole grapheme clusters.
func split(word string, room int) (string, string) {
	used, at := 0, 0
	g := uniseg.NewGraphemes(word)
	for g.Next() {
		if used+g.Width() > room && at > 0 {
			break
		}
		used += g.Width()
		_, at = g.Positions()
	}
	return word[:at], word[at:]
}
