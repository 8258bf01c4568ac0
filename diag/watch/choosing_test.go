package watch

import (
	"net/netip"
	"strings"
	"testing"
)

// TestChoosing: who is asked, anchor by anchor, while some of them are dead.
func TestChoosing(t *testing.T) {
	three := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("192.0.2.2:2"), netip.MustParseAddrPort("192.0.2.3:3")}
	for name, c := range map[string]struct {
		anchors int
		answers string // for each asking, the anchors that answer then
		want    string // who is asked
	}{
		"all is well: one and the same":       {3, "123 123 123", "1 1 1"},
		"the first is dead":                   {2, "2 2 2 2", "1 2 2 2"},
		"a loss does not ask the dead one":    {2, "2 2 - 2 2", "1 2 2 2 2"},
		"the one in use dies: another":        {2, "12 2 2", "1 1 2"},
		"nobody answers: everybody in turn":   {3, "- - - -", "1 2 3 1"},
		"a single one is asked again":         {1, "- - 1 1", "1 1 1 1"},
		"what was dead is all that answers":   {2, "2 2 1 1 1 1", "1 2 2 2 1 1"},
		"an outage makes nobody dead":         {2, "- - - 12 - 12", "1 2 1 2 2 1"},
		"who answered once is never dead":     {2, "12 2 2 1 1", "1 1 2 2 1"},
		"an untried one is asked before dead": {3, "2 2 3 3", "1 2 2 3"},
	} {
		t.Run(name, func(t *testing.T) {
			var p choosing
			var got []string
			for _, answer := range strings.Fields(c.answers) {
				a := p.next(three[:c.anchors])
				who := a.String()[len(a.String())-1:]
				got = append(got, who)
				state := Lost
				if strings.Contains(answer, who) {
					state = Answered
				}
				p.heard(a.String(), state)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("asked %s, want %s", strings.Join(got, " "), c.want)
			}
		})
	}
}
