package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// jobVar makes the test binary one of the jobs: programs that must run inside
// a world and are no part of deskside.
const jobVar = "DESKSIDE_CMD_TEST_JOB"

var jobs = map[string]func() error{}

// scratch holds the program under test. A user without rights must be able to
// run it from there.
var scratch string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	if job, ok := jobs[os.Getenv(jobVar)]; ok {
		if err := job(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	dir, err := os.MkdirTemp("", "deskside-e2e-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}

// build makes the real program, once for all tests.
var build = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "deskside")
	out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, err
})

// pc is a world with the program on its PC.
type pc struct {
	*lab.Lab
	t      *testing.T
	bin    string
	before lab.State // as the world was handed over
}

func open(t *testing.T, world string) *pc {
	t.Helper()
	if testing.Short() {
		t.Skip("end to end: not with -short")
	}
	w, ok := lab.Find(world)
	if !ok {
		t.Fatalf("no world %q", world)
	}
	l := lab.Start(t, w)
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p := &pc{Lab: l, t: t, bin: bin}
	p.before = p.state()
	return p
}

func (p *pc) state() lab.State {
	p.t.Helper()
	s, err := p.Snapshot()
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// unchanged says whether the PC is as it was handed over, to the byte.
func (p *pc) unchanged(when string) {
	p.t.Helper()
	if changes := p.before.Changes(p.state()); len(changes) != 0 {
		p.t.Errorf("%s, the PC is not as it was:\n%s", when, strings.Join(changes, "\n"))
	}
}

func (p *pc) changed(when string) {
	p.t.Helper()
	if len(p.before.Changes(p.state())) == 0 {
		p.t.Errorf("%s, nothing on the PC is different", when)
	}
}

// deskside is the program on the PC, not yet started. The context is a last
// resort: a program that hangs is killed and the test fails.
func (p *pc) deskside(o lab.Options, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	p.t.Cleanup(cancel)
	return p.Command(ctx, o, append([]string{p.bin}, args...)...)
}

// run runs the program to its end with nothing to read.
func (p *pc) run(args ...string) outcome { return p.runWith(lab.Options{}, "", args...) }

func (p *pc) runWith(o lab.Options, in string, args ...string) outcome {
	p.t.Helper()
	cmd := p.deskside(o, args...)
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// only decodes standard output, which must be exactly one JSON document
// beside an empty standard error.
func (o outcome) only(t *testing.T, v any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(o.out))
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%v in %q (stderr %q)", err, o.out, o.err)
	}
	if rest := strings.TrimSpace(o.out[dec.InputOffset():]); rest != "" || o.err != "" {
		t.Errorf("beside the document: stdout %q, stderr %q", rest, o.err)
	}
}

func (o outcome) want(t *testing.T, code int, says ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit %d, want %d\nstdout: %s\nstderr: %s", o.code, code, o.out, o.err)
	}
	flat := ttytest.Flat(o.out + " " + o.err)
	for _, s := range says {
		if !strings.Contains(flat, ttytest.Flat(s)) {
			t.Errorf("never said %q in:\n%s%s", s, o.out, o.err)
		}
	}
}
