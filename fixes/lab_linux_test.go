package fixes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/lab"
)

// treated is what the job inside a world reports.
type treated struct {
	Before, After []string // causes
	Better        Better
	Undo          Reversibility
	Tx            Tx
}

func init() {
	jobs["treat"] = func(a []string) error { // fix
		e := engineAt(os.Getenv("DESKSIDE_STATE_DIR"))
		first, err := lookInside()
		if err != nil {
			return err
		}
		p, err := e.Plan(context.Background(), a[0], first.Facts, first.Diagnosis)
		if err != nil {
			var no *Refusal
			if errors.As(err, &no) {
				return fmt.Errorf("%v refused: %s %v, by hand %v", causesOf(first), no.Why.Key, no.Why.Args, no.ByHand)
			}
			return fmt.Errorf("%v: %w", causesOf(first), err)
		}
		if len(p.Diff) == 0 || len(p.Steps) == 0 || p.Steps[0].Say.IsZero() {
			return fmt.Errorf("an empty plan: %+v", p)
		}
		tx, err := e.Apply(context.Background(), p, nil)
		if err != nil {
			return err
		}
		second, err := lookInside()
		if err != nil {
			return err
		}
		out := treated{causesOf(first), causesOf(second), Compare(first.Assessment, second.Assessment, p.Cause), p.Undo, tx}
		if out.Tx, err = e.Keep(context.Background(), tx.ID); err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(out)
	}
	jobs["untreat"] = func([]string) error {
		tx, err := engineAt(os.Getenv("DESKSIDE_STATE_DIR")).Undo(context.Background(), "", false)
		if err != nil {
			return err
		}
		again, err := lookInside()
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(treated{After: causesOf(again), Tx: tx})
	}
}

func lookInside() (diag.Result, error) {
	cfg, err := config.Load(os.Getenv("DESKSIDE_CONFIG"))
	if err != nil {
		return diag.Result{}, err
	}
	return catalog.Run(context.Background(), host.Local{}, catalog.Options{Config: cfg}), nil
}

func causesOf(r diag.Result) (out []string) {
	for _, c := range r.Diagnosis.Causes {
		out = append(out, c.ID)
	}
	return out
}

// The whole road, in every world a fix is for: diagnose, fix, the cause is
// gone, undo in another process, the world is as it was, and the same cause
// is there again.
func TestEveryWorldWithAFix(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range lab.Worlds() {
		if w.Fix == "" || w.Target != "" { // with a target: see the program's own tests
			continue
		}
		seen[w.Fix] = true
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			l := lab.Start(t, w)
			before, err := l.Snapshot()
			must(t, err)

			did := inWorld(t, l, "treat|"+w.Fix)
			if did.Better != Cured {
				t.Errorf("%v, then %v: %s", did.Before, did.After, did.Better)
			}
			fixed, err := l.Snapshot()
			must(t, err)
			if len(before.Changes(fixed)) == 0 {
				t.Error("the fix changed nothing")
			}

			undone := inWorld(t, l, "untreat")
			if undone.Tx.State != Undone {
				t.Errorf("state %s", undone.Tx.State)
			}
			after, err := l.Snapshot()
			must(t, err)
			if diff := before.Changes(after); len(diff) != 0 {
				t.Errorf("undo left: %q", diff)
			}
			if len(undone.After) == 0 || undone.After[0] != did.Before[0] {
				t.Errorf("before %v, after undo %v", did.Before, undone.After)
			}
		})
	}
	for _, f := range Catalog() {
		if !seen[f.ID] {
			t.Errorf("no world proves %s", f.ID)
		}
	}
}

func inWorld(t *testing.T, l *lab.Lab, job string) (out treated) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := l.Command(t.Context(), lab.Options{Env: []string{jobVar + "=" + job}}, exe)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", job, err)
	}
	must(t, json.Unmarshal(b, &out))
	return out
}
