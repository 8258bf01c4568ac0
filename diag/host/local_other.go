//go:build !linux

package host

import (
	"net"
	"os"
	"os/exec"
	"syscall"
)

// Can reports whether this process runs as the superuser; Windows: no.
func (Local) Can(Capability) bool { return os.Geteuid() == 0 }

// prepare has nothing to set here: the routing table decides, and packets are
// not saved.
func prepare(DialOptions) func(network, address string, c syscall.RawConn) error { return nil }

func holdAcks(*net.TCPConn) {}

func ownGroup(*exec.Cmd) {}
