package lan

import (
	"net"
	"os"

	"golang.org/x/sys/unix"

	"deskside/diag/link/arp"
)

// line is a packet socket for one protocol on one link: DHCP is spoken before
// there is an address to bind to, and 802.1X has none (packet(7), SOCK_DGRAM).
// Needs CAP_NET_RAW.
type line struct {
	file     *os.File
	index    int
	protocol uint16 // EtherType, as the wire has it
}

func openLine(index int, protocol uint16) (*line, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0) // 0: nothing comes before the bind
	if err != nil {
		return nil, err
	}
	l := &line{index: index, protocol: arp.Network(protocol)}
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: l.protocol, Ifindex: index}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	l.file = os.NewFile(uintptr(fd), "line")
	return l, nil
}

func (l *line) close() { l.file.Close() }

// join lets frames to a group pass the adapter's filter while the socket lives.
func (l *line) join(group []byte) error {
	m := unix.PacketMreq{Ifindex: int32(l.index), Type: unix.PACKET_MR_MULTICAST, Alen: 6}
	copy(m.Address[:], group)
	raw, err := l.file.SyscallConn()
	if err != nil {
		return err
	}
	var joined error
	if err := raw.Control(func(fd uintptr) {
		joined = unix.SetsockoptPacketMreq(int(fd), unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m)
	}); err != nil {
		return err
	}
	return joined
}

// send sends a packet to everyone on the link, or to a group.
func (l *line) send(packet []byte, to net.HardwareAddr) error {
	sa := &unix.SockaddrLinklayer{Protocol: l.protocol, Ifindex: l.index, Halen: 6}
	copy(sa.Addr[:], to)
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
