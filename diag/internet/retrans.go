package internet

import (
	"strconv"
	"strings"

	"deskside/diag/host"
)

// retransFails reads TcpExt:TCPRetransFail of this thread's network
// namespace: how often the kernel could not retransmit a segment. /proc/net
// would show the namespace of the process leader (diagnosis.md 3.4).
func retransFails(h host.Host) (int64, bool) {
	for _, path := range []string{"/proc/thread-self/net/netstat", "/proc/net/netstat"} {
		if b, err := h.ReadFile(path); err == nil {
			return netstatCounter(string(b), "TcpExt:", "TCPRetransFail")
		}
	}
	return 0, false
}

// netstatCounter finds a counter in /proc/net/netstat, which comes in pairs of
// lines: names, then values, both starting with the group.
func netstatCounter(s, group, name string) (int64, bool) {
	var names []string
	for line := range strings.Lines(s) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != group {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		for i, n := range names {
			if n == name && i < len(fields) {
				v, err := strconv.ParseInt(fields[i], 10, 64)
				return v, err == nil
			}
		}
		return 0, false
	}
	return 0, false
}
