package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSafe is the longest hostile string that is shown, in runes.
const maxSafe = 200

// Safe makes a string that came from the host, the network or the air fit to
// be shown: control characters (C0, C1, DEL), invalid UTF-8, invisible and
// bidirectional formatting runes, and line and paragraph separators become a
// visible \x.. or \u.. escape. The result has no line break and at most 200 runes. It is the
// only function that decides this; everything shown passes it.
func Safe(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(s); {
		if n == maxSafe {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		n++
		i += size
	}
	return b.String()
}

func plain(s string) bool {
	if len(s) > maxSafe {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// hidden reports runes that draw nothing or change how their neighbours are
// drawn: C1 controls, format characters (bidi overrides, zero-width, tags),
// separators other than a plain space, variation selectors, private use.
func hidden(r rune) bool {
	return unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		unicode.Is(unicode.Variation_Selector, r) || (unicode.Is(unicode.Zs, r) && r != ' ') ||
		unicode.Is(unicode.Mn, r) && combiningTower(r)
}

// combiningTower reports enclosing and stacking marks outside the blocks that
// living scripts use; piled up ("zalgo") they leave their line.
func combiningTower(r rune) bool {
	return r >= 0x0300 && r <= 0x036f || r >= 0x1ab0 && r <= 0x1aff || r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff
}
