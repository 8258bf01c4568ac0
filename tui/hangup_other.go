//go:build !linux

package tui

import (
	"context"
	"os"
)

// watchHangup does nothing here: Windows ends the process with its console,
// and elsewhere SIGHUP ends the context.
func watchHangup(context.Context, *os.File, func()) {}
