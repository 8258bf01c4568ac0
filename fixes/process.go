package fixes

import (
	"fmt"
	"os"
	"strings"

	"deskside/diag/host"
	"deskside/fixes/journal"
)

// bootID tells one boot from another (proc(5)); "" where there is none.
func bootID(h host.Host) string {
	b, err := h.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func self(h host.Host) journal.Process {
	return journal.Process{PID: os.Getpid(), Start: startOf(h, os.Getpid())}
}

// alive reports that this very process still runs, not one that got its
// number.
func alive(h host.Host, p journal.Process) bool { return p.Start != "" && startOf(h, p.PID) == p.Start }

// startOf reads field 22 of /proc/PID/stat; the command in field 2 may hold
// anything, so fields are counted from its closing bracket.
func startOf(h host.Host, pid int) string {
	b, err := h.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	s := string(b)
	f := strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
	if len(f) < 20 || f[0] == "Z" { // a zombie decides nothing any more
		return ""
	}
	return f[19]
}
