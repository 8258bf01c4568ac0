package fixes

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/lab"
)

// reconfirmed is what the job inside a world reports: the causes of the first
// look, and which of them were gone on the second.
type reconfirmed struct{ Named, Gone []string }

func init() {
	jobs["reconfirm"] = func([]string) error {
		cfg, err := config.Load(os.Getenv("DESKSIDE_CONFIG"))
		if err != nil {
			return err
		}
		look := func(ctx context.Context, f diag.Focus) diag.Result {
			return catalog.Run(ctx, host.Local{}, catalog.Options{Config: cfg, Focus: f})
		}
		asked := diag.Focus{Target: os.Getenv("RECONFIRM_TARGET")}
		first := look(context.Background(), asked)
		second := Second{Look: look, Asked: asked, Verdict: time.Now()}
		out := reconfirmed{Named: causesOf(first)}
		for _, c := range first.Diagnosis.Causes {
			if second.Reconfirm(context.Background(), first.Assessment, c) != nil {
				out.Gone = append(out.Gone, c.ID)
			}
		}
		return json.NewEncoder(os.Stdout).Encode(out)
	}
}

// TestNoStandingFaultIsGone: in no world with a fix is a fault that is still
// there called gone by the second look, which sees less than the first and comes so soon
// after it that routers may have no word left.
func TestNoStandingFaultIsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("looks twice at every world that is broken; run without -short")
	}
	for _, w := range lab.Worlds() {
		if w.Deep || len(w.Expect) == 0 || w.Fix == "" { // without a fix nobody looks twice
			continue
		}
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			l := lab.Start(t, w)
			exe, err := os.Executable()
			must(t, err)
			cmd := l.Command(t.Context(), lab.Options{Env: []string{jobVar + "=reconfirm", "RECONFIRM_TARGET=" + w.Target}}, exe)
			var said bytes.Buffer
			cmd.Stderr = &said
			b, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, said.String())
			}
			var got reconfirmed
			must(t, json.Unmarshal(b, &got))
			if len(got.Gone) > 0 {
				t.Errorf("of %q, gone: %q", got.Named, got.Gone)
			}
		})
	}
}
