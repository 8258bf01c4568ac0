package plain

import (
	"context"
	"strings"
	"testing"

	"deskside/tui/wizard/fake"
)

// TestAWordOnALine: what cannot be tried is refused in words and asked for
// again, as often as it takes; keys still are keys.
func TestAWordOnALine(t *testing.T) {
	m := &fake.Machine{}
	out, _ := talk(t, context.Background(), m, typed("7", "ftp://old.example", "ftp://old.example", "b", "7", "shop.example:8443", "q", "y")...)
	hears(t, out, "Which one does not work?", "What does not work (or a key):", "Only http:// and https:// can be tried", "as it should be")
	if strings.Count(out, "What does not work (or a key):") != 4 {
		t.Errorf("asked not four times:\n%s", out)
	}
	if m.Looks != 1 {
		t.Errorf("looked %d times", m.Looks)
	}
}
