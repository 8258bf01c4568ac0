package lab

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// foreignFaults are a PC whose fixed address belongs to another network.
func foreignFaults() []World {
	const home, gone = "10.20.30.40/24", "10.20.30.1"
	foreign := []string{"addr.static_foreign"}
	plain := []string{"gw.arp_failed"} // true as well, and all that can be seen without asking the network
	move := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.Address("eth0", home)
		n.PC.Default(gone, "eth0", 0)
		n.nameservers(gone)
	}
	talking := func(n *Net, ips ...string) {
		for i, ip := range ips {
			n.talk(n.stranger("desk"+string(rune('a'+i)), ip+"/24"), "eth0", ip, Router)
		}
	}
	return []World{
		{Name: "addr-foreign", Story: "The PC kept the fixed address of another office; this one hands out its own.", Expect: foreign, Plain: plain, Build: func(n *Net) {
			move(n)
			n.DHCP(n.GW, "lan0", Lease{Server: Router, Address: "192.168.1.60", Router: Router})
		}},
		{Name: "addr-foreign-chatter", Story: "The same where nobody hands out addresses, but others talk.", Expect: foreign, Plain: plain, Build: func(n *Net) {
			move(n)
			talking(n, "192.168.1.71", "192.168.1.72")
		}},
		{Name: "addr-foreign-quiet", Story: "The same where nobody says a word: only the router is missing.", Expect: plain, Build: move},
		{Name: "gw-dead-stray", Story: "The router is off; a printer with its factory address talks, and so does a neighbour.", Expect: plain, Build: func(n *Net) {
			n.GW.Down("lan0")
			talking(n, "192.168.0.9", "192.168.1.72")
		}},
	}
}

// portFaults are a switch that lets nobody in who has not signed in (802.1X).
func portFaults() []World {
	locked := []string{"link.auth_8021x"}
	lock := func(n *Net) {
		n.unplugged("p_pc")
		n.authenticator("p_pc")
	}
	asking := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.File(interfaces, asksDHCP)
	}
	return []World{
		{Name: "link-8021x", Story: "The switch wants a sign-in before it lets the PC in.", Expect: locked, Plain: []string{"addr.none"}, Build: func(n *Net) {
			lock(n)
			asking(n)
		}},
		{Name: "link-8021x-static", Story: "The same, and the PC has a fixed address.", Expect: locked, Plain: []string{"gw.arp_failed"}, Build: lock},
		{Name: "link-8021x-supplicant", Story: "The same, the PC is set up to sign in, and the program may not listen.", Expect: []string{"link.auth_8021x", "addr.none"}, User: "nobody", Build: func(n *Net) {
			lock(n)
			asking(n)
			n.PC.File("/etc/wpa_supplicant/wpa_supplicant-wired-eth0.conf", "")
		}},
		{Name: "healthy-8021x", Story: "The switch has let the PC in, and asks again now and then.", Build: func(n *Net) { n.authenticator("p_pc") }},
	}
}

// announcedFaults are two devices that announce themselves as IPv6 routers.
func announcedFaults() []World {
	const stray, strayPrefix = "192.168.1.66/24", "fd00:66::/64"
	rogue6 := []string{"v6.ra_rogue"}
	six := Site{IPv6: true}
	announced := func(n *Net) *Node {
		must(n.PC.nl.RouteDel(n.PC.route("", Router6, 0)), "no IPv6 default")
		n.announce(n.GW, "lan0", "2001:db8:1::/64", false)
		other := n.stranger("other", stray)
		other.Sysctl("net/ipv6/conf/all/forwarding", "1")
		return other
	}
	dead := func(n *Net) {
		other := announced(n)
		n.announce(other, "eth0", strayPrefix, true)
		other.Down("eth0")
	}
	return []World{
		{Name: "v6-ra-rogue", Story: "A device announced itself as the better IPv6 router, and is gone.", Expect: rogue6, Site: six, Build: dead},
		{Name: "v6-ra-rogue-no-root", Story: "The same without rights.", Expect: rogue6, Site: Site{IPv6: true, NoPing: true}, User: "nobody", Build: dead},
		{Name: "v6-ra-rogue-alive", Story: "The same, and it is there and knows no way.", Expect: rogue6, Site: six, Build: func(n *Net) {
			other := announced(n)
			other.Address("eth0", "2001:db8:1::66/64")
			n.announce(other, "eth0", strayPrefix, true)
		}},
		{Name: "v6-ra-rogue-private", Story: "The same, and it knows no way back either: it announced a private network.", Expect: rogue6, Plain: []string{"v6.broken"}, Site: six, Build: func(n *Net) {
			n.announce(announced(n), "eth0", strayPrefix, true)
		}},
		{Name: "v6-broken-two-routers", Story: "Two IPv6 routers are there, and the line behind them is dead.", Expect: []string{"v6.broken"}, Site: six, Build: func(n *Net) {
			n.second6(announced(n))
			n.ISP.Drop(Forward, IPv6)
		}},
		{Name: "healthy-two-ra", Story: "Two IPv6 routers announced themselves, and both lead out.", Site: six, Build: func(n *Net) { n.second6(announced(n)) }},
		{Name: "healthy-two-prefixes", Story: "The router announces two networks, a public and a private one.", Site: six, Build: func(n *Net) {
			must(n.PC.nl.RouteDel(n.PC.route("", Router6, 0)), "no IPv6 default")
			n.announce(n.GW, "lan0", "2001:db8:1::/64", false)
			n.announce(n.GW, "lan0", "fd00:1::/64", false)
		}},
		{Name: "healthy-ra-spare-dead", Story: "A second IPv6 router announced itself and is gone, and nobody uses it.", Site: six, Build: func(n *Net) {
			other := announced(n)
			n.announce(other, "eth0", strayPrefix, false)
			must(n.PC.nl.RouteAdd(n.PC.route("", Router6, 100)), "a better default")
			other.Down("eth0")
		}},
	}
}

