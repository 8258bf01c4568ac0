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
func (a *app) diagnose(ctx context.Context) (diag.Result, diag.Focus, error) {
	focus, err := a.aim(nil, a.target, a.target != "")
	if err != nil {
		return diag.Result{}, focus, err
	}
	return a.look(ctx, focus), focus, nil
}

func (a *app) look(ctx context.Context, focus diag.Focus) diag.Result {
	return catalog.Run(ctx, a.host, catalog.Options{Config: a.cfg, Focus: focus})
}

// second is how a look that has just ended is made once more.
func (a *app) second(first diag.Result, asked diag.Focus) fixes.Second {
	ago := time.Duration((first.DurationMS - first.VerdictMS) * float64(time.Millisecond))
	return fixes.Second{Look: a.look, Asked: asked, Verdict: time.Now().Add(-ago)}
}

// planned looks, plans a fix, and looks once more at what it is for: a fault
// that comes and goes is not repaired.
func (a *app) planned(ctx context.Context, fix string) (diag.Result, fixes.Plan, error) {
	res, focus, err := a.diagnose(ctx)
	if err != nil {
		return res, fixes.Plan{}, err
	}
	p, err := a.engine().Plan(ctx, fix, res.Facts, res.Diagnosis)
	if err != nil {
		return res, p, a.refused(err)
	}
	for _, c := range res.Diagnosis.Causes {
		if c.ID != p.Cause {
			continue
		}
		if no := a.second(res, focus).Reconfirm(ctx, res.Assessment, c); no != nil {
			return res, p, a.refused(no)
		}
	}
	return res, p, nil
}

// offerJSON is one row of fix list --json.
type offerJSON struct {
	Fix     string              `json:"fix"`
	Cause   string              `json:"cause"`
	Title   string              `json:"title"`
	Undo    fixes.Reversibility `json:"undo"`
	Session fixes.SessionRisk   `json:"session_risk"`
	Refused string              `json:"refused,omitempty"`
	Gone    bool                `json:"gone,omitempty"` // refused because the fault was gone on a second look
	ByHand  []string            `json:"by_hand,omitempty"`
}

func (a *app) fixListCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "The fixes that treat what is wrong now", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			res, focus, err := a.diagnose(cmd.Context())
			if err != nil {
				return err
			}
			offers := a.engine().Offers(cmd.Context(), res.Facts, res.Diagnosis)
			offers = a.second(res, focus).Offers(cmd.Context(), res.Assessment, offers)
			rows := []offerJSON{}
			for _, o := range offers {
				row := offerJSON{Fix: o.Fix.ID, Cause: o.Cause, Title: a.printer.S("fix." + o.Fix.ID + ".title"), Undo: o.Fix.Undo, Session: o.Fix.Cuts}
				if o.Refusal != nil {
					row.Refused, row.ByHand, row.Gone = a.printer.T(o.Refusal.Why), o.Refusal.ByHand, o.Refusal.Gone
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
				switch {
				case r.Gone:
					a.say("cmd.fix.gone", "Why", r.Refused)
				case r.Refused != "":
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
		Use: "plan FIX", Short: "Exactly what a fix would change; nothing is done", Args: one("a fix, such as dns-set-servers; deskside fix list shows those that fit"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := known(args[0]); err != nil {
				return err
			}
			_, p, err := a.planned(cmd.Context(), args[0])
			if err != nil {
				return err
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
		Use: "apply FIX", Short: "Apply a fix, look again, and take it back if it did not help", Args: one("a fix, such as dns-set-servers; deskside fix list shows those that fit"),
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
		for _, line := range text.Wrap(a.printer.T(s.Say), 76) {
			fmt.Fprintln(a.out, "  "+line)
		}
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
