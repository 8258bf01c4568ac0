package main

import (
	"strings"
	"testing"

	"deskside/diag/cause"
)

// TestAnswerWrongly: one line that lists what can be answered, and exit 3.
func TestAnswerWrongly(t *testing.T) {
	saved := file(t, "r.json", `{"schema":"deskside.report/1","facts":{}}`)
	for _, answer := range []string{"other_device", "other_device=", "other_device=maybe", "nobody=yes", "=yes", ""} {
		for _, args := range [][]string{{"explain", saved, "--answer", answer}, {"check", "--answer", "line_light=no", "--answer", answer}} {
			says := cause.QuestionIDs()
			if strings.HasPrefix(answer, "other_device") {
				says = []string{"other_device=yes", "other_device=no", "other_device=unknown"}
			}
			got := command(t, "", args...)
			if got.code != 3 || got.out != "" || strings.Count(got.err, "\n") != 1 {
				t.Errorf("%v: exit %d, stdout %q, stderr %q", args, got.code, got.out, got.err)
			}
			for _, s := range append(says, "--answer "+answer) {
				if !strings.Contains(got.err, s) {
					t.Errorf("%v: %q does not say %q", args, got.err, s)
				}
			}
		}
	}
}
