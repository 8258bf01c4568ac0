package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"deskside/diag/text"
	"deskside/fixes"
)

// appliedJSON is what fix apply --json prints.
type appliedJSON struct {
	fixes.Tx
	How string `json:"outcome"`
	// To confirm with, and how long: empty and 0 until the dead man's switch is
	// there, because then nothing waits to be confirmed.
	Code     string `json:"code"`
	Deadline int    `json:"deadline_s"`
}

// apply plans, asks, applies, looks again, and keeps the change only when the
// second look is better.
func (a *app) apply(ctx context.Context, fix string, yes, asJSON bool) error {
	before, p, err := a.planned(ctx, fix)
	if err != nil {
		return err
	}
	eng := a.engine()
	if !yes {
		person := a.beside(asJSON)
		person.showPlan(p)
		if !person.ask(ctx, "cmd.apply.ask") {
			return coded{exitRefused, errors.New(a.printer.S("cmd.apply.no"))}
		}
	}
	tx, err := eng.Apply(ctx, p, nil)
	if err != nil {
		return a.ended(tx, err)
	}
	after, _, err := a.diagnose(ctx)
	if err != nil { // the target was good a moment ago
		return err
	}
	how := fixes.Compare(before.Assessment, after.Assessment, p.Cause)
	if ctx.Err() != nil { // whoever stops us, or is cut off, has not seen it help
		how = stopped
	}
	if how != fixes.Cured {
		if tx, err = eng.Rollback(context.WithoutCancel(ctx), tx.ID); err != nil {
			return a.ended(tx, err)
		}
		if asJSON {
			_ = a.json(appliedJSON{Tx: tx, How: string(how)})
		}
		return coded{exitBack, errors.New(a.printer.S("cmd.apply.back." + string(how)))}
	}
	if tx, err = eng.Keep(context.WithoutCancel(ctx), tx.ID); err != nil {
		return a.ended(tx, err)
	}
	if asJSON {
		return a.json(appliedJSON{Tx: tx, How: string(how)})
	}
	a.say("cmd.apply.done")
	fmt.Fprintln(a.out, "    "+text.Safe(a.self("undo "+tx.ID)))
	return nil
}

// stopped is a second look that was cut short: nobody knows whether it helped.
const stopped fixes.Better = "stopped"

// ended says how a transaction that went wrong stands now.
func (a *app) ended(tx fixes.Tx, err error) error {
	switch tx.State {
	case fixes.Stuck:
		return coded{exitStuck, err}
	case fixes.RolledBack:
		return coded{exitBack, err}
	}
	return a.refused(err)
}

// beside is the same program with its words on standard error, where standard
// output is kept for one JSON document.
func (a *app) beside(asJSON bool) *app {
	b := *a
	if asJSON {
		b.out = a.err
	}
	return &b
}

// ask asks a yes-or-no question; only a clear yes is a yes. End of input,
// silence, a signal and everything else are a no.
func (a *app) ask(ctx context.Context, key string, pairs ...any) bool {
	fmt.Fprint(a.out, a.printer.S(key, pairs...)+" [y/N] ")
	line, err := unless(ctx, func() (string, error) { return bufio.NewReader(a.in).ReadString('\n') })
	if err != nil {
		fmt.Fprintln(a.out)
		return false
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "д", "да":
		return true
	}
	return false
}

// unless returns what read returns, or ctx's error when ctx ends first. A read
// from a terminal cannot be interrupted, and signals only end ctx; the read is
// left behind, so nothing may read there afterwards.
func unless[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := read()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
