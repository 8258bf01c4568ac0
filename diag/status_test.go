package diag

import "testing"

func TestStatusNamesRoundTrip(t *testing.T) {
	for s := Unknown; s <= Skipped; s++ {
		b, _ := s.MarshalText()
		var back Status
		if err := back.UnmarshalText(b); err != nil || back != s {
			t.Errorf("%v: %v, %v", s, back, err)
		}
	}
	var s Status
	if err := s.UnmarshalText([]byte("fine")); err == nil {
		t.Error("an unknown name is taken")
	}
	if s != Unknown {
		t.Error("the zero value is not Unknown")
	}
}

// TestWorse: what a person must hear about wins; "could not tell" is worse
// than fine and less bad than broken.
func TestWorse(t *testing.T) {
	order := []Status{Skipped, OK, Unknown, Warn, Fail}
	for i, a := range order {
		for j, b := range order {
			if got, want := a.Worse(b), order[max(i, j)]; got != want {
				t.Errorf("%v and %v: %v, want %v", a, b, got, want)
			}
		}
	}
}

func TestLedgerAddsUp(t *testing.T) {
	var l Ledger
	l.Sent("192.0.2.2", 53, "udp", "dns", 40)
	l.Sent("192.0.2.1", 443, "tcp", "anchor", 0)
	l.Sent("192.0.2.2", 53, "udp", "dns", 2)
	rows := l.Rows()
	if len(rows) != 2 || rows[1].Bytes != 42 || rows[1].Packets != 2 || rows[0].Address != "192.0.2.1" {
		t.Errorf("%+v", rows)
	}
}
