//go:build !linux

package deep

import (
	"context"

	"deskside/diag"
	"deskside/diag/host"
)

// IsMetered cannot be told on this system so far.
func IsMetered(context.Context, host.Host) diag.Tri { return diag.Maybe }
