package fixes

import (
	"strings"
	"testing"
)

// Whatever the file says: one line changes at most, it only grows by the word
// or shrinks by actions, and what reaches name servers is left alone.
func FuzzAskingServers(f *testing.F) {
	for _, seed := range []string{"", "hosts: files\n", "hosts: files [NOTFOUND=return] dns\r\n", "hosts:[", "hosts: files[!SUCCESS=return]mdns # x\npasswd: files", "hosts : db [ a = return ][NOTFOUND=return]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		got, changed := askingServers(file)
		if changed != (got != file) {
			t.Errorf("changed is %t", changed)
		}
		if again, more := askingServers(got); more {
			t.Errorf("twice is not once: %q, then %q", got, again)
		}
		was, is := strings.SplitAfter(file, "\n"), strings.SplitAfter(got, "\n")
		if len(was) != len(is) {
			t.Fatalf("%d lines, then %d", len(was), len(is))
		}
		different := 0
		for i := range was {
			if was[i] != is[i] {
				different++
			}
		}
		if different > 1 {
			t.Errorf("%d lines changed", different)
		}
	})
}
