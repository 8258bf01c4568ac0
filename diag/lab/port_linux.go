package lab

import (
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag/link/arp"
)

// eapol is the EtherType of IEEE 802.1X.
const eapol = 0x888e

// authenticator makes the switch ask for the identity of whoever is at one of
// its ports: at once when somebody says that they are there (EAPOL-Start), and
// again and again as switches do, only sooner. It answers nothing, as one does
// whose server nobody convinced.
func (n *Net) authenticator(port string) {
	group := net.HardwareAddr{0x01, 0x80, 0xc2, 0, 0, 3}
	var sock *os.File
	sa := &unix.SockaddrLinklayer{Protocol: arp.Network(eapol), Halen: 6}
	copy(sa.Addr[:], group)
	must(n.LAN.Do(func() error {
		fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			return err
		}
		sa.Ifindex = n.LAN.link(port).Attrs().Index
		m := unix.PacketMreq{Ifindex: int32(sa.Ifindex), Type: unix.PACKET_MR_MULTICAST, Alen: 6}
		copy(m.Address[:], group)
		if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: sa.Protocol, Ifindex: sa.Ifindex}); err != nil {
			unix.Close(fd)
			return err
		}
		sock = os.NewFile(uintptr(fd), "eapol")
		return unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m)
	}), "%s: 802.1X", port)
	n.onClose(func() { sock.Close() })
	raw, err := sock.SyscallConn()
	must(err, "%s: 802.1X", port)
	ask := func() {
		identity := []byte{2, 0, 0, 5, 1, 1, 0, 5, 1}                                   // EAP request 1: identity
		_ = raw.Control(func(fd uintptr) { _ = unix.Sendto(int(fd), identity, 0, sa) }) // lost is lost
	}
	n.run(func() {
		frame := make([]byte, 64)
		for {
			size, err := sock.Read(frame)
			if err != nil {
				return
			}
			if size >= 2 && frame[1] == 1 {
				ask()
			}
		}
	})
	n.every(5*time.Second, ask)
}

// unplugged takes a port out of the switch: its carrier stays, and nothing that
// comes in goes anywhere.
func (n *Net) unplugged(port string) {
	must(n.LAN.nl.LinkSetNoMaster(n.LAN.link(port)), "port %s", port)
}
