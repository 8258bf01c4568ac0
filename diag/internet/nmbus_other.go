//go:build !linux

package internet

import (
	"context"

	"deskside/diag/host"
)

// nmSays: there is no NetworkManager.
func nmSays(context.Context, host.Host) ([]nmActive, bool) { return nil, false }
