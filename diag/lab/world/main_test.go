//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"deskside/diag/lab"
)

// build makes the program; running it is the only way to see what it leaves.
func build(t *testing.T) string {
	t.Helper()
	lab.Start(t, lab.World{Name: "plain"}) // skips where no world can be built
	path := filepath.Join(t.TempDir(), "world")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

func TestProgram(t *testing.T) {
	bin := build(t)
	t.Setenv("TMPDIR", t.TempDir())
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{0, "dns-server-silent", []string{"list"}},
		{3, "no world", []string{"no-such-world"}},
		{2, "unknown flag", []string{"--no-such-flag"}},
		{0, "uid=0", []string{"healthy", "--", "id"}},
		{7, "nameserver 9.9.9.9", []string{"healthy", "--", "sh", "-c", "cat /etc/resolv.conf; exit 7"}},
		{0, "65534", []string{"--user", "nobody", "healthy", "--", "id", "-u"}},
		{0, "1\t0", []string{"--no-ping", "healthy", "--", "cat", "/proc/sys/net/ipv4/ping_group_range"}},
		{0, "lo:", []string{"link-none", "--", "cat", "/proc/net/dev"}},
		{126, "no-such-program", []string{"healthy", "--", "no-such-program"}},
	} {
		out, err := exec.Command(bin, c.args...).CombinedOutput()
		if got := code(t, err); got != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("world %q: code %d, want %d and %q in\n%s", c.args, got, c.code, c.says, out)
		}
	}
	empty(t, os.Getenv("TMPDIR"))
}

// A signal ends the command, and then the world is taken down all the same.
func TestSignal(t *testing.T) {
	bin := build(t)
	t.Setenv("TMPDIR", t.TempDir())
	cmd := exec.Command(bin, "healthy", "--", "sh", "-c", "echo up; exec sleep 60")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	up := make([]byte, 3)
	if _, err := out.Read(up); err != nil || !bytes.HasPrefix(up, []byte("up")) {
		t.Fatalf("%q, %v", up, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := code(t, cmd.Wait()); got != 128+int(syscall.SIGTERM) {
		t.Errorf("code %d after SIGTERM", got)
	}
	empty(t, os.Getenv("TMPDIR"))
}

func code(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
