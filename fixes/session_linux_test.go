package fixes

import (
	"context"
	"errors"
	"slices"
	"syscall"
	"testing"

	"github.com/vishvananda/netlink"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/fixes/step"
)

// A link that was switched on may carry the session that undoes it another
// day: it is not switched off from under it.
func TestUndoSparesTheSession(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	eth0 := pair(t)
	must(t, netlink.LinkSetDown(eth0))
	facts := link.Section.In(diag.Facts{}, link.Facts{Links: []link.Link{{Index: eth0.Attrs().Index, Name: "eth0", Plain: true}}})
	e := newEngine(t)
	t.Setenv("SSH_CONNECTION", "")
	p, err := e.Plan(context.Background(), "link-up", facts, diag.Diagnosis{Causes: []diag.Cause{{ID: "link.admin_down"}}})
	must(t, err)
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	_, err = e.Keep(context.Background(), tx.ID)
	must(t, err)

	t.Setenv("SSH_CONNECTION", "192.168.1.9 50000 192.168.1.50 22")
	for _, force := range []bool{false, true} {
		_, err = e.Undo(context.Background(), tx.ID, force)
		var no *Refusal
		if !errors.As(err, &no) || !slices.Contains(no.ByHand, "ip link set dev eth0 down") {
			t.Errorf("force %v: %v %+v", force, err, no)
		}
	}
	if s, err := step.ObserveLink("eth0"); err != nil || !s.Up {
		t.Fatalf("%+v %v", s, err)
	}
	t.Setenv("SSH_CONNECTION", "127.0.0.1 50000 127.0.0.1 22") // from this PC to itself
	if tx, err := e.Undo(context.Background(), tx.ID, false); err != nil || tx.State != Undone {
		t.Errorf("%+v %v", tx, err)
	}
}
