//go:build !linux

package watch

import "time"

var start = time.Now()

// Now reads the clocks. Without a clock that goes on during sleep, a sleep
// shows as a wall clock that was put forward.
func Now() Moment {
	mono := time.Since(start)
	return Moment{Wall: wall(), Mono: mono, Boot: mono}
}
