package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskside/diag/host"
	"deskside/diag/text"
)

// en is what the program says by default.
var en = text.New("en")

// outcome is what one run of the program gave.
type outcome struct {
	code     int
	out, err string
}

// command runs the program in this process. Nothing given to it here may look
// at the network: only commands that end before that, or explain.
func command(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	var out, errOut bytes.Buffer
	args = append([]string{"--state-dir", t.TempDir()}, args...)
	code := run(context.Background(), args, streams{strings.NewReader(in), &out, &errOut})
	return outcome{code, out.String(), errOut.String()}
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWrongUse: one line that says what to do, and exit code 3.
func TestWrongUse(t *testing.T) {
	healthy := `{"schema":"deskside.report/1","facts":{}}`
	tests := []struct {
		name string
		args []string
		says []string
	}{
		{"unknown flag", []string{"--frobnicate"}, []string{"--frobnicate"}},
		{"unknown command", []string{"dance"}, []string{"dance"}},
		{"unknown check", []string{"check", "dsn"}, []string{`"dsn"`, "connectivity", "dns"}},
		{"unknown format", []string{"check", "--format", "xml"}, []string{"xml", "json", "nagios"}},
		{"no load of nothing", []string{"check", "--no-load"}, []string{"--no-load", "--deep"}},
		{"no time at all", []string{"check", "--timeout", "0s"}, []string{"--timeout", "5s"}},
		{"a list is no report", []string{"explain", file(t, "list.json", "[1]")}, []string{"not a report of deskside"}},
		{"a word is no time", []string{"check", "--timeout", "abc"}, []string{"--timeout", "90s"}},
		{"unknown colour", []string{"--color", "pink", "version"}, []string{"pink", "never"}},
		{"unknown language", []string{"--lang", "tlh", "version"}, []string{"tlh", "en"}},
		{"missing configuration", []string{"--config", "/nonexistent/deskside.toml", "version"}, []string{"/nonexistent/deskside.toml"}},
		{"unknown key", []string{"--config", file(t, "c.toml", "[probe]\nanchors = []\nancors = []\n"), "version"}, []string{"line 3", "probe.ancors"}},
		{"broken TOML", []string{"--config", file(t, "c.toml", "[probe\n"), "version"}, []string{"line 1"}},
		{"wrong type", []string{"--config", file(t, "c.toml", "[probe]\nanchors = 3\n"), "version"}, []string{"line 2"}},
		{"name as anchor", []string{"--config", file(t, "c.toml", "[probe]\nanchors = [\"example.com:443\"]\n"), "version"}, []string{"example.com:443", "192.0.2.1:443"}},
		{"https as web", []string{"--config", file(t, "c.toml", "[probe]\nweb = [{url = \"https://a/\"}]\n"), "version"}, []string{"https://a/"}},
		{"too long retention", []string{"--config", file(t, "c.toml", "[privacy]\nretention_days = 31\n"), "version"}, []string{"retention_days", "30"}},
		{"explain without file", []string{"explain"}, []string{"needs one name"}},
		{"explain a missing file", []string{"explain", "/nonexistent/r.json"}, []string{"/nonexistent/r.json"}},
		{"explain what is no JSON", []string{"explain", file(t, "r.json", "hello")}, []string{"not a report"}},
		{"explain another schema", []string{"explain", file(t, "r.json", `{"schema":"deskside.report/9"}`)}, []string{"schema", "deskside.report/1"}},
		{"explain a truncated report", []string{"explain", file(t, "r.json", healthy[:30])}, []string{"not a report"}},
		{"explain wrong facts", []string{"explain", file(t, "r.json", `{"schema":"deskside.report/1","facts":{"dns":{"servers":7}}}`)}, []string{"damaged", "facts.dns"}},
		{"a fix that is none", []string{"fix", "plan", "dns-set-server"}, []string{`"dns-set-server"`, "dns-set-servers"}},
		{"the same to apply", []string{"fix", "apply", "dns-set-server", "--yes"}, []string{`"dns-set-server"`, "dns-set-servers"}},
		{"fix without arguments", []string{"fix", "plan"}, []string{"needs one name"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := command(t, "", tt.args...)
			if got.code != exitUsage || got.out != "" {
				t.Errorf("exit %d, stdout %q", got.code, got.out)
			}
			if strings.Count(got.err, "\n") != 1 {
				t.Errorf("want one line, got %q", got.err)
			}
			for _, s := range tt.says {
				if !strings.Contains(got.err, s) {
					t.Errorf("%q does not say %q", got.err, s)
				}
			}
		})
	}
}

// TestNobodyThere: started with no input at all, as by cron, the wizard says
// so, agrees to nothing and looks at nothing.
func TestNobodyThere(t *testing.T) {
	got := command(t, "")
	if got.code != 0 || !strings.Contains(strings.Join(strings.Fields(got.out), " "), en.S("ui.plain.gone")) {
		t.Errorf("exit %d: %q %q", got.code, got.out, got.err)
	}
}

// TestExplainEmptyFacts: a report without facts is not a healthy PC.
func TestExplainEmptyFacts(t *testing.T) {
	got := command(t, "", "explain", "--json", file(t, "r.json", `{"schema":"deskside.report/1","facts":{}}`))
	var rep struct{ Status string }
	if err := json.Unmarshal([]byte(got.out), &rep); err != nil {
		t.Fatalf("%v: %s", err, got.out)
	}
	if rep.Status != "unknown" || got.code != 3 {
		t.Errorf("status %s, exit %d", rep.Status, got.code)
	}
}

func TestExplainReadsStandardInput(t *testing.T) {
	got := command(t, `{"schema":"deskside.report/1","facts":{"link":{"readable":"yes","links":[{"index":1,"name":"lo","kind":"loopback"}]}}}`, "explain", "-", "--json")
	if got.code != 2 || !strings.Contains(got.out, `"link.no_iface"`) {
		t.Errorf("exit %d: %s%s", got.code, got.out, got.err)
	}
}

func TestVersion(t *testing.T) {
	got := command(t, "", "version", "--json")
	var v map[string]string
	if err := json.Unmarshal([]byte(got.out), &v); err != nil || v["version"] == "" || got.code != 0 {
		t.Errorf("exit %d, %v: %s", got.code, err, got.out)
	}
}

func TestStatusOfAFreshPC(t *testing.T) {
	if got := command(t, "", "status", "--json"); got.code != 0 || strings.TrimSpace(got.out) != "[]" {
		t.Errorf("exit %d: %q %q", got.code, got.out, got.err)
	}
	if got := command(t, "", "undo", "--yes"); got.code != exitRefused || got.err == "" {
		t.Errorf("undo of nothing: exit %d, %q", got.code, got.err)
	}
}

// TestSilenceIsANo: nothing but a clear yes consents.
func TestSilenceIsANo(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "YES\n": true, " да \n": true, "д\n": true,
		"": false, "\n": false, "y": false, "n\n": false, "нет\n": false, "yy\n": false, "sure\n": false, "\x1b[A\n": false,
	} {
		var out bytes.Buffer
		a := &app{streams: streams{strings.NewReader(answer), &out, &out}, color: "auto", host: host.Local{}}
		if err := a.prepare(nil); err != nil {
			t.Fatal(err)
		}
		if got := a.ask(t.Context(), "cmd.apply.ask"); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
}
