package icmp

import "golang.org/x/sys/unix"

// Listen makes the kernel queue errors for a UDP socket of a family (4 or 6).
func Listen(fd, family int) error {
	if family == 6 {
		return unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_RECVERR, 1)
	}
	return unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_RECVERR, 1)
}

// Take takes the oldest ICMP error off a socket's queue; false when there is
// none. It does not block.
func Take(fd int) (Error, bool) {
	data, control := make([]byte, 64), make([]byte, 512)
	for {
		_, n, _, _, err := unix.Recvmsg(fd, data, control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
		if err != nil {
			return Error{}, false
		}
		messages, err := unix.ParseSocketControlMessage(control[:n])
		if err != nil {
			continue
		}
		for _, m := range messages {
			if m.Header.Level == unix.SOL_IP && m.Header.Type == unix.IP_RECVERR || m.Header.Level == unix.SOL_IPV6 && m.Header.Type == unix.IPV6_RECVERR {
				if e, ok := Parse(m.Data); ok {
					return e, true
				}
			}
		}
	}
}
