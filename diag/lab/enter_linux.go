package lab

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// doorVar turns the program that imports this package into a door: it enters
// the namespaces named there and becomes the command it was called as.
const doorVar = "DESKSIDE_LAB_DOOR"

// init is the door, because a test that had to remember to call it would,
// when it forgot, run itself again and again.
func init() {
	if door, ok := os.LookupEnv(doorVar); ok {
		fmt.Fprintln(os.Stderr, "lab:", enter(door))
		os.Exit(126) // as a shell says: found, but cannot run
	}
}

// enter returns only on failure. The order matters: the namespaces need the
// rights that the change of user gives up, and the program is looked up
// where it will run.
func enter(door string) error {
	runtime.LockOSThread()
	var netns, mntns string
	var id int
	if _, err := fmt.Sscan(door, &netns, &mntns, &id); err != nil {
		return fmt.Errorf("bad door %q: %w", door, err)
	}
	cwd, err := os.Getwd()
	if err != nil {
		cwd = "/"
	}
	if err := join(netns, unix.CLONE_NEWNET); err != nil {
		return err
	}
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return os.NewSyscallError("unshare", err)
	}
	if err := join(mntns, unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := os.Chdir(cwd); err != nil { // entering mounts leads to their root
		return err
	}
	if id != 0 {
		if err := become(id); err != nil {
			return err
		}
	}
	path, err := exec.LookPath(os.Args[0])
	if err != nil {
		return err
	}
	return os.NewSyscallError("exec "+path, syscall.Exec(path, os.Args, outside(os.Environ())))
}

func join(path string, kind int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return os.NewSyscallError("setns", unix.Setns(int(f.Fd()), kind))
}

// become gives up root for good; the program that follows has no capability.
func become(id int) error {
	if err := syscall.Setgroups(nil); err != nil {
		return os.NewSyscallError("setgroups", err)
	}
	if err := syscall.Setgid(id); err != nil {
		return os.NewSyscallError("setgid", err)
	}
	return os.NewSyscallError("setuid", syscall.Setuid(id))
}

func outside(env []string) []string {
	var out []string
	for _, kv := range env {
		if !strings.HasPrefix(kv, doorVar+"=") {
			out = append(out, kv)
		}
	}
	return out
}
