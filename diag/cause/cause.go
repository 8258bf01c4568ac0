// Package cause is the catalogue of root causes and the rules that name them.
package cause

import "deskside/diag"

// Explain names root causes. It is pure.
func Explain(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }
