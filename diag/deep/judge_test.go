package deep

import (
	"testing"

	"deskside/diag"
)

// TestTheAllClearSaysNoMoreThanWasSeen: a line that was not loaded is not said
// to stay quick under load.
func TestTheAllClearSaysNoMoreThanWasSeen(t *testing.T) {
	near := of(20, 0, 1)
	for name, tt := range map[string]struct {
		load Load
		want string
	}{
		"loaded":            {loaded(80, 10, 12), ""},
		"declined":          {Load{Skipped: Declined}, "check.path.unloaded"},
		"cut before it":     {Load{}, "check.path.unloaded"},
		"nothing confirmed": {Load{TookMS: 4000}, "check.path.unloaded"},
	} {
		f := path([]Series{near}, of(20, 0, 10))
		f.Load = tt.load
		all := Section.In(diag.RunSection.In(diag.Facts{}, diag.RunFacts{OS: "linux", Deep: true}), f)
		if got := Judge(all).Clear.Key; got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
