package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"deskside/diag/text"
	"deskside/fixes"
)

func (a *app) undoCmd() *cobra.Command {
	var yes, force, asJSON bool
	cmd := &cobra.Command{
		Use: "undo [TX]", Short: "Take a kept fix back, any later day; without TX the newest", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tx := ""
			if len(args) == 1 {
				tx = args[0]
			}
			if what, ok := a.undoable(tx); ok && !yes && !a.beside(asJSON).ask(cmd.Context(), "cmd.undo.ask", "Fix", what.Fix, "Tx", what.ID) {
				return coded{exitRefused, errors.New(a.printer.S("cmd.undo.no"))}
			}
			done, err := a.engine().Undo(cmd.Context(), tx, force)
			var drift *fixes.Drift
			if errors.As(err, &drift) {
				for _, d := range drift.Diff {
					fmt.Fprintln(a.err, "  "+text.Safe(d.Sign+" "+d.Text))
				}
				return coded{exitRefused, errors.New(a.printer.S("cmd.undo.drift", "Target", drift.Target))}
			}
			if err != nil {
				return a.ended(done, err)
			}
			if asJSON {
				return a.json(done)
			}
			a.say("cmd.undo.done", "Tx", done.ID, "Fix", done.Fix)
			if kept := a.others(done.ID); len(kept) > 0 {
				a.say("cmd.undo.stood")
				a.byHand(kept)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&force, "force", false, "also when it was changed since; the other bytes are kept")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// undoable is the transaction that an undo would take back; false when there
// is none, which the engine then says without anybody being asked.
func (a *app) undoable(tx string) (fixes.Tx, bool) {
	txs, err := a.engine().Transactions()
	if err != nil {
		return fixes.Tx{}, false
	}
	for _, t := range txs {
		if (t.ID == tx || tx == "") && (t.State == fixes.Confirmed || t.State == fixes.Applied) {
			return t, true
		}
	}
	return fixes.Tx{}, false
}

func (a *app) statusCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "Open and past transactions", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			txs, err := a.engine().Transactions()
			if err != nil {
				return coded{exitRefused, err}
			}
			if asJSON {
				return a.json(append([]fixes.Tx{}, txs...))
			}
			if len(txs) == 0 {
				a.say("cmd.status.none")
			}
			for _, tx := range txs {
				a.row(tx)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (a *app) recoverCmd() *cobra.Command {
	return &cobra.Command{
		Use: "recover", Short: "Finish or take back what a crash left; safe at any time", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			txs, err := a.engine().Recover(cmd.Context())
			for _, tx := range txs {
				a.row(tx)
				if tx.State == fixes.Stuck && err == nil {
					err = coded{exitStuck, errors.New(a.printer.S("cmd.recover.stuck", "Tx", tx.ID))}
				}
			}
			if err == nil && len(txs) == 0 {
				a.say("cmd.recover.nothing")
			}
			return err
		},
	}
}

// row is a transaction in two lines, neither wider than a narrow terminal.
func (a *app) row(tx fixes.Tx) {
	a.say("cmd.status.row", "Tx", tx.ID, "State", string(tx.State), "At", tx.At)
	a.say("cmd.status.what", "Fix", tx.Fix, "Cause", tx.Cause)
}
