package main

import (
	"fmt"
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/cause"
)

// answersHelp is what --answer says of itself.
const answersHelp = "what a person saw: QUESTION=yes, no or unknown; a report lists its questions (repeatable)"

// answers reads the values of --answer. For scripts and tests: check and
// explain never ask, they are only told.
func answers(values []string) ([]diag.Answer, error) {
	var out []diag.Answer
	for _, v := range values {
		id, said, _ := strings.Cut(v, "=")
		a := diag.Answer{Question: id}
		if ids := cause.QuestionIDs(); !slices.Contains(ids, id) {
			return nil, fmt.Errorf("--answer %s: no question is called %q: there are %s", v, id, strings.Join(ids, ", "))
		}
		if err := a.Said.UnmarshalText([]byte(strings.ToLower(said))); err != nil {
			return nil, fmt.Errorf("--answer %s: want %s=yes, %[2]s=no or %[2]s=unknown", v, id)
		}
		out = append(out, a)
	}
	return out, nil
}
