package link

import (
	"testing"
	"testing/fstest"

	"deskside/diag/host/fake"
)

// TestSessionSurvivesSudo: the variable is gone from our own environment and
// still in a parent's.
func TestSessionSurvivesSudo(t *testing.T) {
	const ssh = "192.0.2.9 50000 192.0.2.1 22"
	status := func(ppid string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("Name:\tx\nPPid:\t" + ppid + "\n")}
	}
	family := fstest.MapFS{
		"proc/self/status": status("30"),
		"proc/30/status":   status("20"), "proc/30/environ": {Data: []byte("PATH=/bin\x00NOT_SSH_CONNECTION=x\x00")},
		"proc/20/status": status("10"), // environ may not be read
		"proc/10/status": status("1"), "proc/10/environ": {Data: []byte("A=b\x00SSH_CONNECTION=" + ssh + "\x00")},
		"proc/1/status": status("0"), "proc/1/environ": {Data: []byte("SSH_CONNECTION=init has none\x00")},
	}
	if got := SSHConnection(&fake.Host{Files: family}); got != ssh {
		t.Errorf("%q", got)
	}
	if got := SSHConnection(&fake.Host{Files: family, Env: map[string]string{"SSH_CONNECTION": "own"}}); got != "own" {
		t.Errorf("%q, want our own", got)
	}
	loop := fstest.MapFS{"proc/self/status": status("7"), "proc/7/status": status("7")}
	if got := SSHConnection(&fake.Host{Files: loop}); got != "" {
		t.Errorf("%q out of a loop", got)
	}
	if got := SSHConnection(&fake.Host{System: "windows", Files: family}); got != "" {
		t.Errorf("%q on a system without /proc", got)
	}
}
