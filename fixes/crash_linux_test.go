package fixes

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// killed runs a job that dies before its n-th durable operation; done is true
// when it got to its end.
func killed(t *testing.T, args ...string) (done bool) {
	t.Helper()
	cmd := child(args...)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return true
	}
	if st, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || st.Signal() != syscall.SIGKILL {
		t.Fatalf("%v: %v %s", args, err, out)
	}
	return false
}

// settledTo fails unless the world is the wanted one, nothing is open, and
// nothing was left lying about; and recovery, run again, changes nothing.
func settledTo(t *testing.T, e *Engine, dir, want, when string) {
	t.Helper()
	for range 2 {
		if got := tree(t, dir); got != want {
			t.Fatalf("%s: want\n%s\ngot\n%s", when, want, got)
		}
		if left, _ := os.ReadDir(filepath.Join(e.StateDir, "tx")); len(left) != 0 {
			t.Fatalf("%s: still open: %v", when, left)
		}
		if txs, err := e.Recover(context.Background()); err != nil || len(txs) != 0 {
			t.Fatalf("%s: recovering again: %v %v", when, txs, err)
		}
	}
}

// stride is how many points are passed over between two kills: none, but with
// -short, under the race detector, processes take ten times as long to start.
func stride() int {
	if testing.Short() {
		return 5
	}
	return 1
}

// kill -9 before every write, fsync, rename and link of apply and keep. After
// recovery everything is as before, or kept and as after; nothing between.
// Recovery is killed in its turn at its m-th operation first.
func TestCrashAnywhereInApply(t *testing.T) {
	sawBefore, sawAfter := false, false
	for n := 1; ; n += stride() {
		dir, e := scribbled(t), newEngine(t)
		before := contents(t, dir)
		exact := tree(t, dir)
		done := killed(t, "apply", e.StateDir, dir, strconv.Itoa(n))
		if !done {
			killed(t, "recover", e.StateDir, strconv.Itoa(1+n%17))
		}
		if _, err := e.Recover(context.Background()); err != nil {
			t.Fatalf("n=%d: %v", n, err)
		}
		txs, err := e.Transactions()
		must(t, err)
		if len(txs) > 0 && txs[0].State == Confirmed {
			sawAfter = true
			settledTo(t, e, dir, tree(t, dir), "kept")
			if got := contents(t, dir); got == before || strings.Count(got, "changed\n") != 5 { // one of the four is hard-linked
				t.Fatalf("n=%d: kept, but not as planned: %s", n, got)
			}
		} else {
			sawBefore = true
			settledTo(t, e, dir, exact, "n="+strconv.Itoa(n))
		}
		if done {
			t.Logf("killed at %d points", n-1)
			break
		}
	}
	if !sawBefore || !sawAfter {
		t.Errorf("before seen: %v, after seen: %v", sawBefore, sawAfter)
	}
}

// The same for undo: afterwards it is still kept and untouched, or undone
// exactly.
func TestCrashAnywhereInUndo(t *testing.T) {
	sawKept, sawUndone := false, false
	for n := 1; ; n += stride() {
		dir, e := scribbled(t), newEngine(t)
		before := tree(t, dir)
		if !killed(t, "apply", e.StateDir, dir, "0") {
			t.Fatal("apply did not end")
		}
		after := tree(t, dir)
		done := killed(t, "undo", e.StateDir, strconv.Itoa(n))
		if _, err := e.Recover(context.Background()); err != nil {
			t.Fatalf("n=%d: %v", n, err)
		}
		txs, err := e.Transactions()
		must(t, err)
		want := before
		switch txs[0].State {
		case Confirmed:
			want, sawKept = after, true
		case Undone:
			sawUndone = true
		default:
			t.Fatalf("n=%d: state %s", n, txs[0].State)
		}
		settledTo(t, e, dir, want, "n="+strconv.Itoa(n))
		if done {
			t.Logf("killed at %d points", n-1)
			break
		}
	}
	if !sawKept || !sawUndone {
		t.Errorf("kept seen: %v, undone seen: %v", sawKept, sawUndone)
	}
}

// contents is what the files say, without their attributes.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, d := range entries {
		if content, err := os.ReadFile(filepath.Join(dir, d.Name())); err == nil {
			b.WriteString(d.Name() + ": " + string(content))
		}
	}
	return b.String()
}
