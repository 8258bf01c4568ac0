package internet

import (
	"testing"

	"deskside/diag"
)

func TestRestWorks(t *testing.T) {
	four := func(o Outcome, ms float64) Connect { return Connect{Family: 4, Outcome: o, TookMS: ms} }
	six := func(o Outcome, ms float64) Connect { return Connect{Family: 6, Outcome: o, TookMS: ms} }
	page := Web{Outcome: Connected, Match: diag.Yes}
	for _, c := range []struct {
		name    string
		asked   Asked
		anchors []Connect
		web     []Web
		want    bool
		ms      float64
	}{
		{"one of two and a page", Asked{Anchors4: 2}, []Connect{four(Connected, 20)}, []Web{page}, true, 20},
		{"the slower of two counts", Asked{Anchors4: 3}, []Connect{four(Connected, 20), four(Connected, 90)}, []Web{page}, true, 90},
		{"no page yet", Asked{Anchors4: 2}, []Connect{four(Connected, 20)}, nil, false, 20},
		{"a sign-in page", Asked{Anchors4: 2}, []Connect{four(Connected, 20)}, []Web{{Outcome: Connected, Match: diag.No}}, false, 20},
		{"a page through a proxy says nothing of the way itself", Asked{Anchors4: 2}, []Connect{four(Connected, 20)}, []Web{{Proxy: "http://192.0.2.3:3128/", Outcome: Connected, Match: diag.Yes}}, false, 20},
		{"no anchor: port 443 may be blocked", Asked{Anchors4: 2}, nil, []Web{page}, false, 0},
		{"a refusal is not a connection", Asked{Anchors4: 2}, []Connect{four(Refused, 20)}, []Web{page}, false, 0},
		{"IPv6 is still out", Asked{Anchors4: 2, Anchors6: 2}, []Connect{four(Connected, 20)}, []Web{page}, false, 20},
		{"one of each family", Asked{Anchors4: 2, Anchors6: 2}, []Connect{four(Connected, 20), six(Connected, 30)}, []Web{page}, true, 30},
	} {
		ms, got := Facts{Asked: c.asked, Anchors: c.anchors, Web: c.web}.restWorks()
		if got != c.want || ms != c.ms {
			t.Errorf("%s: %v after %v ms, want %v after %v ms", c.name, got, ms, c.want, c.ms)
		}
	}
}
