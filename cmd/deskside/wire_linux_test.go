package main

import (
	"encoding/binary"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"deskside/diag/lab"
	"deskside/diag/report"
)

// What one check may send, measured on the wire with everything that belongs
// to it (handshakes, ARP): a telephone's hotspot must not notice. The target
// is 60 packets and 20 kB; the tenth on top is for what TCP sends again when
// this machine is busy.
const (
	fewPackets = 66
	mostBytes  = 20_000
)

// TestContacted holds the list of contacts against the wire: nobody was sent
// anything who is not on it, nobody is on it who was sent nothing, and all of
// them are configured or the PC's own.
func TestContacted(t *testing.T) {
	t.Parallel()
	// The PC's own address is asked for by ARP (does another have it? RFC 5227),
	// a broadcast asks who gives out addresses (RFC 2131), and a switch is asked
	// whether it wants a name (IEEE 802.1X): none of it leaves this network.
	const broadcast, port = "255.255.255.255", "01:80:c2:00:00:03"
	v4 := []string{lab.Quad9, lab.OneOne, lab.WebOne, lab.WebTwo, lab.Router, lab.PCAddress, broadcast, port}
	v6 := []string{lab.Quad9v6, lab.OneOnev6, lab.WebOne6, lab.WebTwo6, lab.Router6}
	for _, c := range []struct {
		world string
		known []string
		mute  bool // what is sent gets no further than asking for the router
		most  int  // packets
	}{
		{"healthy", v4, false, fewPackets},
		{"healthy-v6", slices.Concat(v4, v6), false, fewPackets + 20}, // anchors, router and hops a second time
		{"gw-dead", v4, true, fewPackets},
	} {
		t.Run(c.world, func(t *testing.T) {
			t.Parallel()
			p := open(t, c.world)
			w := p.tap()
			var rep report.Report
			p.run("check", "--json", "--full").only(t, &rep)
			sent := w.stop()

			listed := map[string]bool{}
			for _, row := range rep.Contacted {
				listed[party(row.Proto, row.Address, row.Port)] = true
				if !slices.Contains(c.known, row.Address) {
					t.Errorf("contacted %s, which nobody configured (%s)", row.Address, row.Why)
				}
			}
			for who := range sent.parties {
				if !listed[who] {
					t.Errorf("sent to %s, which is not listed", who)
				}
			}
			for who := range listed {
				if !sent.parties[who] && !c.mute {
					t.Errorf("listed %s, to whom nothing went", who)
				}
			}
			t.Logf("sent %d packets, %d bytes on the wire, to %d parties", sent.packets, sent.bytes, len(sent.parties))
			if sent.packets > c.most || sent.bytes > mostBytes {
				t.Errorf("%d packets and %d bytes are too much; to %q", sent.packets, sent.bytes, slices.Sorted(maps.Keys(sent.parties)))
			}
		})
	}
}

func party(proto, to string, port int) string {
	return fmt.Sprintf("%s %s %d", proto, to, port)
}

// wire listens to what leaves the PC through eth0: packet(7).
type wire struct {
	p  *pc
	fd int
}

func (p *pc) tap() *wire {
	p.t.Helper()
	w := &wire{p: p, fd: -1}
	err := p.Inside(func() (err error) {
		const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8 // in network order
		if w.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, all); err != nil {
			return err
		}
		ifr, err := unix.NewIfreq("eth0")
		if err != nil {
			return err
		}
		if err := unix.IoctlIfreq(w.fd, unix.SIOCGIFINDEX, ifr); err != nil {
			return err
		}
		if err := unix.SetsockoptInt(w.fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 8<<20); err != nil {
			return err
		}
		return unix.Bind(w.fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: int(ifr.Uint32())})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { unix.Close(w.fd) })
	return w
}

// traffic is what was sent.
type traffic struct {
	parties        map[string]bool
	packets, bytes int
}

// stop tells what was sent since tap.
func (w *wire) stop() traffic {
	w.p.t.Helper()
	out := traffic{parties: map[string]bool{}}
	w.each(func(frame []byte) {
		if who, ours := addressee(frame); ours {
			out.packets++
			out.bytes += len(frame)
			out.parties[who] = true
		}
	})
	return out
}

// each reads what the kernel kept since tap: it copies a packet to this socket
// before it is sent, so that all of it is there when the program has ended.
func (w *wire) each(see func(frame []byte)) {
	w.p.t.Helper()
	buf := make([]byte, 1<<17)
	for {
		n, from, err := unix.Recvfrom(w.fd, buf, 0)
		if err == unix.EAGAIN {
			break
		}
		if err != nil {
			w.p.t.Fatal(err)
		}
		if ll, ok := from.(*unix.SockaddrLinklayer); ok && ll.Pkttype == unix.PACKET_OUTGOING {
			see(buf[:n])
		}
	}
	lost, err := unix.GetsockoptTpacketStats(w.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil || lost.Drops != 0 {
		w.p.t.Fatalf("the tap lost packets: %+v %v", lost, err)
	}
}

// addressee reads an Ethernet frame. What the kernel sends by itself for every
// IPv6 link (neighbour and router discovery, multicast reports: RFC 4861,
// RFC 3810) is not the program's.
func addressee(frame []byte) (who string, ours bool) {
	const ethernet = 14
	body := frame[ethernet:]
	switch binary.BigEndian.Uint16(frame[12:]) {
	case unix.ETH_P_ARP:
		return party("arp", netip.AddrFrom4([4]byte(body[24:28])).String(), 0), true
	case unix.ETH_P_PAE:
		return party("eapol", net.HardwareAddr(frame[:6]).String(), 0), true
	case unix.ETH_P_IP:
		header := int(body[0]&0x0f) * 4
		return carried(body[9], netip.AddrFrom4([4]byte(body[16:20])), body[header:])
	case unix.ETH_P_IPV6:
		next, rest := body[6], body[40:]
		if next == unix.IPPROTO_HOPOPTS { // multicast reports carry a router alert
			next, rest = rest[0], rest[(int(rest[1])+1)*8:]
		}
		return carried(next, netip.AddrFrom16([16]byte(body[24:40])), rest)
	}
	return fmt.Sprintf("frames of type %#x", frame[12:14]), true
}

func carried(proto byte, to netip.Addr, payload []byte) (who string, ours bool) {
	switch proto {
	case unix.IPPROTO_TCP, unix.IPPROTO_UDP:
		name := map[byte]string{unix.IPPROTO_TCP: "tcp", unix.IPPROTO_UDP: "udp"}[proto]
		return party(name, to.String(), int(binary.BigEndian.Uint16(payload[2:]))), true
	case unix.IPPROTO_ICMP:
		return party("icmp", to.String(), 0), true
	case unix.IPPROTO_ICMPV6:
		const echoRequest = 128
		return party("icmp", to.String(), 0), payload[0] == echoRequest
	}
	return party(fmt.Sprintf("protocol %d", proto), to.String(), 0), true
}
