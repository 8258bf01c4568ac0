package internet

import (
	"net"

	"golang.org/x/sys/unix"
)

// synRepeated asks the kernel (tcp(7), TCP_INFO) whether it sent anything of
// a fresh connection more than once.
func synRepeated(c *net.TCPConn) bool {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	repeated := false
	err = raw.Control(func(fd uintptr) {
		if info, e := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); e == nil {
			repeated = info.Total_retrans > 0
		}
	})
	return err == nil && repeated
}
