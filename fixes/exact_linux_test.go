package fixes

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"deskside/fixes/step"
)

// The promise of R0: after undo, bytes, mode, owner, xattrs, modification
// time and links are what they were, and a different process can do it.
func TestUndoGivesBackExactly(t *testing.T) {
	old := time.Date(2001, 2, 3, 4, 5, 6, 789, time.UTC)
	cases := map[string]func(t *testing.T, path string){
		"plain":            func(t *testing.T, p string) { write(t, p, "a\nb\n") },
		"empty":            func(t *testing.T, p string) { write(t, p, "") },
		"no final newline": func(t *testing.T, p string) { write(t, p, "a\nb") },
		"crlf":             func(t *testing.T, p string) { write(t, p, "a\r\nb\r\n") },
		"bom":              func(t *testing.T, p string) { write(t, p, "\xef\xbb\xbfa\n") },
		"not text":         func(t *testing.T, p string) { write(t, p, "\x00\xff\xfe\n") },
		"0400":             func(t *testing.T, p string) { write(t, p, "a\n"); chmod(t, p, 0o400) },
		"setuid":           func(t *testing.T, p string) { write(t, p, "a\n"); chmod(t, p, 0o4755) },
		"sticky":           func(t *testing.T, p string) { write(t, p, "a\n"); chmod(t, p, 0o1644) },
		"user xattr": func(t *testing.T, p string) {
			write(t, p, "a\n")
			xattr(t, p, "user.note", "kept\x00too")
		},
		"foreign owner": func(t *testing.T, p string) {
			write(t, p, "a\n")
			if err := os.Chown(p, 1234, 4321); err != nil {
				t.Skip(err)
			}
			chmod(t, p, 0o6750)
		},
		"relative link": func(t *testing.T, p string) {
			write(t, filepath.Dir(p)+"/to", "a\n")
			symlink(t, "to", p)
		},
		"dangling link": func(t *testing.T, p string) { symlink(t, "/nowhere/at/all", p) },
		"absent":        func(t *testing.T, p string) {},
		"hard link": func(t *testing.T, p string) {
			write(t, p, "a\n")
			if err := os.Link(p, p+".other"); err != nil {
				t.Fatal(err)
			}
		},
		"long name": func(t *testing.T, p string) { write(t, p, "a\n") },
	}
	for name, lay := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := dir + "/target"
			if name == "long name" {
				path = dir + "/" + strings.Repeat("n", 255)
			}
			lay(t, path)
			if _, err := os.Lstat(path); err == nil {
				ts := []unix.Timespec{unix.NsecToTimespec(old.UnixNano()), unix.NsecToTimespec(old.UnixNano())}
				if err := unix.UtimesNanoAt(unix.AT_FDCWD, path, ts, unix.AT_SYMLINK_NOFOLLOW); err != nil {
					t.Fatal(err)
				}
			}
			before := tree(t, dir)

			e := newEngine(t)
			tx := applied(t, e, path)
			if now, err := os.ReadFile(path); err != nil || !bytes.HasSuffix(now, []byte("changed\n")) {
				t.Fatalf("not applied: %q, %v", now, err)
			}
			if _, err := e.Keep(context.Background(), tx.ID); err != nil {
				t.Fatal(err)
			}
			if out, err := child("undo", e.StateDir, "0").CombinedOutput(); err != nil {
				t.Fatalf("undo in another process: %v %s", err, out)
			}
			if after := tree(t, dir); after != before {
				t.Errorf("before:\n%s\nafter undo:\n%s", before, after)
			}
			if txs, err := e.Transactions(); err != nil || len(txs) != 1 || txs[0].State != Undone {
				t.Errorf("transactions %v, %v", txs, err)
			}
		})
	}
}

// A file that is mounted over (containers do it to resolv.conf) cannot be
// renamed away; it is written in place.
func TestBindMountIsWrittenInPlace(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNS) {
		return
	}
	dir := t.TempDir()
	path := dir + "/mounted"
	write(t, path, "from outside\n")
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	must(t, unix.Mount(path, path, "", unix.MS_BIND, ""))
	defer unix.Unmount(path, unix.MNT_DETACH)
	before := tree(t, dir)
	e := newEngine(t)
	tx := applied(t, e, path)
	if b, err := os.ReadFile(path); err != nil || string(b) != "from outside\nchanged\n" {
		t.Fatalf("%q %v", b, err)
	}
	if _, err := e.Rollback(context.Background(), tx.ID); err != nil {
		t.Fatal(err)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// A folder that is protected (chattr +i) gives an error that names it, and
// nothing is left over.
func TestImmutableFolder(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/file"
	write(t, path, "a\n")
	f, err := os.Open(dir)
	must(t, err)
	defer f.Close()
	flags, err := unix.IoctlGetInt(int(f.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		t.Skip("no inode flags on this filesystem:", err)
	}
	if err := unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flags|0x10); err != nil {
		t.Skip("may not protect a folder here:", err)
	}
	defer unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flags)
	if got := step.Locked(path); got != dir {
		t.Errorf("locked by %q, want %q", got, dir)
	}
	before := tree(t, dir)
	p, err := editPlan(path)
	must(t, err)
	tx, err := newEngine(t).Apply(context.Background(), p, nil)
	var failed *Failed
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), path) || tx.State != RolledBack {
		t.Errorf("state %s, error %v", tx.State, err)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("changed: %s", after)
	}
}

// applied applies an edit of one path.
func applied(t *testing.T, e *Engine, path string) Tx {
	t.Helper()
	p, err := editPlan(path)
	must(t, err)
	tx, err := e.Apply(context.Background(), p, nil)
	if err != nil || tx.State != Applied {
		t.Fatalf("apply: %v, %v", tx, err)
	}
	return tx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// chmod by the system call: os.Chmod has its own idea of setuid.
func chmod(t *testing.T, path string, mode uint32) { t.Helper(); must(t, unix.Chmod(path, mode)) }

func xattr(t *testing.T, path, name, value string) {
	t.Helper()
	if err := unix.Setxattr(path, name, []byte(value), 0); err != nil {
		t.Skip("no extended attributes here:", err)
	}
}

func symlink(t *testing.T, target, path string) { t.Helper(); must(t, os.Symlink(target, path)) }
