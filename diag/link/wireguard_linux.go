package link

import (
	"encoding/binary"
	"time"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
)

// Numbers of linux/wireguard.h.
const (
	wgFamily    = "wireguard"
	wgVersion   = 1
	wgGetDevice = 0
	wgIfindex   = 1
	wgPeers     = 8
	wgPeerShook = 6 // last handshake: struct __kernel_timespec
)

// wireGuards asks WireGuard tunnels that are up when they last shook hands with
// anybody. Only an administrator may (CAP_NET_ADMIN); nothing else that the
// kernel tells then, keys among it, is kept.
func wireGuards(links []Link, now time.Time, dial func() (*genetlink.Conn, error)) (out []WireGuard) {
	for _, l := range links {
		if l.Kind == "wireguard" && l.Up {
			out = append(out, WireGuard{Index: l.Index, AgeS: -1})
		}
	}
	if len(out) == 0 {
		return nil
	}
	for i := range out {
		w := &out[i]
		peers, newest, err := handshakes(w.Index, dial)
		if err != nil {
			w.Readable, w.Why = diag.No, Errno(err)
			continue
		}
		w.Readable, w.Peers = diag.Yes, peers
		if newest > 0 {
			w.AgeS = max(now.Sub(time.Unix(newest, 0)).Seconds(), 0)
		}
	}
	return out
}

// handshakes returns how many peers a tunnel has and the newest handshake with
// one of them, in seconds since 1970; 0 when there never was one.
func handshakes(index int, dial func() (*genetlink.Conn, error)) (peers int, newest int64, err error) {
	c, err := dial()
	if err != nil {
		return 0, 0, err
	}
	defer c.Close()
	family, err := c.GetFamily(wgFamily)
	if err != nil {
		return 0, 0, err
	}
	e := netlink.NewAttributeEncoder()
	e.Uint32(wgIfindex, uint32(index))
	body, err := e.Encode()
	if err != nil {
		return 0, 0, err
	}
	question := genetlink.Message{Header: genetlink.Header{Command: wgGetDevice, Version: wgVersion}, Data: body}
	answers, err := c.Execute(question, family.ID, netlink.Request|netlink.Dump)
	if err != nil {
		return 0, 0, err
	}
	for _, a := range answers { // a tunnel with many peers takes several
		n, at := peersIn(a.Data)
		peers, newest = peers+n, max(newest, at)
	}
	return peers, newest, nil
}

// peersIn reads one answer: struct nlattr after nlattr, peers nested twice.
// What is cut short ends the reading.
func peersIn(b []byte) (peers int, newest int64) {
	attributes(b, func(kind uint16, list []byte) {
		if kind != wgPeers {
			return
		}
		attributes(list, func(_ uint16, peer []byte) {
			peers++
			attributes(peer, func(kind uint16, value []byte) {
				if kind == wgPeerShook && len(value) >= 16 {
					newest = max(newest, int64(binary.NativeEndian.Uint64(value)))
				}
			})
		})
	})
	return peers, newest
}

// attributes visits netlink attributes (netlink(7)) without trusting their
// lengths.
func attributes(b []byte, visit func(kind uint16, value []byte)) {
	const head = 4
	for len(b) >= head {
		size, kind := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
		if size < head || size > len(b) {
			return
		}
		visit(kind&^(unix.NLA_F_NESTED|unix.NLA_F_NET_BYTEORDER), b[head:size])
		b = b[min((size+3)&^3, len(b)):]
	}
}

// dialGenetlink opens a socket whose answers must come within patience.
func dialGenetlink() (*genetlink.Conn, error) {
	c, err := genetlink.Dial(nil)
	if err != nil {
		return nil, err
	}
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
