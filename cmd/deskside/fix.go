package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/text"
	"deskside/fixes"
)

func (a *app) fixCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fix", Short: "List, preview and apply fixes that can be taken back", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&a.target, "target", "", "what does not work, as for check: HOST[:PORT] or URL")
	cmd.AddCommand(a.fixListCmd(), a.fixPlanCmd(), a.fixApplyCmd())
	return cmd
}

// diagnose looks at the machine once, as every fix command does first.
func (a *app) diagnose(ctx context.Context) (diag.Result, error) {
	focus, err := a.aim(nil, a.target, a.target != "")
	if err != nil {
		return diag.Result{}, err
	}
	return catalog.Run(ctx, a.host, catalog.Options{Config: a.cfg, Focus: focus}), nil
}

// offerJSON is one row of fix list --json.
type offerJSON struct {
	Fix     string              `json:"fix"`
	Cause   string              `json:"cause"`
	Title   string              `json:"title"`
	Undo    fixes.Reversibility `json:"undo"`
	Session fixes.SessionRisk   `json:"session_risk"`
	Refused string              `json:"refused,omitempty"`
	ByHand  []string            `json:"by_hand,omitempty"`
}

func (a *app) fixListCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "The fixes that treat what is wrong now", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, err := a.diagnose(cmd.Context())
			if err != nil {
				return err
			}
			rows := []offerJSON{}
			for _, o := range a.engine().Offers(cmd.Context(), res.Facts, res.Diagnosis) {
				row := offerJSON{Fix: o.Fix.ID, Cause: o.Cause, Title: a.printer.S("fix." + o.Fix.ID + ".title"), Undo: o.Fix.Undo, Session: o.Fix.Cuts}
				if o.Refusal != nil {
					row.Refused, row.ByHand = a.printer.T(o.Refusal.Why), o.Refusal.ByHand
				}
				rows = append(rows, row)
			}
			if asJSON {
				return a.json(rows)
			}
			if len(rows) == 0 {
				fmt.Fprintln(a.out, a.printer.S("cmd.fix.none"))
			}
			for _, r := range rows {
				a.say("cmd.fix.row", "Fix", r.Fix, "Title", r.Title, "Cause", r.Cause)
				if r.Refused != "" {
					a.say("cmd.fix.refused", "Why", r.Refused)
				}
				a.byHand(r.ByHand)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (a *app) fixPlanCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "plan FIX", Short: "Exactly what a fix would change; nothing is done", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := known(args[0]); err != nil {
				return err
			}
			res, err := a.diagnose(cmd.Context())
			if err != nil {
				return err
			}
			p, err := a.engine().Plan(cmd.Context(), args[0], res.Facts, res.Diagnosis)
			if err != nil {
				return a.refused(err)
			}
			if asJSON {
				return a.json(p)
			}
			a.showPlan(p)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (a *app) fixApplyCmd() *cobra.Command {
	var yes, asJSON bool
	var within time.Duration
	cmd := &cobra.Command{
		Use: "apply FIX", Short: "Apply a fix, look again, and take it back if it did not help", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := known(args[0]); err != nil {
				return err
			}
			if cmd.Flags().Changed("within") {
				return errors.New("--within: taking back by itself comes with the dead man's switch, which this version does not have yet")
			}
			return a.apply(cmd.Context(), args[0], yes, asJSON)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().DurationVar(&within, "within", 0, "take the fix back unless it is confirmed in this time")
	return cmd
}

// known says no to what is no fix at all, before anything is looked at.
func known(fix string) error {
	var ids []string
	for _, f := range fixes.Catalog() {
		ids = append(ids, f.ID)
	}
	if slices.Contains(ids, fix) {
		return nil
	}
	return fmt.Errorf("no fix is called %q: there are %s", fix, strings.Join(ids, ", "))
}

// refused turns the engine's reason into words and the exit code "refused".
func (a *app) refused(err error) error {
	var r *fixes.Refusal
	if errors.As(err, &r) {
		a.byHandTo(r.ByHand)
		return coded{exitRefused, errors.New(a.printer.T(r.Why))}
	}
	return coded{exitRefused, err}
}

func (a *app) showPlan(p fixes.Plan) {
	a.say("cmd.plan.head", "Fix", p.Fix, "Cause", p.Cause)
	for _, s := range p.Steps {
		fmt.Fprintln(a.out, "  "+a.printer.T(s.Say))
	}
	for _, d := range p.Diff {
		fmt.Fprintln(a.out, "  "+text.Safe(d.Sign+" "+d.Text))
	}
	a.say("cmd.plan.undo." + string(p.Undo))
	a.say("cmd.plan.session." + string(p.Cuts))
}

func (a *app) say(key string, pairs ...any) { fmt.Fprintln(a.out, a.printer.S(key, pairs...)) }

func (a *app) byHand(commands []string) {
	for _, c := range commands {
		fmt.Fprintln(a.out, "    "+text.Safe(c))
	}
}

func (a *app) byHandTo(commands []string) {
	for _, c := range commands {
		fmt.Fprintln(a.err, "    "+text.Safe(c))
	}
}
