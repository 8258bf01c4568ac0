package lab

import (
	"fmt"
	"net"
	"os"
	"runtime"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// Node is one machine of a world: a network namespace. Its methods are for
// building; they panic with a buildError, which [Up] turns into an error.
type Node struct {
	Name string
	ns   netns.NsHandle
	nl   *netlink.Handle
	mnt  *os.File // mount namespace, or nil for the machine's own
}

// buildError is how building stops: worlds read as a list of actions, without
// an error check between any two of them.
type buildError struct{ error }

func must(err error, format string, args ...any) {
	if err != nil {
		panic(buildError{fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), err)})
	}
}

// quietly are the sysctls of every node: no waiting for duplicate address
// detection (RFC 4862), no asking for routers, no reverse-path filter.
var quietly = map[string]string{
	"net/ipv6/conf/all/accept_dad":               "0",
	"net/ipv6/conf/default/accept_dad":           "0",
	"net/ipv6/conf/default/router_solicitations": "0",
	"net/ipv4/conf/all/rp_filter":                "0",
	"net/ipv4/conf/default/rp_filter":            "0",
}

func newNode(name string) *Node {
	n := &Node{Name: name, ns: netns.None()}
	err := onThread(func() (err error) {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("new network namespace: %w", err)
		}
		n.ns, err = netns.GetFromPath("/proc/thread-self/ns/net")
		return err
	})
	must(err, "%s", name)
	n.nl, err = netlink.NewHandleAt(n.ns, unix.NETLINK_ROUTE)
	must(err, "%s: netlink", name)
	for key, value := range quietly {
		n.Sysctl(key, value)
	}
	n.Up("lo")
	return n
}

// onThread runs f on a thread of its own, which ends with it: whatever
// namespaces f enters, no other goroutine ever sees them.
func onThread(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread dies with the goroutine
		done <- f()
	}()
	return <-done
}

// Do runs f on a thread inside the node. f may open sockets and files and
// must not start goroutines that do.
func (n *Node) Do(f func() error) error {
	return onThread(func() error {
		if err := netns.Set(n.ns); err != nil {
			return err
		}
		if n.mnt != nil {
			// setns(2): a thread that shares its root directory cannot change mounts.
			if err := unix.Unshare(unix.CLONE_FS); err != nil {
				return err
			}
			if err := unix.Setns(int(n.mnt.Fd()), unix.CLONE_NEWNS); err != nil {
				return err
			}
		}
		return f()
	})
}

// Sysctl writes /proc/sys/<key>. Under net/ the kernel shows the namespace of
// the thread that looks, so a write on a thread inside is enough.
func (n *Node) Sysctl(key, value string) {
	must(n.Do(func() error { return os.WriteFile("/proc/sys/"+key, []byte(value), 0o644) }), "%s: sysctl %s", n.Name, key)
}

// Listen opens a TCP listener inside the node; address must be a literal.
func (n *Node) Listen(address string) (l net.Listener) {
	must(n.Do(func() (err error) { l, err = net.Listen("tcp", address); return err }), "%s: listen %s", n.Name, address)
	return l
}

// ListenPacket opens a UDP socket inside the node; address must be a literal.
func (n *Node) ListenPacket(address string) (p net.PacketConn) {
	must(n.Do(func() (err error) { p, err = net.ListenPacket("udp", address); return err }), "%s: listen %s", n.Name, address)
	return p
}

func (n *Node) close() {
	if n == nil {
		return
	}
	if n.nl != nil {
		n.nl.Close()
	}
	if n.ns.IsOpen() {
		n.ns.Close()
	}
	if n.mnt != nil {
		n.mnt.Close()
	}
}
