package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/diag/report"
	"deskside/tui/ttytest"
)

func causes(rep report.Report) (ids []string) {
	for _, c := range rep.Diagnosis {
		ids = append(ids, c.Cause)
	}
	return ids
}

// TestCheck: in every format the exit code says the same, standard error is
// empty, nothing on the PC and nothing in the state directory changes, and a
// saved report explains itself the same way, redacted or not.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		world  string
		code   int
		nagios string
	}{
		{"healthy", 0, "DESKSIDE OK - "},
		{"healthy-no-root", 0, "DESKSIDE OK - "},
		{"v6-broken", 1, "DESKSIDE WARNING - v6.broken"},
		{"dns-none", 2, "DESKSIDE CRITICAL - dns.none_configured"},
		{"dns-server-silent-no-root", 2, "DESKSIDE CRITICAL - dns.server_silent"},
	} {
		t.Run(c.world, func(t *testing.T) {
			t.Parallel()
			p := open(t, c.world)
			var redacted, full report.Report
			got := p.run("check", "--format", "json")
			got.want(t, c.code)
			got.only(t, &redacted)
			if !slices.Equal(causes(redacted), p.World.Expect) {
				t.Errorf("diagnosis %q, want %q", causes(redacted), p.World.Expect)
			}
			t.Logf("verdict after %.0f ms, all after %.0f ms", redacted.VerdictMS, redacted.DurationMS)

			whole := p.run("check", "--json", "--full")
			whole.want(t, c.code)
			whole.only(t, &full)
			if !redacted.Redacted || full.Redacted {
				t.Errorf("redacted: %t, with --full: %t", redacted.Redacted, full.Redacted)
			}
			for name, doc := range map[string]string{"redacted": got.out, "full": whole.out} {
				var again report.Report
				o := p.runWith(lab.Options{}, doc, "explain", "-", "--json")
				o.want(t, c.code)
				o.only(t, &again)
				if !slices.Equal(causes(again), p.World.Expect) {
					t.Errorf("%s, explained: %q, want %q", name, causes(again), p.World.Expect)
				}
			}

			plain := p.run("check")
			plain.want(t, c.code)
			line := p.run("check", "--format", "nagios")
			line.want(t, c.code)
			if !strings.HasPrefix(line.out, c.nagios) || strings.Count(line.out, "\n") != 1 || strings.Count(line.out, "|") != 1 {
				t.Errorf("nagios: %q", line.out)
			}
			if plain.err+line.err != "" {
				t.Errorf("standard error: %q", plain.err+line.err)
			}
			p.unchanged("after checks")
			p.nothingKept()
		})
	}
}

// nothingKept: a check leaves nothing in the state directory.
func (p *pc) nothingKept() {
	p.t.Helper()
	left, err := os.ReadDir(p.StateDir())
	if err != nil || len(left) != 0 {
		p.t.Errorf("in the state directory: %v %v", left, err)
	}
}

// TestCheckOut: what is written to a file is for its owner's eyes, and names
// neither the PC nor its network.
func TestCheckOut(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-servfail-router")
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{lab.PCAddress, lab.Router, host}
	for _, format := range report.Formats {
		path := filepath.Join(t.TempDir(), "report")
		got := p.run("check", "--format", format, "--out", path)
		got.want(t, 2)
		if got.out+got.err != "" {
			t.Errorf("%s: printed %q %q", format, got.out, got.err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s: mode %v", format, info.Mode())
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if strings.Contains(string(b), s) {
				t.Errorf("%s names %s:\n%s", format, s, b)
			}
		}
		if beside, err := filepath.Glob(filepath.Dir(path) + "/.*"); err != nil || beside != nil {
			t.Errorf("%s: left beside it: %q %v", format, beside, err)
		}
	}
	p.run("check").want(t, 2, lab.Router) // what is only shown is real
	p.run("check", "--json", "--full").want(t, 2, lab.PCAddress, lab.Router)
	p.run("check", "--out", "/nonexistent/report").want(t, 3, "/nonexistent/report")
	p.unchanged("after checks")
	p.nothingKept()
}

// TestCheckTimeout: the wall holds, and what was not seen in time is not fine.
func TestCheckTimeout(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	var rep report.Report
	got := p.run("check", "--timeout", "300ms", "--json")
	got.only(t, &rep)
	t.Logf("exit %d after %.0f ms, %q", got.code, rep.DurationMS, causes(rep))
	if rep.DurationMS > 1000 {
		t.Errorf("all after %.0f ms", rep.DurationMS)
	}
	if got.code == 0 {
		t.Errorf("a wall before the answer made it healthy:\n%s", got.out)
	}
	for _, id := range causes(rep) {
		if id != "dns.server_silent" {
			t.Errorf("blamed %s", id)
		}
	}
}

// TestCheckReaderGone: nobody reads the output any more, as behind head(1).
func TestCheckReaderGone(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	for _, format := range []string{"text", "json"} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		cmd := p.deskside(lab.Options{}, "check", "--format", format)
		cmd.Stdout = w
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.Close()
		begin := time.Now()
		if err := cmd.Wait(); err == nil {
			t.Errorf("%s: as if somebody had read it", format)
		}
		if took := time.Since(begin); took > ttytest.Patience {
			t.Errorf("%s: ended after %v", format, took)
		}
	}
}

// TestExplainNothing: a report without facts proves neither health nor fault.
func TestExplainNothing(t *testing.T) {
	t.Parallel()
	p := open(t, "link-none") // even where there is a fault to see: explain does not look
	doc, err := json.Marshal(map[string]any{"schema": report.Schema, "facts": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range report.Formats {
		o := p.runWith(lab.Options{}, string(doc), "explain", "-", "--format", format)
		o.want(t, 3)
		if o.err != "" {
			t.Errorf("%s: %q", format, o.err)
		}
	}
}
