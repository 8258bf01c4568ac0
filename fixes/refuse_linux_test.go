package fixes

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"deskside/fixes/journal"
)

// keptEdit applies and keeps an edit of a file of its own.
func keptEdit(t *testing.T) (e *Engine, path string) {
	t.Helper()
	path = t.TempDir() + "/file"
	write(t, path, "one\ntwo\n")
	xattr(t, path, "user.note", "v")
	e = newEngine(t)
	if _, err := e.Keep(context.Background(), applied(t, e, path).ID); err != nil {
		t.Fatal(err)
	}
	return e, path
}

func TestUndoRefusesWhatChangedSince(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, path string){
		"one byte": func(t *testing.T, p string) { write(t, p, "one\ntwO\nchanged\n") },
		"newline":  func(t *testing.T, p string) { write(t, p, "one\ntwo\nchanged") },
		"mode":     func(t *testing.T, p string) { chmod(t, p, 0o600) },
		"owner": func(t *testing.T, p string) {
			if err := os.Chown(p, 4242, 4242); err != nil {
				t.Skip(err)
			}
		},
		"xattr value": func(t *testing.T, p string) { xattr(t, p, "user.note", "w") },
		"xattr gone":  func(t *testing.T, p string) { must(t, unix.Removexattr(p, "user.note")) },
		"file gone":   func(t *testing.T, p string) { must(t, os.Remove(p)) },
		"a link now":  func(t *testing.T, p string) { must(t, os.Remove(p)); symlink(t, "x", p) },
	} {
		t.Run(name, func(t *testing.T) {
			e, path := keptEdit(t)
			change(t, path)
			theirs := snapshot(t, path)
			bytesThen, _ := os.ReadFile(path)

			_, err := e.Undo(context.Background(), "", false)
			var drift *Drift
			if !errors.As(err, &drift) || drift.Target != path || !shows(drift.Diff) {
				t.Fatalf("undo: %v", err)
			}
			if now := snapshot(t, path); now != theirs {
				t.Fatalf("refused, but changed it: %s", now)
			}

			tx, err := e.Undo(context.Background(), "", true)
			if err != nil || tx.State != Undone {
				t.Fatalf("forced: %v %v", tx, err)
			}
			if b, err := os.ReadFile(path); err != nil || string(b) != "one\ntwo\n" {
				t.Fatalf("forced: %q %v", b, err)
			}
			if len(bytesThen) > 0 && !preserved(t, e, tx, bytesThen) {
				t.Error("the other bytes are gone")
			}
		})
	}
}

func shows(diff []DiffLine) bool {
	for _, l := range diff {
		if l.Sign != " " {
			return true
		}
	}
	return false
}

func preserved(t *testing.T, e *Engine, tx Tx, want []byte) (found bool) {
	t.Helper()
	dir := filepath.Join(e.StateDir, "archive", tx.ID, "conflict")
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, d := range entries {
		b, err := os.ReadFile(filepath.Join(dir, d.Name()))
		must(t, err)
		found = found || bytes.Equal(b, want)
	}
	return found
}

func TestApplyRefusesWhatChangedSincePlan(t *testing.T) {
	path := t.TempDir() + "/file"
	write(t, path, "a\n")
	p, err := editPlan(path)
	must(t, err)
	write(t, path, "b\n")
	e := newEngine(t)
	_, err = e.Apply(context.Background(), p, nil)
	var drift *Drift
	if !errors.As(err, &drift) {
		t.Errorf("got %v", err)
	}
	if txs, _ := e.Transactions(); len(txs) != 0 {
		t.Errorf("left %v", txs)
	}
}

// A second fix while one is undecided is refused, and the first one's undo
// still works (rpcd forgot its snapshot there).
func TestOnlyOneIsOpen(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a", "a\n")
	write(t, dir+"/b", "b\n")
	before := tree(t, dir)
	e := newEngine(t)
	tx := applied(t, e, dir+"/a")
	p, err := editPlan(dir + "/b")
	must(t, err)
	_, err = e.Apply(context.Background(), p, nil)
	var pending *Pending
	if !errors.As(err, &pending) || pending.Tx.ID != tx.ID {
		t.Fatalf("got %v", err)
	}
	if got, err := e.Recover(context.Background()); err != nil || len(got) != 0 {
		t.Fatalf("recovered an undecided fix of a living process: %v %v", got, err)
	}
	if _, err := e.Rollback(context.Background(), tx.ID); err != nil {
		t.Fatal(err)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("got %s", after)
	}
}

func TestLockedByAnother(t *testing.T) {
	path := t.TempDir() + "/file"
	write(t, path, "a\n")
	e := newEngine(t)
	j, err := journal.Open(e.StateDir)
	must(t, err)
	defer j.Close()
	unlock, err := j.Lock()
	must(t, err)
	p, err := editPlan(path)
	must(t, err)
	if _, err := e.Apply(context.Background(), p, nil); !errors.Is(err, journal.ErrBusy) {
		t.Errorf("got %v", err)
	}
	unlock()
	if _, err := e.Apply(context.Background(), p, nil); err != nil {
		t.Errorf("after unlocking: %v", err)
	}
}

