//go:build linux

package lab_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"deskside/diag/cause"
	"deskside/diag/config"
	"deskside/diag/lab"
)

func output(t *testing.T, l *lab.Lab, o lab.Options, argv ...string) string {
	t.Helper()
	out, err := l.Command(t.Context(), o, argv...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", argv, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestCommandSeesThePC(t *testing.T) {
	t.Setenv("SSH_CONNECTION", "198.51.100.7 50000 192.0.2.1 22") // this session is not the world's
	t.Setenv("https_proxy", "http://192.0.2.1:1")
	l := start(t, "healthy")
	if got := output(t, l, lab.Options{}, "ls", "/sys/class/net"); got != "eth0\nlo" {
		t.Errorf("/sys/class/net: %q", got)
	}
	if got := output(t, l, lab.Options{}, "cat", "/proc/net/dev"); strings.Count(got, ":") != 2 || !strings.Contains(got, "eth0:") {
		t.Errorf("/proc/net/dev:\n%s", got)
	}
	if got := output(t, l, lab.Options{}, "cat", "/etc/resolv.conf"); got != "nameserver 9.9.9.9" {
		t.Errorf("resolv.conf: %q", got)
	}
	if got := output(t, l, lab.Options{Env: []string{"A=b"}}, "sh", "-c", "echo $A ${SSH_CONNECTION#127.0.0.1 1 127.0.0.1 22}$https_proxy$DESKSIDE_LAB_DOOR $DESKSIDE_WORLD"); got != "b healthy" {
		t.Errorf("environment: %q", got)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if got := output(t, l, lab.Options{}, "pwd"); got != here {
		t.Errorf("working directory %q, want %q", got, here)
	}
	if got := output(t, l, lab.Options{}, "getent", "hosts", "www.example.com"); !strings.HasPrefix(got, lab.WebOne) {
		t.Errorf("getent: %q", got)
	}
}

func TestCommandWithoutRights(t *testing.T) {
	t.Parallel()
	w, _ := lab.Find("healthy-no-ping")
	l := lab.Start(t, w)
	got := output(t, l, lab.Options{}, "sh", "-c", "id -u; id -G; grep CapEff /proc/self/status; cat /proc/sys/net/ipv4/ping_group_range; cat $DESKSIDE_CONFIG | head -1; touch $DESKSIDE_STATE_DIR/mine; touch /etc/hosts 2>&1 | tail -c 18")
	if strings.Join(strings.Fields(got), " ") != "65534 65534 CapEff: 0000000000000000 1 0 [probe] Permission denied" {
		t.Errorf("as nobody:\n%s", got)
	}
	if got := output(t, l, lab.Options{User: "root"}, "id", "-u"); got != "0" {
		t.Errorf("as root: %q", got)
	}
	if err := l.Command(t.Context(), lab.Options{User: "somebody"}, "true").Run(); err == nil {
		t.Error("an unknown user ran a command")
	}
	if err := l.Command(t.Context(), lab.Options{}, "no-such-program").Run(); err == nil || err.(*exec.ExitError).ExitCode() != 126 {
		t.Errorf("a program that is not there: %v", err)
	}
}

func TestCommandEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l := start(t, "healthy")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if err := l.Command(ctx, lab.Options{}, "sleep", "30").Run(); err == nil || time.Since(begin) > 5*time.Second {
		t.Errorf("sleep ended with %v after %v", err, time.Since(begin))
	}
}

// The router answers ARP, and no one answers for an address that no one has.
func TestARP(t *testing.T) {
	t.Parallel()
	l := start(t, "healthy")
	tcp(t, l, "9.9.9.9:443", time.Second)
	udp(t, l, lab.Nobody+":9", nil, 100*time.Millisecond)
	const complete, incomplete = "0x2", "0x0" // ATF_COM: include/uapi/linux/if_arp.h
	flags := map[string]string{}
	for _, line := range strings.Split(output(t, l, lab.Options{}, "cat", "/proc/net/arp"), "\n")[1:] {
		f := strings.Fields(line)
		flags[f[0]] = f[2]
	}
	if flags[lab.Router] != complete || flags[lab.Nobody] != incomplete {
		t.Errorf("/proc/net/arp: %v", flags)
	}
}

// A snapshot sees what fixes change, and nothing else.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	l := start(t, "healthy-v6")
	before := snapshot(t, l)
	b, err := l.ReadFile("/etc/hosts")
	if err != nil {
		t.Fatal(err)
	}
	hosts := string(b)
	tcp(t, l, "9.9.9.9:443", time.Second) // learns a neighbour: not a setting
	if changes := before.Changes(snapshot(t, l)); len(changes) != 0 {
		t.Errorf("nothing was changed, and yet: %q", changes)
	}
	for _, c := range []struct {
		what     string
		do, undo func()
		want     int // lines that differ
	}{
		{"a file's bytes", func() { l.PC.File("/etc/hosts", "127.0.0.1 x\n") }, func() { l.PC.File("/etc/hosts", hosts) }, 2},
		{"a file that was not there", func() { l.PC.File("/etc/gai.conf", "") }, func() { l.PC.Gone("/etc/gai.conf") }, 2},
		{"a file's mode", func() { chmod(t, l, 0o600) }, func() { chmod(t, l, 0o644) }, 2},
		{"a default route", func() { l.PC.NoDefault(lab.Router) }, func() { l.PC.Default(lab.Router, "", 0) }, 1},
		{"a firewall rule", func() { l.PC.Drop(lab.Output, lab.TCP(9)) }, nil, 2},
	} {
		c.do()
		if changes := before.Changes(snapshot(t, l)); len(changes) != c.want {
			t.Errorf("%s: %q, want %d lines", c.what, changes, c.want)
		}
		if c.undo == nil {
			continue
		}
		c.undo()
		if changes := before.Changes(snapshot(t, l)); len(changes) != 0 {
			t.Errorf("%s, taken back: %q", c.what, changes)
		}
	}
}

