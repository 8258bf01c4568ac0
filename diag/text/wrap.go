package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Wrap breaks a text at spaces into rows of at most room columns (UAX #11 and
// #29, by uniseg); a word that fits on no row is broken. There is always one
// row, if only an empty one.
func Wrap(s string, room int) []string {
	var rows []string
	row, used := "", 0
	for _, word := range words(s, max(room, 1)) {
		w := uniseg.StringWidth(word)
		if used > 0 && used+1+w > room {
			rows = append(rows, row)
			row, used = "", 0
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
