package link

import (
	"net/netip"
	"strconv"
	"strings"

	"deskside/diag/host"
)

// deepest is how many parents are asked for the session: a shell in a
// terminal multiplexer under sudo under a login shell is seven.
const deepest = 16

// SSHConnection returns SSH_CONNECTION of this process, or of the nearest
// parent that has one: sudo and su take it away (sudoers(5), env_reset), and
// a fix must know the session all the more when it runs as root. Empty when
// there is none or the parents may not be looked at.
func SSHConnection(h host.Host) string {
	if v := h.Getenv(sshVariable); v != "" || h.OS() != "linux" {
		return v
	}
	for pid, n := parent(h, "self"), 0; pid > 1 && n < deepest; pid, n = parent(h, strconv.Itoa(pid)), n+1 {
		env, err := h.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
		if err != nil {
			continue
		}
		for _, pair := range strings.Split(string(env), "\x00") {
			if v, ok := strings.CutPrefix(pair, sshVariable+"="); ok && v != "" {
				return v
			}
		}
	}
	return ""
}

const sshVariable = "SSH_CONNECTION"

// parent reads PPid of /proc/PID/status (proc_pid_status(5)); 0 ends the walk.
func parent(h host.Host, pid string) int {
	status, err := h.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(status), "\n") {
		if v, ok := strings.CutPrefix(line, "PPid:"); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(v))
			return n
		}
	}
	return 0
}

// sshEnds reads SSH_CONNECTION, "client cport server sport" (ssh(1)), and
// returns the two addresses; false when it is absent or not of that form.
func sshEnds(env string) (client, server netip.Addr, ok bool) {
	f := strings.Fields(env)
	if len(f) != 4 {
		return client, server, false
	}
	client, errC := netip.ParseAddr(f[0])
	server, errS := netip.ParseAddr(f[2])
	return client.Unmap(), server.Unmap(), errC == nil && errS == nil
}
