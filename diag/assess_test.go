package diag_test

import (
	"testing"

	"deskside/diag"
)

// TestOverall: what the exit code says.
func TestOverall(t *testing.T) {
	finding := func(s diag.Status, side bool) diag.Finding { return diag.Finding{Code: "x", Status: s, Side: side} }
	warns := diag.Diagnosis{Causes: []diag.Cause{{ID: "c", Severity: diag.Warn, Explains: []string{"x"}}}}
	tests := map[string]struct {
		findings []diag.Finding
		d        diag.Diagnosis
		want     diag.Status
	}{
		"all fine":                              {[]diag.Finding{finding(diag.OK, false)}, diag.Diagnosis{}, diag.OK},
		"nothing looked at":                     {nil, diag.Diagnosis{}, diag.Unknown},
		"only what does not apply":              {[]diag.Finding{finding(diag.Skipped, false)}, diag.Diagnosis{}, diag.OK},
		"something not told":                    {[]diag.Finding{finding(diag.OK, false), {Code: "y"}}, diag.Diagnosis{}, diag.Unknown},
		"a side matter not told":                {[]diag.Finding{finding(diag.OK, false), {Code: "y", Side: true}}, diag.Diagnosis{}, diag.OK},
		"a side matter wrong":                   {[]diag.Finding{finding(diag.OK, false), {Code: "y", Status: diag.Warn, Side: true}}, diag.Diagnosis{}, diag.Warn},
		"a failure nobody explains":             {[]diag.Finding{finding(diag.Fail, false)}, diag.Diagnosis{}, diag.Fail},
		"a failure that a warning accounts for": {[]diag.Finding{finding(diag.Fail, false)}, warns, diag.Warn},
	}
	for name, tt := range tests {
		checks := []diag.Check{{ID: "a", Judge: func(diag.Facts) diag.Judgement { return diag.Judgement{Findings: tt.findings} }}}
		explain := func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return tt.d }
		if got := diag.Assess(checks, explain, diag.Facts{}).Status; got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
