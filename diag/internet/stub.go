package internet

import (
	"context"

	"deskside/diag"
)

// Local reads the machine only.
func Local(context.Context, *diag.Env) {}

// Probes are this family's measurements.
func Probes() []diag.Probe { return nil }

// Judge is pure.
func Judge(diag.Facts) diag.Judgement { return diag.Judgement{} }
