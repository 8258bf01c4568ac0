package lab

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// conntrackMax belongs to the whole machine: in every other network than the
// first it can only be read.
const conntrackMax = "/proc/sys/net/netfilter/nf_conntrack_max"

// trackNoMore fills the PC's connection tracking table with connections that
// are open, since only those keep their place, and lowers the machine's limit
// to their number until the world ends. One world at a time may do so, on the
// whole machine; other worlds stay far below the limit.
func (n *Net) trackNoMore(limit int) {
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "deskside-lab-conntrack.lock"), os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
	must(err, "lock")
	n.onClose(func() { lock.Close() })
	must(unix.Flock(int(lock.Fd()), unix.LOCK_EX), "lock")
	before, err := os.ReadFile(conntrackMax)
	must(err, "limit of connections")
	n.PC.rule(Output, Match{&expr.Ct{Register: 1, Key: expr.CtKeySTATE}}) // the first rule that asks turns tracking on
	n.LAN.Address("br0", LANProxy+"/24")
	far := n.LAN.Listen(LANProxy + ":9")
	n.onClose(func() { far.Close() })
	n.run(func() {
		var held []net.Conn
		for {
			c, err := far.Accept()
			if err != nil {
				break
			}
			held = append(held, c)
		}
		for _, c := range held {
			c.Close()
		}
	})
	to := &unix.SockaddrInet4{Port: 9, Addr: [4]byte(net.ParseIP(LANProxy).To4())}
	must(n.PC.Do(func() error {
		for range limit {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return err
			}
			n.onClose(func() { unix.Close(fd) })
			if err := unix.Connect(fd, to); err != nil {
				return err
			}
		}
		return nil
	}), "pc: %d connections", limit)
	must(os.WriteFile(conntrackMax, []byte(strconv.Itoa(limit)), 0o644), "limit of connections")
	n.onClose(func() { _ = os.WriteFile(conntrackMax, bytes.TrimSpace(before), 0o644) }) // it could be written a moment ago
}

// neighbours fills the PC's table of neighbours, and lets the limit that only
// the first network of a machine shows be read there.
func (n *Net) neighbours(known, limit int) {
	const shown = "/proc/sys/net/ipv4/neigh"
	n.PC.Disk(shown, "64k", "")
	n.PC.File(shown+"/default/gc_thresh3", strconv.Itoa(limit)+"\n")
	index := n.PC.link("eth0").Attrs().Index
	for i := range known {
		ip := net.IPv4(192, 168, 1, byte(100+i))
		must(n.PC.nl.NeighSet(&netlink.Neigh{
			LinkIndex: index, State: netlink.NUD_STALE, IP: ip, HardwareAddr: net.HardwareAddr{2, 0, 0x5e, 0x10, 1, byte(i)},
		}), "pc: neighbour %s", ip)
	}
}
