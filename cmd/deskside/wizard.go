package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/deep"
	"deskside/diag/report"
	"deskside/diag/watch"
	"deskside/fixes"
	"deskside/tui"
	"deskside/tui/plain"
	"deskside/tui/term"
	"deskside/tui/wizard"
)

// wizard leads the conversation: full screen where the terminal can, numbered
// lines where it cannot. However it ends, a running fix is waited for.
func (a *app) wizard(ctx context.Context) error {
	in, out, facts := a.terminal()
	reason := facts.Plain(a.plain)
	w := wizard.New(wizard.Deps{
		Config: a.cfg,
		Run: func(ctx context.Context, focus diag.Focus, observe func(diag.Event)) diag.Result {
			return catalog.Run(ctx, a.host, catalog.Options{Config: a.cfg, Focus: focus, Observe: observe})
		},
		Watch: func(ctx context.Context, observe func(watch.View)) watch.View {
			v, _ := watch.Machine{Host: a.host, Config: a.cfg, Interval: watch.Interval, Observe: func(_ []watch.Change, view func(int) watch.View) {
				observe(view(tui.WatchSamples))
			}}.Run(ctx)
			return v
		},
		Metered: func(ctx context.Context) diag.Tri { return deep.IsMetered(ctx, a.host) },
		Fixes:   a.engine(), SaveReport: a.saveReport, Command: a.self, Now: time.Now,
	})
	if reason != term.FullScreen {
		if reason != term.Asked {
			fmt.Fprintln(a.err, a.printer.S("screen.plain."+string(reason)))
		}
		return hungUp(plain.Run(ctx, w, a.printer, a.in, a.out))
	}
	driver := wizard.Drive(ctx, w)
	err := tui.Run(ctx, tui.Options{
		Wizard: w, Runner: driver, Printer: a.printer, Facts: facts, Color: term.Color(a.color), In: in, Out: out, Now: time.Now,
	})
	if errors.Is(err, tui.ErrPlain) {
		return hungUp(plain.Continue(ctx, w, driver, a.printer, a.in, a.out))
	}
	back := driver.Finish()
	if errors.Is(err, tui.ErrHangup) || ctx.Err() != nil {
		return silent(exitRefused) // nobody is there to read anything
	}
	a.farewell(w, back)
	return err
}

// hungUp: a line that dropped is not an error worth a message, nobody reads it.
func hungUp(err error) error {
	if errors.Is(err, context.Canceled) {
		return silent(exitRefused)
	}
	return err
}

// farewell leaves on the normal screen what must outlive the full screen: what
// was found, what was changed and how to take it back.
func (a *app) farewell(w *wizard.Wizard, back *wizard.UndoneMsg) {
	if back != nil && back.Err == nil {
		a.say("ui.undo.done")
	}
	plain.Print(a.out, a.printer, w.Farewell())
}

// terminal is what the streams are connected to; anything but files is no
// terminal.
func (a *app) terminal() (in, out *os.File, f term.Facts) {
	in, inOK := a.in.(*os.File)
	out, outOK := a.out.(*os.File)
	if !inOK || !outOK {
		return nil, nil, term.Facts{In: a.in != nil}
	}
	return in, out, term.Look(in, out, os.Getenv)
}

// saveReport writes the redacted report into the state directory.
func (a *app) saveReport(res diag.Result, _ []fixes.Tx) (string, error) {
	rep, err := report.New(res, report.Options{Printer: a.printer, Config: a.cfg})
	if err != nil {
		return "", err
	}
	dir := filepath.Join(a.stateDir, "reports")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, a.host.Now().UTC().Format("20060102T150405Z")+".json")
	return path, a.print(rep, checkFlags{format: "json", out: path})
}
