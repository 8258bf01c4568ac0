package lab

import (
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// pathFaults are seen only by a longer look (--deep), apart from the packets
// that vanish by their size, which stall secure connections.
func pathFaults() []World {
	return []World{
		{Name: "mtu-blackhole", Story: "The line takes 1400 bytes, and nobody says so.", Expect: []string{"mtu.blackhole"}, Build: func(n *Net) {
			n.narrowLine(1400)
			n.GW.Drop(Output, TooBig)
			n.ISP.Drop(Output, TooBig)
		}},
		{Name: "mtu-narrow", Story: "The line takes 1400 bytes, and the router says so.", Deep: true, Build: func(n *Net) { n.narrowLine(1400) }},
		{Name: "mtu-blackhole-v6", Story: "The line takes 1400 bytes, and a filter keeps IPv6 from saying so.", Deep: true, Site: Site{IPv6: true}, Expect: []string{"mtu.blackhole"}, Build: func(n *Net) {
			n.narrowLine(1400)
			n.GW.Drop(Output, TooBig6)
			n.ISP.Drop(Output, TooBig6)
		}},
		{Name: "mtu-narrow-v6", Story: "The line takes 1400 bytes, and the router says so, over IPv6 too.", Deep: true, Site: Site{IPv6: true}, Build: func(n *Net) { n.narrowLine(1400) }},
		{Name: "mtu-jumbo", Story: "The PC is set to frames that its network does not carry.", Deep: true, Expect: []string{"mtu.local_mismatch"},
			Build: func(n *Net) { must(n.PC.nl.LinkSetMTU(n.PC.link("eth0"), 9000), "pc: mtu") }},
		{Name: "loss-provider", Story: "The provider loses one packet in four.", Deep: true, Expect: []string{"wan.loss_hop"},
			Build: func(n *Net) { n.ISP.Drop(Forward, Percent(25)) }},
		{Name: "loss-cable", Story: "The cable to the router loses one packet in four.", Deep: true, Expect: []string{"wan.loss_hop"},
			Build: func(n *Net) { n.GW.Drop(Prerouting, In("lan0"), Percent(25)) }},
		{Name: "uplink-hog", Story: "A program on the PC uploads all it can.", Deep: true, Alone: true, Expect: []string{"perf.uplink_hog", "perf.bufferbloat"}, Build: func(n *Net) {
			n.GW.Rate("wan0", 5_000_000, 1_000_000)
			n.uploader(n.PC)
		}},
		{Name: "uplink-hog-datagrams", Story: "A program on the PC sends more datagrams than the line takes.", Deep: true, Alone: true, Expect: []string{"perf.uplink_hog", "perf.bufferbloat"}, Build: func(n *Net) {
			n.GW.Rate("wan0", 5_000_000, 160_000)
			n.camera(n.PC, 5_300_000)
			n.GW.Backlogged("wan0", 120_000)
		}},
		{Name: "uplink-other", Story: "Another machine on the LAN uploads all it can.", Deep: true, Alone: true, Expect: []string{"perf.uplink_saturated_other"}, Build: func(n *Net) {
			n.GW.Rate("wan0", 5_000_000, 1_000_000)
			n.LAN.Address("br0", "192.168.1.77/24")
			n.LAN.Default(Router, "", 0)
			n.uploader(n.LAN)
		}},
		{Name: "uplink-other-steady", Story: "Another machine has been uploading for a while, and the line's queue is always full.", Deep: true, Alone: true, Expect: []string{"perf.uplink_saturated_other"}, Build: func(n *Net) {
			n.GW.Rate("wan0", 5_000_000, 160_000)
			n.LAN.Address("br0", "192.168.1.77/24")
			n.LAN.Default(Router, "", 0)
			n.uploader(n.LAN)
			n.GW.Backlogged("wan0", 120_000)
		}},
		{Name: "uplink-other-cbr", Story: "A camera sends more than the line takes.", Deep: true, Alone: true, Expect: []string{"perf.uplink_saturated_other"}, Build: (*Net).Crowd},
		{Name: "bufferbloat", Story: "The modem's queue is far too long.", Deep: true, Alone: true, Expect: []string{"perf.bufferbloat"},
			Build: func(n *Net) { n.GW.Rate("wan0", 2_000_000, 1_000_000) }},
		{Name: "healthy-queue", Story: "The same slow line, with a queue of a reasonable length.", Deep: true, Alone: true,
			Build: func(n *Net) { n.GW.Rate("wan0", 2_000_000, 16_000) }},
		{Name: "healthy-narrow-line", Story: "A line of 256 kbit/s upwards, with a queue of a few packets.", Deep: true, Alone: true, Notes: []string{"perf.link_slow"},
			Build: func(n *Net) { n.GW.Rate("wan0", 256_000, 12_000) }},
		{Name: "healthy-deep", Story: "Everything works, and is looked at for longer.", Deep: true},
		{Name: "healthy-deep-slow", Story: "A satellite link, looked at for longer.", Deep: true, Site: Site{RTT: 600 * time.Millisecond}},
		{Name: "healthy-deep-no-ping", Story: "A longer look without any rights.", Deep: true, User: "nobody", Site: Site{NoPing: true}},
		{Name: "healthy-icmp-limited", Story: "The routers send one ICMP error a second.", Deep: true, Build: func(n *Net) {
			for _, router := range []*Node{n.GW, n.ISP} {
				router.Sysctl("net/ipv4/icmp_ratelimit", "1000")
			}
		}},
	}
}

// narrowLine makes the line between router and provider, not the server's
// own, carry less: a server on a narrow link would say so in its MSS.
func (n *Net) narrowLine(mtu int) {
	must(n.GW.nl.LinkSetMTU(n.GW.link("wan0"), mtu), "gw: mtu")
	must(n.ISP.nl.LinkSetMTU(n.ISP.link("cust0"), mtu), "isp: mtu")
}

// uploader sends from a node without end, over four connections, to a sink in
// far. The program that
// the PC sees doing so is the one that runs the world.
func (n *Net) uploader(on *Node) {
	const port = 9 // discard, RFC 863
	l := n.Far.Listen(net.JoinHostPort(WebOne, strconv.Itoa(port)))
	n.onClose(func() { l.Close() })
	for range 4 {
		conn := on.connect(WebOne, port)
		sink, err := l.Accept()
		must(err, "sink")
		n.onClose(func() {
			conn.Close()
			sink.Close()
		})
		n.run(func() { _, _ = io.Copy(io.Discard, sink) })
		n.run(func() {
			block := make([]byte, 64<<10)
			for {
				if _, err := conn.Write(block); err != nil {
					return // the world ended
				}
			}
		})
	}
}

// camera sends datagrams from a node at a constant rate, in bits a second.
func (n *Net) camera(on *Node, rate int) {
	const size = 1200
	conn := on.ListenPacket("0.0.0.0:0")
	n.onClose(func() { conn.Close() })
	n.run(func() {
		const beats = 5 * time.Millisecond
		beat := time.NewTicker(beats)
		defer beat.Stop()
		block, to := make([]byte, size), &net.UDPAddr{IP: net.ParseIP(WebOne), Port: 9}
		begun, sent := time.Now(), 0
		for range beat.C {
			for due := int(time.Since(begun).Seconds() * float64(rate) / 8); sent < due; sent += size + 28 {
				if _, err := conn.WriteTo(block, to); err != nil {
					return // the world ended
				}
			}
		}
	})
}

// connect opens a TCP connection on a thread inside; net.Dial would move to
// other threads.
func (n *Node) connect(ip string, port int) (c net.Conn) {
	must(n.Do(func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		f := os.NewFile(uintptr(fd), "tcp "+ip)
		defer f.Close()
		if err := unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte(net.ParseIP(ip).To4())}); err != nil {
			return err
		}
		c, err = net.FileConn(f)
		return err
	}), "%s: connect to %s", n.Name, ip)
	return c
}
