package fixes

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"deskside/fixes/step"
)

// snapshot describes a path independently of the code under test: everything
// an undo promises to give back.
func snapshot(t *testing.T, path string) string {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err == unix.ENOENT {
		return "absent"
	} else if err != nil {
		t.Fatal(err)
	}
	s := fmt.Sprintf("mode %o owner %d:%d size %d mtime %d links %d", st.Mode, st.Uid, st.Gid, st.Size, st.Mtim.Nano(), st.Nlink)
	if st.Mode&unix.S_IFMT == unix.S_IFLNK {
		target, err := os.Readlink(path)
		if err != nil {
			t.Fatal(err)
		}
		return s + " -> " + target
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]byte, 4096)
	n, err := unix.Llistxattr(path, names)
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(strings.ReplaceAll(string(names[:n]), "\x00", " "))
	slices.Sort(list)
	for _, name := range list {
		v := make([]byte, 4096)
		n, err := unix.Lgetxattr(path, name, v)
		if err != nil {
			t.Fatal(err)
		}
		s += " " + name + "=" + hex.EncodeToString(v[:n])
	}
	return s + " " + hex.EncodeToString(b)
}

// tree is every path under dir with its snapshot.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			fmt.Fprintln(&b, p, snapshot(t, p))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// editPlan replaces the content of files by other content.
func editPlan(paths ...string) (Plan, error) {
	p := Plan{Fix: "test", Cause: "test.cause", Undo: R0, Cuts: S0}
	for _, path := range paths {
		before, err := step.ObserveFile(path)
		if err != nil {
			return p, err
		}
		p.Steps = append(p.Steps, step.FileStep(path, before, before.WithBytes(append(bytes.Clone(before.Bytes), "changed\n"...))))
	}
	return p, nil
}

// scribble is a plan over everything a file step can meet: a plain file, a
// hard link (written in place), a link that becomes a file, a file that was
// not there.
func scribble(dir string) (Plan, error) {
	return editPlan(dir+"/plain", dir+"/hard1", dir+"/link", dir+"/absent")
}

// scribbled makes the targets of scribble.
func scribbled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir+"/plain", "one\ntwo\n")
	write(t, dir+"/hard1", strings.Repeat("hard\n", 2000))
	if err := os.Link(dir+"/hard1", dir+"/hard2"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../run/nowhere", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	return dir
}
