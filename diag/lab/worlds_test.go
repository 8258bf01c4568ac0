//go:build linux

package lab_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/lab"
	saved "deskside/diag/report"
	"deskside/diag/text"
)

// report is what these tests read of the report: the contract's names.
type report struct {
	Status    string      `json:"status"`
	VerdictMS float64     `json:"verdict_ms"`
	Diagnosis []diagnosed `json:"diagnosis"`
	Notes     []diagnosed `json:"notes"`
	Checks    []struct {
		ID       string
		Findings []struct{ Code, Status, Says string }
	} `json:"checks"`
	Facts struct {
		Run struct {
			LateMS float64 `json:"late_ms"`
			Again  bool    `json:"again"`
		} `json:"run"`
	} `json:"facts"`
}

// haste is how much time the program had, for a look that is forgiven.
func (r report) haste() string {
	return fmt.Sprintf("its timers were up to %.0f ms late, a second look: %t", r.Facts.Run.LateMS, r.Facts.Run.Again)
}

type diagnosed struct {
	Cause    string `json:"cause"`
	Severity string `json:"severity"`
}

func (r report) causes() []string { return names(r.Diagnosis) }

// trouble is every finding that is not fine, for a test that failed.
func (r report) trouble() string {
	var b strings.Builder
	for _, c := range r.Checks {
		if len(c.Findings) == 0 {
			fmt.Fprintf(&b, "%s: no findings\n", c.ID)
		}
		for _, f := range c.Findings {
			if f.Status != "ok" && f.Status != "skipped" {
				fmt.Fprintf(&b, "%s %s: %s\n", f.Code, f.Status, f.Says)
			}
		}
	}
	return b.String()
}

func names(all []diagnosed) []string {
	out := []string{}
	for _, d := range all {
		out = append(out, d.Cause)
	}
	return out
}

var programDir string // once program was called

// program builds deskside once, where a program without rights may read it.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "deskside-bin-")
	if err != nil {
		return "", err
	}
	programDir = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "deskside")
	if out, err := exec.Command("go", "build", "-o", path, "deskside/cmd/deskside").CombinedOutput(); err != nil {
		return path, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// TestMain lets four worlds run at a time: they mostly wait. More of them
// would share two cores, and their times would say nothing. -parallel wins.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(programDir) // a leftover in the temporary directory changes no verdict
	os.Exit(code)
}

// TestWorlds runs the program on the PC of every world. The diagnosis must be
// exactly the expected one: first what is wrong, and nothing beside it that is
// only a symptom. Then the saved report, as it was and redacted, must reach
// the same causes again.
func TestWorlds(t *testing.T) {
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var table bytes.Buffer
	rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "world\texpected\tnamed\tms\t")
	row := func(t *testing.T, w lab.World, rep report) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(rows, "%s\t%s\t%s\t%.0f\t%s\n", w.Name, strings.Join(w.Expect, " "), strings.Join(rep.causes(), " "), rep.VerdictMS, verdict(t))
	}
	t.Run("all", func(t *testing.T) {
		for i, w := range lab.Worlds() {
			if w.Alone {
				continue
			}
			t.Run(w.Name, func(t *testing.T) {
				if testing.Short() && i%sampled != 0 {
					t.Skipf("one world in %d with -short", sampled)
				}
				t.Parallel()
				row(t, w, patiently(t, bin, w, 1))
			})
		}
	})
	t.Run("alone", func(t *testing.T) {
		for _, w := range lab.Worlds() {
			if !w.Alone {
				continue
			}
			t.Run(w.Name, func(t *testing.T) {
				if testing.Short() {
					t.Skip("measures queues and rates for a quarter of a minute; run without -short")
				}
				row(t, w, patiently(t, bin, w, 2))
			})
		}
	})
	_ = rows.Flush() // into memory
	t.Log("\n" + table.String())
}

// sampled is how many worlds there are for each that -short builds: the race
// detector looks at the lab, not at the program in it, and sees the same code
// in each.
const sampled = 6

func verdict(t *testing.T) string {
	if t.Failed() {
		return "WRONG"
	}
	return ""
}

