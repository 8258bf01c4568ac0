package watch

import (
	"testing"
)

// TestDeadRouter: a router that never answered, while nothing behind it does
// either, is not said to be silent by habit; and when the diagnosis says that
// it is the router, so does the incident.
func TestDeadRouter(t *testing.T) {
	b := newBench()
	b.play([...]string{"aaa", "xxx", "xxx", "xxx"})
	if v := b.t.View(0); v.Mute[Router] || v.Stats[Router].Asked != 3 || v.Stats[Router].Lost != 3 {
		t.Errorf("%+v", v.Stats[Router])
	}
	b.note(b.t.Name(1, Verdict{Naming: Named, Cause: "gw.arp_failed"}))
	b.want(t, "open provider 00:00", "move router", "name router gw.arp_failed")
	b.play([...]string{"aaa", "xxx", "aaa", "aaa"}) // it is there again, and still ignores ping
	b.want(t, "close router 4s")
	if v := b.t.View(0); !v.Mute[Router] || v.Stats[Router].Asked != 0 {
		t.Errorf("%+v", v.Stats[Router])
	}
}

// TestDeadAnchor: what was tried before the first anchor answered is no loss;
// what an incident rests on is.
func TestDeadAnchor(t *testing.T) {
	b := newBench()
	b.play([...]string{"aaa", "aaa", "xaa", "aaa"})
	if v := b.t.View(9); v.Stats[Provider].Lost != 0 || v.Stats[Provider].Asked != 2 || v.Samples[0].Readings[Provider].State != Unasked {
		t.Errorf("%+v", v.Stats[Provider])
	}
	b = newBench()
	b.play([...]string{"aaaa", "aaaa", "xxaa", "aaaa"})
	if v := b.t.View(0); v.Stats[Provider].Lost != 2 {
		t.Errorf("%+v", v.Stats[Provider])
	}
}
