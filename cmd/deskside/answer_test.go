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
			got := command(t, "", args...)
			got.want(t, 3, "--answer "+answer)
			if strings.HasPrefix(answer, "other_device") {
				got.want(t, 3, "other_device=yes", "other_device=no", "other_device=unknown")
			} else {
				got.want(t, 3, cause.QuestionIDs()...)
			}
			if got.out != "" || strings.Count(got.err, "\n") != 1 {
				t.Errorf("%v: stdout %q, stderr %q", args, got.out, got.err)
			}
		}
	}
}
