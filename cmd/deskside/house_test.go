package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestHouse proves which way the parts may know each other:
// cmd → tui → fixes → diag → diag/host.
func TestHouse(t *testing.T) {
	rules := []struct{ from, never string }{
		{"deskside/diag/...", "deskside/fixes"},
		{"deskside/diag/...", "deskside/tui"},
		{"deskside/diag/...", "github.com/charmbracelet"},
		{"deskside/fixes/...", "deskside/tui"},
		{"deskside/fixes/...", "github.com/charmbracelet"},
		{"deskside/tui/...", "deskside/cmd"},
		{"deskside/tui/wizard", "github.com/charmbracelet/bubbletea"},
		{"deskside/tui/plain", "github.com/charmbracelet/bubbletea"},
		{"deskside/tui/plain", "github.com/charmbracelet/lipgloss"},
		{"deskside/tui/term", "github.com/charmbracelet/bubbletea"},
		{"deskside/diag/host", "deskside/diag/link"},
	}
	deps := map[string]string{}
	for _, r := range rules {
		if deps[r.from] == "" {
			out, err := exec.Command("go", "list", "-deps", r.from).Output()
			if err != nil {
				t.Fatalf("go list -deps %s: %v", r.from, err)
			}
			deps[r.from] = "\n" + string(out)
		}
		if strings.Contains(deps[r.from], "\n"+r.never) {
			t.Errorf("%s reaches %s", r.from, r.never)
		}
	}
}
