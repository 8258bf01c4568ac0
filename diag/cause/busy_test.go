package cause

import (
	"slices"
	"testing"
)

// TestNothingIsBlamedForOurOwnDeafness: what a starved look did not hear is
// nobody's fault; what it heard or read stands.
func TestNothingIsBlamedForOurOwnDeafness(t *testing.T) {
	for name, tt := range map[string]struct {
		break_ func(*pc)
		want   []string
	}{
		"nothing came back":     {func(p *pc) { p.silentBeyond(1) }, []string{}},
		"the cable is out":      {func(p *pc) { p.link.Links[1].Carrier = false; p.silentBeyond(0) }, []string{"link.no_carrier"}},
		"the line is forbidden": {func(p *pc) { p.unreachable("EACCES") }, []string{"route.denied"}},
	} {
		p := healthyPC()
		tt.break_(p)
		if calm := ids(Explain(p.facts(), nil).Causes); len(calm) == 0 {
			t.Errorf("%s: nothing is named in a calm look either", name)
		}
		p.run.LateMS = 1200
		if got := ids(Explain(p.facts(), nil).Causes); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestWaitingCausesExist: every entry speaks of a cause in the catalogue.
func TestWaitingCausesExist(t *testing.T) {
	for _, pattern := range waiting {
		if !slices.ContainsFunc(IDs(), Rule{Over: []string{pattern}}.explains) {
			t.Errorf("%s: no such cause", pattern)
		}
	}
}