// looseFaults are a cable that comes and goes.
func looseFaults() []World {
	loose := []string{"link.flapping"}
	return []World{
		{Name: "link-flapping", Story: "The cable loses contact again and again.", Expect: loose, Build: func(n *Net) {
			n.every(150*time.Millisecond, func() { _ = n.wiggle("p_pc") }) // refused is not lost
		}},
		{Name: "link-flapped", Story: "The cable lost contact six times in two minutes, and holds now.", Expect: loose, Build: func(n *Net) {
			for range 6 {
				must(n.wiggle("p_pc"), "p_pc")
			}
			n.kernelLog(6)
		}},
		{Name: "healthy-replugged", Story: "The cable was plugged into another socket a minute ago.", Build: func(n *Net) {
			must(n.wiggle("p_pc"), "p_pc")
			n.kernelLog(2)
		}},
	}
}

// wiggle takes the carrier of a port's other end for a moment.
func (n *Net) wiggle(port string) error {
	p, err := n.LAN.nl.LinkByName(port)
	if err != nil {
		return err
	}
	return errors.Join(n.LAN.nl.LinkSetDown(p), n.LAN.nl.LinkSetUp(p))
}

// kernelLog lets the PC's log say what the driver of a real adapter would: so
// many times within the last two minutes, the link was lost and found.
func (n *Net) kernelLog(times int) {
	var now unix.Timespec
	must(unix.ClockGettime(unix.CLOCK_MONOTONIC, &now), "clock")
	var log strings.Builder
	for i := range times {
		at := now.Nano()/1000 - 120e6 + int64(i)*15e6
		fmt.Fprintf(&log, "6,%d,%d,-;e1000e 0000:00:1f.6 eth0: NIC Link is Down\n SUBSYSTEM=pci\n", 2*i, at)
		fmt.Fprintf(&log, "6,%d,%d,-;e1000e 0000:00:1f.6 eth0: NIC Link is Up 1000 Mbps Full Duplex\n", 2*i+1, at+2e6)
	}
	f := n.PC.Pretend("/dev/kmsg")
	defer f.Close()
	_, err := f.WriteString(log.String())
	must(err, "pc: kernel log")
}

// unusualLANs are healthy segments with more on them than one router.
func unusualLANs() []World {
	return []World{
		{Name: "healthy-vrrp", Story: "Two routers share one address and one hardware address that stands for both (VRRP); one of them waits.", Build: func(n *Net) {
			must(n.GW.nl.LinkSetHardwareAddr(n.GW.link("lan0"), net.HardwareAddr{0, 0, 0x5e, 0, 1, 1}), "virtual router") // RFC 5798, section 7.3
			n.talk(n.stranger("backup", "192.168.1.3/24"), "eth0", "192.168.1.3", Router)
		}},
		{Name: "healthy-two-nets", Story: "Two networks share one cable, and the PC's router is well.", Build: func(n *Net) {
			for i, ip := range []string{"10.20.30.1", "10.20.30.2", "10.20.30.3"} {
				n.talk(n.stranger("other"+string(rune('a'+i)), ip+"/24"), "eth0", ip, "10.20.30.9")
			}
		}},
	}
}
