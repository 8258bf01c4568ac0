package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"deskside/diag"
	"deskside/diag/watch"
	"deskside/tui"
	"deskside/tui/term"
)

// watchFlags are watch's own.
type watchFlags struct {
	interval, long time.Duration
	json, full     bool
}

// watchCmd watches until it is stopped. Running it is the yes to what it
// sends; it never writes to the machine and never asks.
func (a *app) watchCmd() *cobra.Command {
	var fl watchFlags
	cmd := &cobra.Command{
		Use: "watch", Short: "Watch the connection for trouble that comes and goes, and name the cause while it lasts",
		Long: "Repeats the cheap probes, draws them, and keeps a timeline of what stopped answering and why.\n" +
			"In the long run it sends at most 3 packets a second; a look for a cause sends about 60 at once.\n" +
			"It exits with 0 whatever it saw. Ctrl+C prints the summary.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if fl.interval < watch.Interval {
				return errors.New(a.printer.S("cmd.watch.interval", "Given", fl.interval.String(), "Least", watch.Interval.String()))
			}
			ctx := cmd.Context()
			if cmd.Flags().Changed("for") {
				if fl.long <= 0 {
					return errors.New(a.printer.S("cmd.watch.for", "Given", fl.long.String()))
				}
				var stop context.CancelFunc
				ctx, stop = context.WithTimeout(ctx, fl.long)
				defer stop()
			}
			return a.watch(ctx, fl)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&fl.interval, "interval", watch.Interval, "time between two askings, 2s or more")
	f.DurationVar(&fl.long, "for", 0, "stop by itself after this time, like 1h; without it: when stopped")
	f.BoolVar(&fl.json, "json", false, "one JSON object a line: what happens, and the summary at the end")
	f.BoolVar(&fl.full, "full", false, "with --json: do not leave out addresses")
	return cmd
}

// watch chooses who looks on: a program, a person with lines, or the screen.
func (a *app) watch(ctx context.Context, fl watchFlags) error {
	m := watch.Machine{Host: a.host, Config: a.cfg, Interval: fl.interval}
	if fl.json {
		j := newWatchJSON(a.out, fl)
		m.Observe = j.observe
		j.started(watch.Now())
		view, sent := m.Run(ctx)
		j.summary(view, sent)
		return j.err
	}
	in, out, facts := a.terminal()
	lines := &watchLines{p: a.printer, w: a.out}
	if reason := facts.Plain(a.plain); reason != term.FullScreen || !facts.In {
		lines.start(fl)
		m.Observe = lines.observe
		view, sent := m.Run(ctx)
		lines.summary(view, sent)
		return nil
	}
	view, sent, err := a.watchScreen(ctx, m, tui.WatchOptions{
		Printer: a.printer, Facts: facts, Color: term.Color(a.color), In: in, Out: out, Interval: fl.interval,
	})
	if errors.Is(err, tui.ErrHangup) {
		return silent(exitRefused) // nobody is there to read anything
	}
	lines.summary(view, sent)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	return nil
}

// watchScreen runs the watch behind the full screen; whichever ends first ends the
// other.
func (a *app) watchScreen(ctx context.Context, m watch.Machine, o tui.WatchOptions) (view watch.View, sent []diag.Contact, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	latest := make(chan watch.View, 1)
	m.Observe = func(_ []watch.Change, picture func(int) watch.View) {
		select {
		case <-latest: // the screen is slow: only the newest counts
		default:
		}
		latest <- picture(tui.WatchSamples)
	}
	o.Views = latest
	over := make(chan struct{})
	go func() {
		defer close(over)
		view, sent = m.Run(ctx)
	}()
	err = tui.Watch(ctx, o)
	if ctx.Err() != nil && !errors.Is(err, tui.ErrHangup) {
		err = nil // --for is over, or a signal: the summary says the rest
	}
	stop()
	<-over
	return view, sent, err
}
