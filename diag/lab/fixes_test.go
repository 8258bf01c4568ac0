//go:build linux

package lab_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"deskside/diag/lab"
)

// TestFixes treats every world that a fix treats: diagnose, fix, the cause is
// gone, undo, and the PC is as it was to the byte, with the same fault again.
func TestFixes(t *testing.T) {
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range lab.Worlds() {
		if w.Fix == "" {
			continue
		}
		t.Run(w.Name+" by "+w.Fix, func(t *testing.T) {
			t.Parallel()
			l := lab.Start(t, w)
			aim := []string{}
			if w.Target != "" {
				aim = []string{"--target", w.Target}
			}
			check := append([]string{bin, "check", "--json", "--full"}, aim...)
			broken := snapshot(t, l)

			before, _ := run(t, l, nil, check...)
			if !slices.Equal(before.causes(), w.Expect) { // see patiently
				t.Logf("FORGIVEN: a busy machine? named %q; %s", before.causes(), before.haste())
				before, _ = run(t, l, nil, check...)
			}
			if !slices.Equal(before.causes(), w.Expect) {
				t.Fatalf("before: %q, want %q\n%s", before.causes(), w.Expect, before.trouble())
			}
			if changes := broken.Changes(snapshot(t, l)); len(changes) != 0 {
				t.Errorf("check changed the PC: %q", changes)
			}
			must(t, l, append([]string{bin, "fix", "apply", w.Fix, "--yes"}, aim...)...)
			if changes := broken.Changes(snapshot(t, l)); len(changes) == 0 {
				t.Error("the fix changed nothing")
			}
			if after, _ := run(t, l, nil, check...); slices.Contains(after.causes(), w.Expect[0]) {
				t.Errorf("after: still %q\n%s", after.causes(), after.trouble())
			}
			must(t, l, bin, "undo", "--yes")
			if changes := broken.Changes(snapshot(t, l)); len(changes) != 0 {
				t.Errorf("undone, and yet:\n%s", strings.Join(changes, "\n"))
			}
			if again, _ := run(t, l, nil, check...); !slices.Equal(again.causes(), w.Expect) {
				t.Errorf("undone: %q, want %q\n%s", again.causes(), w.Expect, again.trouble())
			}
		})
	}
}

// must runs a command inside that has to end well.
func must(t *testing.T, l *lab.Lab, argv ...string) {
	t.Helper()
	cmd := l.Command(t.Context(), lab.Options{}, argv...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv[1:], " "), err, out.Bytes())
	}
}
