// Package host is the one door to the machine: files, commands, sockets,
// clock, environment. os/exec appears nowhere else under diag. Package
// host/fake stands in for a machine in unit tests.
//
// Sockets that the net package cannot make (netlink, error queues, ARP,
// nl80211) are made by the families' own gather_linux.go files.
package host

import (
	"context"
	"io/fs"
	"net"
	"time"
)

// Host reads one machine. Every method is safe for concurrent use.
type Host interface {
	OS() string     // runtime.GOOS of the machine looked at
	Euid() int      // effective user ID; -1 where there is none
	Now() time.Time // the wall clock, which may be wrong
	Getenv(name string) string
	Can(Capability) bool // what the kernel lets this process do

	ReadFile(path string) ([]byte, error) // at most 16 MiB
	Lstat(path string) (fs.FileInfo, error)
	Stat(path string) (fs.FileInfo, error)
	Readlink(path string) (string, error)
	ReadDir(path string) ([]fs.DirEntry, error)

	Run(ctx context.Context, argv ...string) (Output, error)
	Dial(ctx context.Context, opt DialOptions, network, address string) (net.Conn, error)
}

// Capability is a right a probe may need.
type Capability int

// Rights that matter here.
const (
	NetRaw   Capability = iota // raw and packet sockets
	NetAdmin                   // change links, addresses, routes; trigger scans
)

// DialOptions says how to connect.
type DialOptions struct {
	Interface string // SO_BINDTODEVICE on Linux; empty means the routing table decides
	// Terse is for a short TCP talk in which we speak first: the last packet
	// of the handshake rides on our first word (Linux), and closing resets the
	// connection instead of saying farewell, which takes four packets more.
	// What is still unsent when it is closed is lost.
	Terse bool
}

// Output is what a command printed, cut at 1 MiB each.
type Output struct {
	Stdout, Stderr []byte
	Code           int // exit code
}
