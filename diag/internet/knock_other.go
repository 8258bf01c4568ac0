//go:build !linux

package internet

import "net"

// synRepeated is not known here: a lost SYN shows as a slow connect.
func synRepeated(*net.TCPConn) bool { return false }
