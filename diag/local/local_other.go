//go:build !linux

package local

import (
	"context"

	"deskside/diag"
)

// Local reads nothing on this system yet.
func Local(context.Context, *diag.Env) {}

// Probes are none on this system yet.
func Probes() []diag.Probe { return nil }
