//go:build !linux

package watch

import "context"

// Listen hears nothing here; the ticks look often enough.
func Listen(context.Context) (<-chan struct{}, <-chan News) { return nil, nil }
