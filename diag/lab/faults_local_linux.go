package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// cableFaults are links that carry, and carry badly.
func cableFaults() []World {
	return []World{
		{Name: "link-errors", Story: "Frames arrive damaged.", Expect: []string{"link.errors"}, Build: func(n *Net) {
			counter := n.PC.Pretend("/sys/class/net/eth0/statistics/rx_crc_errors")
			n.onClose(func() { counter.Close() })
			n.run(func() {
				tick := time.NewTicker(20 * time.Millisecond)
				defer tick.Stop()
				for bad := 1000; ; bad += 10 {
					_, _ = counter.WriteAt([]byte(strconv.Itoa(bad)+"\n"), 0) // grows, so nothing old is left behind
					select {
					case <-tick.C:
					case <-n.over:
						return
					}
				}
			})
		}},
		{Name: "link-half-duplex", Story: "Computer and switch take turns to speak.", Expect: []string{"link.half_duplex"}, Build: func(n *Net) { n.adapter(10, false, 0) }},
		{Name: "link-speed-low", Story: "A gigabit adapter runs at 10 Mbit/s.", Expect: []string{"link.speed_low"}, Build: func(n *Net) { n.adapter(10, true, gigabitFull) }},
		{Name: "healthy-slow-adapter", Story: "An old adapter runs as fast as it can.", Build: func(n *Net) { n.adapter(100, true, 0) }},
	}
}

// gigabitFull is SUPPORTED_1000baseT_Full of linux/ethtool.h.
const gigabitFull = 1 << 5

// adapter gives the PC another adapter, which says of itself what a real one
// would: so many Mbit/s, and what it could do.
func (n *Net) adapter(mbit uint16, full bool, supported uint32) {
	n.PC.Remove("eth0")
	near, far := n.tap(n.PC, "tap0"), n.tap(n.LAN, "p_tap")
	n.pump(near, far, 0)
	n.pump(far, near, 0)
	must(n.LAN.nl.LinkSetMaster(n.LAN.link("p_tap"), n.LAN.link("br0")), "port")
	n.LAN.Up("p_tap")
	n.PC.Negotiated("tap0", mbit, full, supported)
	n.PC.Up("tap0")
	n.PC.Address("tap0", PCAddress+"/24")
	n.PC.Default(Router, "tap0", 0)
}

// resourceFaults are a PC that ran out of something.
func resourceFaults() []World {
	fewPorts := func(n *Net) {
		n.PC.Sysctl("net/ipv4/ip_local_port_range", "40000 40063")
		for _, ip := range []string{Quad9, OneOne} {
			n.useUp(ip, 443)
		}
	}
	crowdedLAN := func(n *Net) { n.neighbours(64, 64) }
	fullTable := func(n *Net) { n.trackNoMore(400) }
	fullRun := func(n *Net) {
		n.PC.Disk("/run", "4k", "")
		n.PC.inside("/run", func() error {
			err := os.WriteFile("/run/full", make([]byte, 1<<16), 0o644)
			if errors.Is(err, unix.ENOSPC) {
				return nil
			}
			return fmt.Errorf("the room is not full: %w", err)
		})
	}
	ports := []string{"res.ports_exhausted"}
	return []World{
		{Name: "res-ports", Story: "A program holds every port there is.", Expect: ports, Build: fewPorts},
		{Name: "res-ports-no-root", Story: "The same without rights.", Expect: ports, User: "nobody", Site: Site{NoPing: true}, Build: fewPorts},
		{Name: "res-files", Story: "A program has opened all the files it may.", Expect: []string{"res.fd_exhausted"}, Plain: []string{}, Build: func(n *Net) { n.crowd(32) }},
		{Name: "res-conntrack", Story: "The PC's table of connections is full.", Expect: []string{"res.conntrack_full"}, Alone: true, Build: fullTable},
		{Name: "res-neighbours", Story: "The PC knows as many neighbours as it can remember.", Expect: []string{"res.neigh_overflow"}, Build: crowdedLAN},
		{Name: "healthy-neighbours", Story: "A large network, with room for twice as many.", Build: func(n *Net) { n.neighbours(64, 128) }},
		{Name: "res-etc-full", Story: "There is no room to write network settings.", Expect: []string{"res.disk_full_etc"}, Build: fullRun},
	}
}

// Pretend lays a file of ours over one that the kernel fills; the caller
// closes it.
func (n *Node) Pretend(path string) (f *os.File) {
	n.inside(path, func() (err error) {
		if f, err = os.Create("/run/pretended"); err != nil {
			return err
		}
		return os.NewSyscallError("mount", unix.Mount("/run/pretended", path, "", unix.MS_BIND, ""))
	})
	return f
}

// Negotiated sets what a link says of its speed and duplex, and which modes it
// supports (ETHTOOL_SSET); TAP devices take it.
func (n *Node) Negotiated(link string, mbit uint16, full bool, supported uint32) {
	const set, supportedAt, speedAt, duplexAt = 0x2, 4, 12, 14 // struct ethtool_cmd, linux/ethtool.h
	must(n.Do(func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		var command [44]byte
		binary.NativeEndian.PutUint32(command[:], set)
		binary.NativeEndian.PutUint32(command[supportedAt:], supported)
		binary.NativeEndian.PutUint16(command[speedAt:], mbit)
		if full {
			command[duplexAt] = 1 // DUPLEX_FULL
		}
		request := struct {
			name [unix.IFNAMSIZ]byte
			data unsafe.Pointer
			_    [16]byte
		}{data: unsafe.Pointer(&command)}
		copy(request.name[:], link)
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); errno != 0 {
			return errno
		}
		return nil
	}), "%s: mode of %s", n.Name, link)
}

// useUp connects the PC to an address and port until it has no port left.
func (n *Net) useUp(ip string, port int) {
	to := &unix.SockaddrInet4{Port: port, Addr: [4]byte(net.ParseIP(ip).To4())}
	must(n.PC.Do(func() error {
		for {
			fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return err
			}
			n.onClose(func() { unix.Close(fd) })
			switch err := unix.Connect(fd, to); {
			case errors.Is(err, unix.EADDRNOTAVAIL):
				return nil
			case err != nil:
				return err
			}
		}
	}), "pc: all ports to %s", ip)
}

// crowd starts a program on the PC that may open limit files and has all but
// one open: the loader of the program itself needs that one.
func (n *Net) crowd(limit int) {
	null, err := os.Open(os.DevNull)
	must(err, "null")
	defer null.Close()
	cmd := exec.Command("sh", "-c", "ulimit -Sn "+strconv.Itoa(limit)+"; exec sleep 600")
	for len(cmd.ExtraFiles) < limit-4 {
		cmd.ExtraFiles = append(cmd.ExtraFiles, null)
	}
	must(n.PC.Do(cmd.Start), "pc: a crowded program") // it inherits the thread's namespaces
	n.onClose(func() {
		_ = cmd.Process.Kill() // gone already: Wait says so
		_ = cmd.Wait()
	})
}
