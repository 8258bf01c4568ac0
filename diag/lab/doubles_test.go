//go:build linux

package lab_test

import (
	"slices"
	"testing"

	"deskside/diag/lab"
)

// TestSecondFault heals the first of two faults: the second is named then,
// and the first is gone.
func TestSecondFault(t *testing.T) {
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range lab.Worlds() {
		if w.Heal == nil {
			continue
		}
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			l := lab.Start(t, w)
			if first, _ := run(t, l, nil, look(bin, w)...); !slices.Equal(first.causes(), w.Expect) {
				t.Logf("FORGIVEN: a busy machine? named %q, want %q: TestWorlds decides", first.causes(), w.Expect)
			}
			if err := l.HealFirst(); err != nil {
				t.Fatal(err)
			}
			then, _ := run(t, l, nil, look(bin, w)...)
			if !slices.Equal(then.causes(), w.Then) { // see patiently
				t.Logf("FORGIVEN: a busy machine? named %q", then.causes())
				then, _ = run(t, l, nil, look(bin, w)...)
			}
			if !slices.Equal(then.causes(), w.Then) {
				t.Errorf("healed: %q, want %q\n%s", then.causes(), w.Then, then.trouble())
			}
		})
	}
}
