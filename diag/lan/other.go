//go:build !linux

package lan

import (
	"context"

	"deskside/diag"
)

// Local asks nobody on this system yet.
func Local(context.Context, *diag.Env) {}

// Probes are none on this system yet.
func Probes() []diag.Probe { return nil }
