package lan

import (
	"net"
	"os"

	"golang.org/x/sys/unix"

	"deskside/diag/link/arp"
)

// line is a packet socket for IPv4 on one link: DHCP is spoken before there
// is an address to bind to (packet(7), SOCK_DGRAM). Needs CAP_NET_RAW.
type line struct {
	file  *os.File
	index int
}

func openLine(index int) (*line, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0) // 0: nothing comes before the bind
	if err != nil {
		return nil, err
	}
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: arp.Network(unix.ETH_P_IP), Ifindex: index}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &line{file: os.NewFile(uintptr(fd), "dhcp"), index: index}, nil
}

func (l *line) close() { l.file.Close() }

// shout sends an IPv4 packet to everyone on the link.
func (l *line) shout(packet []byte) error {
	sa := &unix.SockaddrLinklayer{Protocol: arp.Network(unix.ETH_P_IP), Ifindex: l.index, Halen: 6}
	copy(sa.Addr[:], arp.Broadcast)
	raw, err := l.file.SyscallConn()
	if err != nil {
		return err
	}
	var sent error
	if err := raw.Control(func(fd uintptr) { sent = unix.Sendto(int(fd), packet, 0, sa) }); err != nil {
		return err
	}
	return sent
}

// each passes every packet that others sent on, until the socket is closed.
func (l *line) each(visit func(packet []byte, from net.HardwareAddr)) {
	raw, err := l.file.SyscallConn()
	if err != nil {
		return
	}
	packet := make([]byte, 2048)
	for {
		var n int
		var from unix.Sockaddr
		var got error
		err := raw.Read(func(fd uintptr) bool {
			n, from, got = unix.Recvfrom(int(fd), packet, unix.MSG_DONTWAIT)
			return got != unix.EAGAIN
		})
		if err != nil || got != nil {
			return
		}
		if sa, ok := from.(*unix.SockaddrLinklayer); ok && sa.Pkttype != unix.PACKET_OUTGOING {
			visit(packet[:n], append(net.HardwareAddr{}, sa.Addr[:min(int(sa.Halen), 6)]...))
		}
	}
}
