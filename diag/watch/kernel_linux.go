package watch

import (
	"context"
	"encoding/binary"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Listen passes on what the kernel says about links, addresses and routes
// until ctx ends. It needs no privilege. Both channels stay silent where the
// kernel cannot be heard; the ticks then look often enough.
func Listen(ctx context.Context) (wake <-chan struct{}, news <-chan News) {
	changed, said := make(chan struct{}, 1), make(chan News, 64)
	s, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV4_ROUTE, unix.RTNLGRP_IPV6_ROUTE)
	if err != nil {
		return changed, said
	}
	context.AfterFunc(ctx, s.Close)
	go func() {
		last := map[int]linkState{}
		for {
			messages, from, err := s.Receive()
			if err != nil && err != unix.ENOBUFS { // closed; too many at once make the next tick look too
				return
			}
			if err == nil && from.Pid != nl.PidKernel {
				continue
			}
			worth := err != nil
			for _, m := range messages {
				index, state := stateIn(m.Header.Type, m.Data)
				// Wi-Fi drivers repeat themselves at every scan.
				if old, known := last[index]; index != 0 && known && old == state {
					continue
				}
				if last[index] = state; index == 0 || m.Header.Type == unix.RTM_DELLINK {
					delete(last, index)
				}
				worth = true
				select {
				case said <- News{index, state.down}:
				default: // so much is waiting that the next tick looks anyway
				}
			}
			if !worth {
				continue
			}
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}()
	return changed, said
}

// linkState is what makes a message about a link worth looking up.
type linkState struct {
	down    bool
	changes uint32 // of the carrier, ever (IFLA_CARRIER_CHANGES)
}

// stateIn reads struct ifinfomsg and its attributes (rtnetlink(7)) where the
// message is about a link; the index is 0 for any other message.
func stateIn(kind uint16, b []byte) (index int, s linkState) {
	if kind != unix.RTM_NEWLINK && kind != unix.RTM_DELLINK || len(b) < unix.SizeofIfInfomsg {
		return 0, s
	}
	info := nl.DeserializeIfInfomsg(b)
	s.down = kind == unix.RTM_DELLINK || info.Flags&unix.IFF_LOWER_UP == 0
	s.changes = carrierChanges(b[unix.SizeofIfInfomsg:])
	return int(info.Index), s
}

// carrierChanges walks the attributes by hand: nl.ParseRouteAttr (v1.3.1)
// panics on a last one that is cut short.
func carrierChanges(b []byte) uint32 {
	const head = unix.SizeofRtAttr
	for len(b) >= head {
		size, kind := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
		if size < head || size > len(b) {
			return 0
		}
		if kind == unix.IFLA_CARRIER_CHANGES && size == head+4 {
			return binary.NativeEndian.Uint32(b[head:])
		}
		b = b[min((size+3)&^3, len(b)):] // attributes are aligned to four bytes
	}
	return 0
}
