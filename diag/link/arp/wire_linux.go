package arp

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// Wire is a packet socket for ARP on one link (packet(7), SOCK_DGRAM: the
// kernel makes the Ethernet header). Needs CAP_NET_RAW.
type Wire struct {
	file  *os.File
	index int
	mac   net.HardwareAddr
}

// Broadcast is everyone on the link.
var Broadcast = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// Open opens the socket on a link with an Ethernet address.
func Open(index int, mac net.HardwareAddr) (*Wire, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0) // 0: nothing comes before the bind
	if err != nil {
		return nil, err
	}
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: Network(unix.ETH_P_ARP), Ifindex: index}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Wire{file: os.NewFile(uintptr(fd), "arp"), index: index, mac: mac}, nil
}

// Network is htons.
func Network(n uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], n)
	return binary.NativeEndian.Uint16(b[:])
}

// Ask sends one request, to everyone or to one MAC, and returns its size.
func (w *Wire) Ask(sender, target netip.Addr, to net.HardwareAddr) (int, error) {
	sa := &unix.SockaddrLinklayer{Protocol: Network(unix.ETH_P_ARP), Ifindex: w.index, Halen: 6}
	copy(sa.Addr[:], to)
	body := Body(w.mac, sender, target)
	raw, err := w.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	var sent error
	if err := raw.Control(func(fd uintptr) { sent = unix.Sendto(int(fd), body, 0, sa) }); err != nil {
		return 0, err
	}
	return len(body), sent
}

// Claim is somebody on the wire saying who they are.
type Claim struct {
	Address string
	Index   int
	MAC     string
}

// Listen passes claims of others on until the socket is closed or ctx is
// done. What this PC sends itself is not a claim.
func (w *Wire) Listen(ctx context.Context, out chan<- Claim) {
	raw, err := w.file.SyscallConn()
	if err != nil {
		return
	}
	frame := make([]byte, 256)
	for {
		var n int
		var from unix.Sockaddr
		var got error
		err := raw.Read(func(fd uintptr) bool {
			n, from, got = unix.Recvfrom(int(fd), frame, unix.MSG_DONTWAIT)
			return got != unix.EAGAIN
		})
		if err != nil || got != nil {
			return
		}
		if sa, ok := from.(*unix.SockaddrLinklayer); !ok || sa.Pkttype == unix.PACKET_OUTGOING {
			continue
		}
		who, mac, ok := Said(frame[:n])
		if !ok {
			continue
		}
		select {
		case out <- Claim{who.String(), w.index, mac.String()}:
		case <-ctx.Done():
			return
		}
	}
}

// Close ends it; a Listen returns.
func (w *Wire) Close() { w.file.Close() }
