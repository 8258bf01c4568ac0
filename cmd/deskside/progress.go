package main

import (
	"fmt"
	"os"

	"deskside/diag"
	"deskside/tui/term"
)

// progress tells a person who waits for a longer look what it is at: on the
// terminal of standard error, one whole line per measurement, so that screen
// readers and dumb terminals read the same. Nil where nobody is looking there.
func (a *app) progress() func(diag.Event) {
	in, inOK := a.in.(*os.File)
	err, errOK := a.err.(*os.File)
	if !inOK || !errOK || !term.Look(in, err, os.Getenv).Out {
		return nil
	}
	said := ""
	return func(e diag.Event) {
		at := current(e.Parts)
		if at == said || !a.printer.Has("part."+at) {
			return
		}
		said = at
		fmt.Fprintln(a.err, a.printer.S("path.now", "Part", a.printer.S("part."+at)))
	}
}

// current is the first measurement of a longer look that still runs.
func current(parts []diag.Part) string {
	for _, p := range parts {
		if !p.Ended {
			return p.Probe
		}
	}
	return ""
}
