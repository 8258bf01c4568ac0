package main

import (
	"strings"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// stall is what a start-up query costs on a terminal that never answers
// (termenv's OSCTimeout is 5 s). What comes sooner was not waited for.
const stall = 3 * time.Second

// screenEnv is a capable terminal. CI is emptied because termenv never asks a
// terminal anything where it is set, and the test would see nothing.
var screenEnv = []string{"TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "CI=", "NO_COLOR=", "ACCESSIBLE="}

// TestSilence: no command ever asks the terminal anything, so that none stalls
// where nobody answers.
func TestSilence(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-hosts-override")
	commands := []struct {
		args  string
		first string // what is there when the program is up
		code  int
	}{
		{"", firstPage, -1},
		{"--plain", firstPage, -1},
		{"check", "(dns.hosts_override)", 2},
		{"check dns --format json", `"schema"`, 2},
		{"fix", "Usage", 0},
		{"fix list", "hosts-comment-line", 0},
		{"fix plan hosts-comment-line", "/etc/hosts", 0},
		{"fix apply hosts-comment-line", "[y/N]", -1},
		{"explain /nonexistent.json", "nonexistent", 3},
		{"status", en.S("cmd.status.none"), 0},
		{"undo", "deskside: ", exitRefused},
		{"recover", en.S("cmd.recover.nothing"), 0},
		{"version", "deskside", 0},
		{"--help", "Usage", 0},
		{"check --help", "Exit codes", 0},
		{"--frobnicate", "unknown flag", 3},
		{"dance", "unknown command", 3},
	}
	for _, c := range commands {
		t.Run("deskside "+c.args, func(t *testing.T) {
			on := *p
			on.t = t
			x := ttytest.Open(t, on.deskside(lab.Options{Env: screenEnv}, strings.Fields(c.args)...), 80, 24, ttytest.Mute)
			x.AwaitRaw(c.first)
			took := time.Since(x.Born)
			t.Logf("first words after %v", took.Round(time.Millisecond))
			if took > stall {
				t.Errorf("first words after %v", took)
			}
			if c.code >= 0 {
				if code := x.Ends(); code != c.code {
					t.Errorf("exit %d, want %d:\n%s", code, c.code, x.Screen())
				}
			}
			for _, q := range ttytest.Queries {
				if strings.Contains(x.Raw(), q) {
					t.Errorf("the terminal was asked %q", q)
				}
			}
		})
	}
	p.unchanged("after every command was started")
}
