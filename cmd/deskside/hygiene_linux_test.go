package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/lab"
)

// quiet is how long after a run everything it started must be gone.
const quiet = 200 * time.Millisecond

// traces is what the job found out about one run.
type traces struct {
	Causes          []string
	TookMS, CPUMS   float64
	ClearMS         float64  // until nothing was left; only when nothing was
	Files, Children []string // left behind after quiet
	Goroutines      int      // how many more than before
	Stacks          string   // of all, when there are more
}

func init() {
	jobs["run"] = func() error { return hygiene(context.Background()) }
	jobs["cancelled run"] = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Millisecond) // in the middle of every world's run
		defer cancel()
		return hygiene(ctx)
	}
}

// hygiene runs the real checks once in this process and prints what the run
// left behind.
func hygiene(ctx context.Context) error {
	cfg, err := config.Load(os.Getenv("DESKSIDE_CONFIG"))
	if err != nil {
		return err
	}
	if err := openPoller(); err != nil {
		return err
	}
	before, files := runtime.NumGoroutine(), openFiles()
	cpu, began := cpuTime(), time.Now()
	res := catalog.Run(ctx, host.Local{}, catalog.Options{Config: cfg})
	ended := time.Now()
	out := traces{TookMS: ms(ended.Sub(began)), CPUMS: ms(cpuTime() - cpu)}
	for _, c := range res.Diagnosis.Causes {
		out.Causes = append(out.Causes, c.ID)
	}
	for {
		out.Goroutines = runtime.NumGoroutine() - before
		out.Files = added(files, openFiles())
		out.Children = children()
		out.ClearMS = ms(time.Since(ended))
		if out.Goroutines <= 0 && len(out.Files)+len(out.Children) == 0 || time.Since(ended) > quiet {
			break
		}
		time.Sleep(time.Millisecond) // an end of a goroutine is no event
	}
	if out.Goroutines > 0 {
		var b bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
			return err
		}
		out.Stacks = b.String()
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// openPoller makes the runtime open what it keeps for ever at its first wait
// for a file: that is no leak of a run.
func openPoller() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	r.Close()
	return w.Close()
}

// openFiles are this process's descriptors by number, with what they are.
func openFiles() map[string]string {
	out := map[string]string{}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return map[string]string{"/proc/self/fd": err.Error()}
	}
	for _, e := range entries {
		// The one that lists them is gone again by now.
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			out[e.Name()] = target
		}
	}
	return out
}

func added(before, after map[string]string) (out []string) {
	for _, fd := range slices.Sorted(maps.Keys(after)) {
		if before[fd] != after[fd] {
			out = append(out, fd+" "+after[fd])
		}
	}
	return out
}

// children of any thread: proc(5), /proc/pid/task/tid/children.
func children() (out []string) {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		return []string{fmt.Sprint("no list of children: ", err)}
	}
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if os.IsNotExist(err) {
			continue // a thread that ended meanwhile
		}
		out = append(out, strings.Fields(string(b))...)
	}
	return out
}

// cpuTime of this process and of the children it waited for.
func cpuTime() time.Duration {
	var sum int64
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			sum += u.Utime.Nano() + u.Stime.Nano()
		}
	}
	return time.Duration(sum)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// TestHygiene: a run of the real checks leaves no goroutine, no descriptor and
// no child behind, whether it ended by itself or was cancelled.
func TestHygiene(t *testing.T) {
	t.Parallel()
	for _, world := range []string{"healthy", "dns-server-silent", "gw-dead", "wan-silent-1"} {
		for _, job := range []string{"run", "cancelled run"} {
			t.Run(world+", "+job, func(t *testing.T) {
				t.Parallel()
				p := open(t, world)
				o := p.job(job)
				var got traces
				o.only(t, &got)
				t.Logf("%.0f ms, %.0f ms of them computing; nothing left after %.1f ms; %q", got.TookMS, got.CPUMS, got.ClearMS, got.Causes)
				if got.Goroutines > 0 {
					t.Errorf("%d goroutines left:\n%s", got.Goroutines, got.Stacks)
				}
				if len(got.Files) > 0 {
					t.Errorf("descriptors left: %q", got.Files)
				}
				if len(got.Children) > 0 {
					t.Errorf("processes left: %q", got.Children)
				}
				if job == "run" && !slices.Equal(got.Causes, p.World.Expect) {
					t.Errorf("causes %q, want %q", got.Causes, p.World.Expect)
				}
				if job != "run" && got.TookMS > 500 {
					t.Errorf("cancelled after 60 ms, over after %.0f ms", got.TookMS)
				}
			})
		}
	}
}

// job runs this test binary on the PC as a job.
func (p *pc) job(name string) outcome {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := p.Command(p.t.Context(), lab.Options{Env: []string{jobVar + "=" + name}}, self)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("%v: %s", err, errOut.String())
	}
	return outcome{0, out.String(), errOut.String()}
}
