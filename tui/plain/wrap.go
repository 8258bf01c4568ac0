package plain

import (
	"strings"

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
	rows := text.Wrap(safe(s), width-len(mark))
	for i := range rows {
		rows[i] = indent + rows[i]
	}
	rows[0] = mark + strings.TrimPrefix(rows[0], indent)
	return rows
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