func snapshot(t *testing.T, l *lab.Lab) lab.State {
	t.Helper()
	s, err := l.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func chmod(t *testing.T, l *lab.Lab, mode os.FileMode) {
	t.Helper()
	inside(t, l, func() error { return os.Chmod("/etc/resolv.conf", mode) })
}

// Worlds leave nothing behind: no goroutine, descriptor, directory, and not a
// byte of the machine's own /etc.
func TestNothingIsLeft(t *testing.T) {
	w, _ := lab.Find("healthy-slow")
	w.Build = func(n *lab.Net) { n.PC.File("/etc/resolv.conf", "nameserver 192.0.2.1\n") }
	etc, err := os.ReadFile("/etc/resolv.conf")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	t.Run("warm up", func(t *testing.T) { lab.Start(t, w) }) // the poller and the like stay for good
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	var dir string
	t.Run("world", func(t *testing.T) {
		l := lab.Start(t, w)
		dir = l.Dir
		tcp(t, l, "9.9.9.9:443", 2*time.Second)
		output(t, l, lab.Options{}, "true")
	})
	if dir == "" {
		t.Skip("no world was built")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", filepath.Base(dir), err)
	}
	for deadline := time.Now().Add(3 * time.Second); runtime.NumGoroutine() > goroutines && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before:\n%s", n, goroutines, buf[:runtime.Stack(buf, true)])
	}
	if n := openFiles(t); n > files {
		t.Errorf("%d open files, %d before", n, files)
	}
	if now, _ := os.ReadFile("/etc/resolv.conf"); string(now) != string(etc) {
		t.Errorf("the machine's own resolv.conf changed: %q", now)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(fds)
}

// nowhere are causes without a world, and why.
var nowhere = map[string]string{
	"link.rfkill_soft": "needs RFKILL, which this kernel lacks; table tests, and a PC with a radio",
	"link.rfkill_hard": "needs RFKILL, which this kernel lacks; table tests",
	"link.wifi_weak":   "needs a radio; table tests",
	"wifi.weak_signal": "needs a radio; see the wifi package's own tests, and a PC with one",
	"wifi.congested":   "needs a radio; see the wifi package's own tests, and a PC with one",
	"wifi.insecure":    "needs a radio; see the wifi package's own tests, and a PC with one",
	"disk.read_only":   "needs a filesystem that fails; see the disk package's own tests",
}

// Every cause that the program can name by now has a world, and no world
// expects a cause that does not exist.
func TestListOfWorlds(t *testing.T) {
	known := cause.IDs()
	seen, names := map[string]bool{}, map[string]bool{}
	for _, w := range lab.Worlds() {
		if names[w.Name] || w.Name == "" || w.Story == "" {
			t.Errorf("world %q: named twice, or without a name or a story", w.Name)
		}
		names[w.Name] = true
		for _, id := range append(slices.Clone(w.Expect), w.Notes...) {
			seen[id] = true
			if !slices.Contains(known, id) {
				t.Errorf("world %s expects %s, which the catalogue does not have", w.Name, id)
			}
		}
	}
	for _, id := range known {
		if !seen[id] && nowhere[id] == "" {
			t.Errorf("no world for %s", id)
		}
	}
}

func TestConfigIsValid(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		c, err := config.Parse([]byte(lab.DefaultConfig(&lab.Net{Site: lab.Site{IPv6: v6}})))
		if err != nil || len(c.Probe.Anchors) != map[bool]int{false: 2, true: 4}[v6] || len(c.Probe.Web) != 2 {
			t.Errorf("IPv6 %t: %v %+v", v6, err, c.Probe)
		}
	}
}
