package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestOutFile: a report lands in a file whole, and nothing that is not a file
// is ever replaced by one.
func TestOutFile(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "report"), filepath.Join(dir, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for _, path := range []string{target, link} {
		if err := writeFile(path, []byte(path)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(target); string(got) != path {
			t.Errorf("%s: %q", path, got)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	if info, _ := os.Stat(target); info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	if err := writeFile(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s is a file now", os.DevNull)
	}
	for _, bad := range []string{dir, filepath.Join(dir, "none", "report")} {
		if err := writeFile(bad, nil); err == nil {
			t.Errorf("%s: written", bad)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".deskside-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
