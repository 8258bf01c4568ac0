package wizard

import (
	"os"
	"path/filepath"
	"testing"

	hostfake "deskside/diag/host/fake"
	"deskside/fixes"
)

// With the real engine: opening the conversation reads the journal and writes
// nothing, not even an empty one, and a fix it does not know is said.
func TestTheRealEngineIsOnlyRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	m := &machine{Broken: true}
	d := depsOf(m)
	d.Fixes = &fixes.Engine{Host: &hostfake.Host{}, StateDir: dir}
	w := New(d)
	s := &stage{t: t, w: w, look: func(Page) {}}
	if len(w.ledger.open()) != 0 || w.ledger.unreadable != nil {
		t.Errorf("an empty journal: %+v", w.ledger)
	}
	s.press("1").on("cause")
	s.do(w.preview(fixes.Offer{Fix: fixes.Fix{ID: "no-such-fix"}}))
	s.on("plan").says("ui.failed").press("n", "n").on("step")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the conversation wrote into the state directory: %v", err)
	}
}
