// Package linktest runs a package's tests inside a network namespace of their
// own, so that they can build links and routes without touching the machine.
//
// The whole test process moves, by starting itself again: a namespace joined
// by one thread would not hold for the goroutines that probes start
// (setns(2)), and its /sys would show the old one.
package linktest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const inside = "DESKSIDE_LINKTEST_INSIDE"

// Main is for TestMain: it runs the tests inside. Where the system does not
// let us make namespaces the tests run outside, and those that need the
// inside skip themselves through [Need].
func Main(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.fuzz"); f != nil && f.Value.String() != "" {
		os.Exit(m.Run()) // a fuzzing process talks to its workers over files that would not come along
	}
	if os.Getenv(inside) != "" {
		if err := freshSys(); err != nil {
			fmt.Fprintln(os.Stderr, "linktest: a fresh /sys:", err)
			os.Exit(2)
		}
		os.Exit(m.Run())
	}
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "linktest: no namespace of our own:", err)
		os.Exit(m.Run())
	}
	os.Exit(0)
}

// Need skips a test that is not inside.
func Need(t *testing.T) {
	t.Helper()
	if os.Getenv(inside) == "" {
		t.Skip("needs a network namespace of its own: run as root, or allow unprivileged user namespaces")
	}
}

// freshSys mounts a sysfs that shows this network namespace.
func freshSys() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	return unix.Mount("sysfs", "/sys", "sysfs", 0, "")
}
