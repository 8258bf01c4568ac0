package wizard

import (
	"testing"

	"deskside/diag/target"
)

// TestNamingWhatDoesNotWork: nothing is looked at before a word that can be
// tried; then that is what every look is about.
func TestNamingWhatDoesNotWork(t *testing.T) {
	m := &machine{}
	s := play(t, m).press("7").on("target")
	s.do(s.w.Enter("user:secret@shop.example"))
	s.on("target").says(target.Login.Message().Key)
	if m.Looks != 0 {
		t.Fatal("looked before there was anything to look at")
	}
	s.do(s.w.Enter("shop.example:8443"))
	s.on("symptom")
	if m.Looks != 1 || s.w.focus().Target != "shop.example:8443" {
		t.Errorf("%d looks at %q", m.Looks, s.w.focus().Target)
	}
	s.do(s.w.Enter("other.example"))
	if s.w.focus().Target != "shop.example:8443" {
		t.Error("a word on a page that asks for none counts")
	}
}

// TestAnotherTargetLooksAgain, also while the look before it still runs: its
// late words are not taken for the new one's.
func TestAnotherTargetLooksAgain(t *testing.T) {
	s := play(t, &machine{})
	s.hold = true
	s.press("1", "b", "7")
	s.do(s.w.Enter("shop.example"))
	if len(s.kept) != 2 {
		t.Fatalf("%d looks were started, want 2", len(s.kept))
	}
	s.hold = false
	s.do(s.kept[:1])
	if s.w.result != nil {
		t.Error("the first look's end was taken for the second's")
	}
	s.do(s.kept[1:])
	if s.w.result == nil {
		t.Error("the second look's end was not heard")
	}
}
