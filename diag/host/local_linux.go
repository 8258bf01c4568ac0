package host

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Can reports an effective capability of this thread (capget(2)).
func (Local) Can(c Capability) bool {
	bit := map[Capability]uint{NetRaw: unix.CAP_NET_RAW, NetAdmin: unix.CAP_NET_ADMIN}[c]
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return os.Geteuid() == 0
	}
	return data[0].Effective&(1<<bit) != 0
}

// prepare sets up a socket before it connects. Binding to an interface is
// unprivileged since Linux 5.7.
func prepare(opt DialOptions) func(network, address string, c syscall.RawConn) error {
	return func(network, _ string, c syscall.RawConn) error {
		var err error
		e := c.Control(func(fd uintptr) {
			if opt.Interface != "" {
				err = unix.BindToDevice(int(fd), opt.Interface)
			}
			if opt.Terse && strings.HasPrefix(network, "tcp") {
				laterAcks(int(fd))
			}
		})
		return errors.Join(e, err)
	}
}

// laterAcks makes the kernel wait for data to put an acknowledgement on
// (tcp(7), TCP_QUICKACK). It only saves packets, so failing is no matter.
func laterAcks(fd int) { _ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 0) }

// holdAcks does so once more: the kernel forgets it when it connects.
func holdAcks(c *net.TCPConn) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { laterAcks(int(fd)) })
	}
}

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
