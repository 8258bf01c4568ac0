package main

import (
	"os"
	"strings"
	"testing"

	"deskside/diag/cause"
	"deskside/diag/report"
)

// TestReadmeKeepsItsWord: it lists every cause, every format, and every
// command and flag it shows exists.
func TestReadmeKeepsItsWord(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(b)
	for _, id := range cause.IDs() {
		if !strings.Contains(readme, "`"+id+"`") {
			t.Errorf("cause %s is not in the README", id)
		}
	}
	for _, format := range report.Formats {
		if !strings.Contains(readme, format) {
			t.Errorf("format %s is not in the README", format)
		}
	}
	root := (&app{}).root()
	shown := 0
	for _, line := range strings.Split(readme, "\n") {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, "    deskside ") || strings.Contains(line, "·") || strings.Contains(line, "can repair") {
			continue // not a command, or the picture of a page
		}
		shown++
		cmd, _, err := root.Find(words[1:])
		if err != nil || cmd == root {
			t.Errorf("%q: no such command", line)
			continue
		}
		for _, w := range words {
			if name, ok := strings.CutPrefix(strings.Trim(w, "[]"), "--"); ok && cmd.Flag(name) == nil {
				t.Errorf("%q: no flag --%s", line, name)
			}
		}
	}
	if shown < 10 {
		t.Errorf("only %d commands are shown", shown)
	}
}
