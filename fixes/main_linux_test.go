package fixes

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"deskside/diag/host"
	"deskside/fixes/internal/failpoint"
)

// Many tests need a process of their own: to be killed, to undo on another
// day, or to have a network or mounts that nobody else sees. They run this
// binary again with a job.
const jobVar = "DESKSIDE_FIXES_TEST_JOB"

var jobs = map[string]func(args []string) error{}

func TestMain(m *testing.M) {
	if f := strings.Split(os.Getenv(jobVar), "|"); f[0] != "" {
		if err := jobs[f[0]](f[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child prepares this binary to run a job.
func child(args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), jobVar+"="+strings.Join(args, "|"))
	return cmd
}

// alone runs the rest of a test in a process with namespaces of its own, as
// root inside them.
func alone(t *testing.T, flags uintptr) (inside bool) {
	t.Helper()
	const mark = "DESKSIDE_FIXES_TEST_ALONE"
	if os.Getenv(mark) != "" {
		return true
	}
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), mark+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.Process == nil {
		t.Skipf("no namespaces here: %v", err)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "--- SKIP") {
		t.Skip(string(out))
	}
	return false
}

// dieAt kills this process right before the n-th durable operation.
func dieAt(n int) {
	count := 0
	failpoint.Set(func(string) {
		if count++; count == n {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	})
}

func init() {
	jobs["apply"] = func(a []string) error { // state dir, targets dir, die at, hand the plan on
		n, _ := strconv.Atoi(a[2])
		e := engineAt(a[0])
		p, err := scribble(a[1])
		if err != nil {
			return err
		}
		dieAt(n)
		tx, err := e.Apply(context.Background(), p, nil)
		if err != nil {
			return err
		}
		_, err = e.Keep(context.Background(), tx.ID)
		return err
	}
	jobs["undo"] = func(a []string) error { // state dir, die at
		n, _ := strconv.Atoi(a[1])
		dieAt(n)
		_, err := engineAt(a[0]).Undo(context.Background(), "", false)
		return err
	}
	jobs["recover"] = func(a []string) error { // state dir, die at
		n, _ := strconv.Atoi(a[1])
		dieAt(n)
		_, err := engineAt(a[0]).Recover(context.Background())
		return err
	}
}

func engineAt(state string) *Engine { return &Engine{Host: host.Local{}, StateDir: state} }

// newEngine has a state directory of its own.
func newEngine(t *testing.T) *Engine {
	t.Helper()
	return engineAt(filepath.Join(t.TempDir(), "state"))
}
