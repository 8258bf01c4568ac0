//go:build !linux

package host

import (
	"os"
	"os/exec"
	"syscall"
)

// Can reports whether this process runs as the superuser; Windows: no.
func (Local) Can(Capability) bool { return os.Geteuid() == 0 }

// bindTo is not available here: the routing table decides.
func bindTo(string) func(network, address string, c syscall.RawConn) error { return nil }

func ownGroup(*exec.Cmd) {}
