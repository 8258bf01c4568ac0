package fixes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// tmpfs mounts a small filesystem of its own.
func tmpfs(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	must(t, unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size+",mode=0755"))
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// Wherever the state directory runs out of room, nothing is changed unless it
// can be taken back.
func TestStateDirectoryRunsFull(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	refused, done := false, false
	for inodes := 3; inodes < 40; inodes++ {
		path := t.TempDir() + "/file"
		write(t, path, "a\n")
		before := tree(t, path)
		e := engineAt(tmpfs(t, fmt.Sprintf("256k,nr_inodes=%d", inodes)) + "/state")
		p, err := editPlan(path)
		must(t, err)
		tx, err := e.Apply(context.Background(), p, nil)
		if err == nil {
			done = true
			if _, err := e.Rollback(context.Background(), tx.ID); err != nil {
				t.Fatalf("%d inodes: %v", inodes, err)
			}
		} else {
			refused = true
			if !errors.Is(err, unix.ENOSPC) {
				t.Fatalf("%d inodes: %v", inodes, err)
			}
		}
		if after := tree(t, path); after != before {
			t.Fatalf("%d inodes: %v: %s", inodes, err, after)
		}
		if got, err := e.Recover(context.Background()); len(got) != 0 {
			t.Fatalf("%d inodes: something was left to recover: %v %v", inodes, got, err)
		}
	}
	if !refused || !done {
		t.Errorf("refused %v, done %v", refused, done)
	}
}

func TestStateDirectoryFullOfData(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	path := t.TempDir() + "/file"
	write(t, path, "a\n")
	before := tree(t, path)
	e := engineAt(tmpfs(t, "8k") + "/state")
	p, err := editPlan(path)
	must(t, err)
	if _, err := e.Apply(context.Background(), p, nil); !errors.Is(err, unix.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if after := tree(t, path); after != before {
		t.Errorf("changed: %s", after)
	}
	if txs, err := e.Transactions(); err != nil || len(txs) != 0 {
		t.Errorf("left %v %v", txs, err)
	}
}

func TestStateDirectoryIsReadOnly(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	path := t.TempDir() + "/file"
	write(t, path, "a\n")
	before := tree(t, path)
	dir := tmpfs(t, "64k")
	must(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	p, err := editPlan(path)
	must(t, err)
	if _, err := engineAt(dir+"/state").Apply(context.Background(), p, nil); !errors.Is(err, unix.EROFS) {
		t.Errorf("got %v", err)
	}
	if after := tree(t, path); after != before {
		t.Errorf("changed: %s", after)
	}
}

// No room where the file lies: the fix fails, and the old bytes, for which
// there is room, are back.
func TestTargetRunsFull(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	dir := tmpfs(t, "16k")
	path := dir + "/file"
	write(t, path, strings.Repeat("x", 4096))
	before := tree(t, path)
	e := newEngine(t)
	p, err := editPlan(path) // one byte more than a page
	must(t, err)
	write(t, dir+"/fill", "")
	for f, err := os.OpenFile(dir+"/fill", os.O_WRONLY, 0); ; {
		must(t, err)
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			f.Close()
			break
		}
	}
	tx, err := e.Apply(context.Background(), p, nil)
	var failed *Failed
	if !errors.As(err, &failed) || tx.State != RolledBack {
		t.Errorf("got %v %v", tx, err)
	}
	if after := tree(t, path); after != before {
		t.Errorf("before %.80s\nafter %.80s", before, after)
	}
}

// Files on a filesystem that became read-only stay as they are; the
// transaction is stuck, says what to do, and a later recovery finishes it.
func TestTargetTurnsReadOnly(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	dir := tmpfs(t, "64k")
	write(t, dir+"/file", "a\n")
	before := tree(t, dir)
	e := newEngine(t)
	tx := applied(t, e, dir+"/file")
	must(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	tx, err := e.Rollback(context.Background(), tx.ID)
	var stuck *StuckError
	if !errors.As(err, &stuck) || tx.State != Stuck || len(stuck.ByHand) == 0 || !strings.Contains(stuck.ByHand[0], dir+"/file") {
		t.Fatalf("got %v %v", tx, err)
	}
	must(t, unix.Mount("", dir, "", unix.MS_REMOUNT, ""))
	if got, err := e.Recover(context.Background()); err != nil || len(got) != 1 || got[0].State != RolledBack {
		t.Fatalf("got %v %v", got, err)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("got %s", after)
	}
}
