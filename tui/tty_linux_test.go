package tui

import (
	"os"
	"os/exec"
	"testing"

	"deskside/tui/ttytest"
)

// tty is the demo program on a real pseudo-terminal, and what it wrote down.
type tty struct {
	*ttytest.TTY
	t     *testing.T
	trace string
}

// openTTY starts the demo at a page. A mute terminal never answers a query.
func openTTY(t *testing.T, page string, at size, mute bool, env ...string) *tty {
	t.Helper()
	if testing.Short() {
		t.Skip("a real pseudo-terminal: not with -short")
	}
	trace := t.TempDir() + "/trace"
	cmd := exec.Command(os.Args[0])
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8",
		demoEnv + "=" + page, "DEMO_TRACE=" + trace}, env...)
	return &tty{ttytest.Open(t, cmd, at.w, at.h, ttytest.Kind(mute)), t, trace}
}

// ends waits for the process and returns its trace.
func (x *tty) ends() string {
	x.t.Helper()
	x.Ends()
	trace, err := os.ReadFile(x.trace)
	if err != nil {
		x.t.Fatal(err)
	}
	return string(trace)
}
