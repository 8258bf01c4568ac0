// Package ttytest runs a program on a real pseudo-terminal and reads its
// screen, for tests of whatever draws on one. It exists on Linux only.
package ttytest

import "time"

// Patience bounds every wait; a busy machine is slow, not wrong.
const Patience = 20 * time.Second

// Queries a terminal may be asked at start-up, and that one which never
// answers makes a program wait for: ECMA-48 CPR and DA, xterm's OSC 10 and 11,
// DECRQM of synchronized output.
var Queries = []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[c", "\x1b[?2026$p"}
