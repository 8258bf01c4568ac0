package wifi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"deskside/diag/text"
)

// ShowSSID makes the 0 to 32 octets of a network name fit to be kept and
// shown. An SSID is whatever somebody in range chose to send (802.11-2020
// 9.4.2.2): escape sequences, bidi overrides, bytes of any encoding. Valid
// UTF-8 goes through [text.Safe]; any other name has every octet outside
// printable ASCII as \xNN, as iw does; blanks at the ends become visible.
// hidden: the network does not send its name.
func ShowSSID(raw []byte) (shown string, hidden bool) {
	if len(strings.Trim(string(raw), "\x00")) == 0 {
		return "", true
	}
	shown = string(raw)
	if !utf8.Valid(raw) {
		var b strings.Builder
		for _, c := range raw {
			if c >= 0x20 && c < 0x7f {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		}
		shown = b.String()
	}
	shown = text.Safe(shown)
	inner := strings.TrimLeft(shown, " ")
	lead := len(shown) - len(inner)
	trimmed := strings.TrimRight(inner, " ")
	trail := len(inner) - len(trimmed)
	return strings.Repeat(`\x20`, lead) + trimmed + strings.Repeat(`\x20`, trail), false
}
