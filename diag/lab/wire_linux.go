package lab

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// longWire joins two nodes by a pair of TUN devices with a pump between them
// that holds every packet for a time: a satellite link without tc-netem(8),
// which not every kernel has.
func (n *Net) longWire(a *Node, aName string, b *Node, bName string, oneWay time.Duration) {
	near, far := n.tun(a, aName), n.tun(b, bName)
	n.pump(near, far, oneWay)
	n.pump(far, near, oneWay)
	a.Up(aName)
	b.Up(bName)
}

// tun makes a TUN device inside a node; it lives as long as the file is open.
func (n *Net) tun(node *Node, name string) *os.File { return n.device(node, name, unix.IFF_TUN) }

// tap is tun for whole Ethernet frames.
func (n *Net) tap(node *Node, name string) *os.File { return n.device(node, name, unix.IFF_TAP) }

func (n *Net) device(node *Node, name string, kind uint16) (f *os.File) {
	must(node.Do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		req, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		req.SetUint16(kind | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, req); err != nil {
			unix.Close(fd)
			return err
		}
		f = os.NewFile(uintptr(fd), "tun "+name)
		return nil
	}), "%s: tun %s", node.Name, name)
	n.onClose(func() { f.Close() })
	return f
}

// flight is a packet on its way.
type flight struct {
	due    time.Time
	packet []byte
}

// pump carries packets one way, in order, each for the same time. A constant
// delay keeps the queue sorted, so a channel is queue enough; when it is full
// packets are lost, as on any line.
func (n *Net) pump(from, to *os.File, delay time.Duration) {
	line := make(chan flight, 4096)
	n.run(func() {
		defer close(line)
		buf := make([]byte, 1<<16)
		for {
			size, err := from.Read(buf)
			if err != nil {
				return // the device is gone: the world ended
			}
			select {
			case line <- flight{time.Now().Add(delay), append([]byte{}, buf[:size]...)}:
			default:
			}
		}
	})
	n.run(func() {
		for f := range line {
			select {
			case <-time.After(time.Until(f.due)):
				_, _ = to.Write(f.packet) // refused while the device is down: the packet is lost
			case <-n.over:
				return
			}
		}
	})
}
