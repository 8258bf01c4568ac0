//go:build linux

package lab_test

import (
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag/lab"
)

// fate is what became of a packet: "ok", an errno's name, or "silence".
type fate string

const (
	ok      fate = "ok"
	silence fate = "silence"
)

func fateOf(err error) fate {
	switch err {
	case nil:
		return ok
	case unix.EAGAIN, unix.EINPROGRESS: // how a socket's own time-out ends a call: socket(7)
		return silence
	}
	if errno, is := err.(syscall.Errno); is {
		return fate(unix.ErrnoName(errno))
	}
	return fate(err.Error())
}

// tcp connects from the PC with plain system calls on one thread, as no
// library of ours would, and says what the kernel said.
func tcp(t *testing.T, l *lab.Lab, address string, patience time.Duration) (fate, time.Duration) {
	t.Helper()
	var f fate
	begin := time.Now()
	inside(t, l, func() error {
		fd, to := socket(t, address, unix.SOCK_STREAM)
		defer unix.Close(fd)
		tv := unix.NsecToTimeval(patience.Nanoseconds())
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &tv); err != nil {
			return err
		}
		f = fateOf(unix.Connect(fd, to))
		return nil
	})
	return f, time.Since(begin)
}

// udp sends a datagram from the PC and waits for an answer or an error. With
// IP_RECVERR a read reports "unreachable" too, which UDP keeps to itself
// otherwise: ip(7).
func udp(t *testing.T, l *lab.Lab, address string, payload []byte, patience time.Duration) (sent, got fate, answer []byte) {
	t.Helper()
	inside(t, l, func() error {
		fd, to := socket(t, address, unix.SOCK_DGRAM)
		defer unix.Close(fd)
		if err := unix.Connect(fd, to); err != nil {
			sent = fateOf(err)
			return nil
		}
		tv := unix.NsecToTimeval(patience.Nanoseconds())
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv); err != nil {
			return err
		}
		if _, v4 := to.(*unix.SockaddrInet4); v4 {
			if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1); err != nil {
				return err
			}
		}
		_, err := unix.Write(fd, payload)
		if sent = fateOf(err); err != nil {
			return nil
		}
		buf := make([]byte, 4096)
		n, err := unix.Read(fd, buf)
		got, answer = fateOf(err), buf[:max(n, 0)]
		return nil
	})
	return sent, got, answer
}

func socket(t *testing.T, address string, kind int) (int, unix.Sockaddr) {
	t.Helper()
	to := netip.MustParseAddrPort(address)
	family, sa := unix.AF_INET, unix.Sockaddr(&unix.SockaddrInet4{Port: int(to.Port())})
	if to.Addr().Is4() {
		sa.(*unix.SockaddrInet4).Addr = to.Addr().As4()
	} else {
		family, sa = unix.AF_INET6, &unix.SockaddrInet6{Port: int(to.Port()), Addr: to.Addr().As16()}
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Error(err)
	}
	return fd, sa
}

func inside(t *testing.T, l *lab.Lab, f func() error) {
	t.Helper()
	if err := l.Inside(f); err != nil {
		t.Fatal(err)
	}
}