// patiently looks at a world and, when it names something else, at the same
// world made anew, so many times: these tests share two processors with all
// others, and what starves a probe for a second looks like a dead line. Every
// forgiven look is said; the last one stands.
func patiently(t *testing.T, bin string, w lab.World, forgive int) report {
	t.Helper()
	for range forgive {
		l := lab.Start(t, w)
		live, raw := run(t, l, nil, look(bin, w)...)
		if slices.Equal(live.causes(), append([]string{}, w.Expect...)) {
			return examine(t, l, bin, w, live, raw)
		}
		t.Logf("FORGIVEN: a busy machine? named %q, want %q; %s\n%s", live.causes(), w.Expect, live.haste(), live.trouble())
	}
	l := lab.Start(t, w)
	live, raw := run(t, l, nil, look(bin, w)...)
	if w.Alone && len(w.Expect) > 0 && len(live.causes()) == 0 {
		// A queue is only as full as its sender is fast: where other tests take
		// the processors it runs empty, and there is nothing to name. Another
		// name would still be wrong.
		t.Skipf("nothing to be seen in %d looks, beside other tests; run this package alone\n%s", forgive+1, live.trouble())
	}
	return examine(t, l, bin, w, live, raw)
}

// look is the command that looks at a world.
func look(bin string, w lab.World) []string {
	argv := []string{bin, "check", "--json", "--full"}
	if w.Deep {
		argv = append(argv, "--deep")
	}
	if w.Target != "" {
		argv = append(argv, "--target", w.Target)
	}
	return argv
}

// examine holds a report against its world, and against what its facts say
// again, as they are and masked.
func examine(t *testing.T, l *lab.Lab, bin string, w lab.World, live report, raw []byte) report {
	expect(t, "live", live, w)
	again, _ := run(t, l, raw, bin, "explain", "--json", "-")
	expect(t, "explained", again, w)

	masked := redacted(t, raw, l)
	blind, _ := run(t, l, masked, bin, "explain", "--json", "-")
	expect(t, "explained redacted", blind, w)
	if bytes.Contains(masked, []byte(lab.PCAddress)) {
		t.Error("the redacted report shows the PC's address")
	}
	if t.Failed() {
		t.Log(live.trouble())
	}
	return live
}

func expect(t *testing.T, how string, r report, w lab.World) {
	t.Helper()
	if want := append([]string{}, w.Expect...); !slices.Equal(r.causes(), want) {
		t.Errorf("%s: %q, want %q", how, r.causes(), want)
	}
	for _, note := range w.Notes {
		if !slices.Contains(names(r.Notes), note) {
			t.Errorf("%s: notes %q, want %s among them", how, names(r.Notes), note)
		}
	}
	if want := cmp.Or(w.Status, "ok"); (len(w.Expect) == 0 || w.Status != "") && r.Status != want {
		t.Errorf("%s: status %q, want %s", how, r.Status, want)
	}
	for _, d := range r.Diagnosis {
		if d.Severity == "warn" && r.Status == "ok" {
			t.Errorf("%s: status ok beside %s", how, d.Cause)
		}
	}
}

// run runs the program inside and reads its report; check and explain end
// with 0 to 2 when they have one.
func run(t *testing.T, l *lab.Lab, stdin []byte, argv ...string) (r report, raw []byte) {
	t.Helper()
	cmd := l.Command(t.Context(), lab.Options{}, argv...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", argv[1:], err)
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %v: no report: %v\n%s%s", argv[1:], cmd.ProcessState, err, out.Bytes(), errs.Bytes())
	}
	return r, out.Bytes()
}

// redacted makes the report again the way check does without --full, from the
// same facts: a second run in the same world would measure something else.
func redacted(t *testing.T, raw []byte, l *lab.Lab) []byte {
	t.Helper()
	var whole struct{ Facts json.RawMessage }
	cfg, err := config.Load(l.ConfigPath())
	if err == nil {
		err = json.Unmarshal(raw, &whole)
	}
	if err != nil {
		t.Fatal(err)
	}
	facts, err := catalog.DecodeFacts(whole.Facts)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := saved.New(diag.Result{Facts: facts, Assessment: catalog.Explain(facts)}, saved.Options{Printer: text.New("en"), Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	masked, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	return masked
}