// Whatever is flipped in what the journal holds, undo refuses it.
func TestTamperedJournalIsRefused(t *testing.T) {
	e, path := keptEdit(t)
	after := snapshot(t, path)
	txs, err := e.Transactions()
	must(t, err)
	dir := filepath.Join(e.StateDir, "archive", txs[0].ID)
	files, err := filepath.Glob(dir + "/blobs/*")
	must(t, err)
	for _, file := range append(files, dir+"/intent.json") {
		good, err := os.ReadFile(file)
		must(t, err)
		for i := 0; i < len(good); i += max(1, len(good)/40) {
			bad := bytes.Clone(good)
			bad[i] ^= 0x20
			must(t, os.WriteFile(file, bad, 0o600))
			if _, err := e.Undo(context.Background(), txs[0].ID, true); err == nil {
				t.Fatalf("%s with byte %d flipped was used", filepath.Base(file), i)
			}
			if now := snapshot(t, path); now != after {
				t.Fatalf("%s: touched the file", file)
			}
		}
		must(t, os.WriteFile(file, good, 0o600))
	}
	if _, err := e.Undo(context.Background(), txs[0].ID, false); err != nil {
		t.Errorf("untampered again: %v", err)
	}
}

// Nobody may slip something else under the state directory.
func TestStateDirectoryOfOthersIsRefused(t *testing.T) {
	for name, attack := range map[string]func(t *testing.T, state, elsewhere string){
		"state is a link": func(t *testing.T, s, el string) { symlink(t, el, s) },
		"state is open to others": func(t *testing.T, s, _ string) {
			must(t, os.Mkdir(s, 0o700))
			chmod(t, s, 0o777)
		},
		"state is another's": func(t *testing.T, s, _ string) {
			must(t, os.Mkdir(s, 0o700))
			if err := os.Chown(s, 4242, 4242); err != nil {
				t.Skip(err)
			}
		},
		"tx is a link": func(t *testing.T, s, el string) { must(t, os.Mkdir(s, 0o700)); symlink(t, el, s+"/tx") },
		"archive is a link": func(t *testing.T, s, el string) {
			must(t, os.Mkdir(s, 0o700))
			symlink(t, el, s+"/archive")
		},
		"lock is a link": func(t *testing.T, s, el string) {
			must(t, os.Mkdir(s, 0o700))
			write(t, el+"/victim", "v")
			symlink(t, el+"/victim", s+"/lock")
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, elsewhere := t.TempDir()+"/file", t.TempDir()
			write(t, path, "a\n")
			e := newEngine(t)
			attack(t, e.StateDir, elsewhere)
			before, there := snapshot(t, path), tree(t, elsewhere)
			p, err := editPlan(path)
			must(t, err)
			if _, err := e.Apply(context.Background(), p, nil); err == nil {
				t.Error("applied")
			}
			if snapshot(t, path) != before || tree(t, elsewhere) != there {
				t.Error("something was written")
			}
		})
	}
}

// A transaction folder that is a link, or a blob that is one, is not read.
func TestLinksInsideATransactionAreRefused(t *testing.T) {
	e, path := keptEdit(t)
	after := snapshot(t, path)
	txs, err := e.Transactions()
	must(t, err)
	dir := filepath.Join(e.StateDir, "archive", txs[0].ID)
	blobs, err := filepath.Glob(dir + "/blobs/*")
	must(t, err)
	must(t, os.Rename(blobs[0], dir+"/moved"))
	symlink(t, "../moved", blobs[0])
	if _, err := e.Undo(context.Background(), txs[0].ID, true); err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("got %v", err)
	}
	if snapshot(t, path) != after {
		t.Error("touched the file")
	}
}

func TestUnknownSchemaIsRefused(t *testing.T) {
	e, _ := keptEdit(t)
	intents, err := filepath.Glob(e.StateDir + "/archive/*/intent.json")
	must(t, err)
	b, err := os.ReadFile(intents[0])
	must(t, err)
	at := strings.LastIndex(string(b), "sha256:")
	body := strings.Replace(string(b[:at]), journal.Schema, "deskside.tx/9", 1)
	must(t, os.WriteFile(intents[0], []byte(journal.Sealed(body)), 0o600))
	_, err = e.Undo(context.Background(), "", false)
	if err == nil {
		t.Error("undone")
	}
	txs, err := e.Transactions()
	if err != nil || len(txs) != 1 || txs[0].State != Stuck {
		t.Errorf("%v %v", txs, err)
	}
}

// Reading status makes nothing.
func TestStatusLeavesNoTrace(t *testing.T) {
	e := newEngine(t)
	if txs, err := e.Transactions(); err != nil || txs != nil {
		t.Errorf("%v %v", txs, err)
	}
	if txs, err := e.Recover(context.Background()); err != nil || txs != nil {
		t.Errorf("%v %v", txs, err)
	}
	if _, err := os.Lstat(e.StateDir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a state directory was made")
	}
}

// A context that ended before the first step stops everything; one that ends
// later stops nothing.
func TestContextStopsOnlyBeforeTheFirstStep(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a", "a\n")
	write(t, dir+"/b", "b\n")
	before := tree(t, dir)
	p, err := editPlan(dir+"/a", dir+"/b")
	must(t, err)
	e := newEngine(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Apply(ctx, p, nil); !errors.Is(err, context.Canceled) || tree(t, dir) != before {
		t.Errorf("got %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	tx, err := e.Apply(ctx, p, func(done, of int) { cancel() })
	if err != nil || tx.State != Applied {
		t.Errorf("got %v %v", tx, err)
	}
}
