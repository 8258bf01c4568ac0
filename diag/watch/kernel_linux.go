package watch

import (
	"context"

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
		down := map[int]bool{}
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
				n := newsIn(m.Header.Type, m.Data)
				// Wi-Fi drivers repeat themselves at every scan.
				if old, known := down[n.Index]; n.Index != 0 && known && old == n.Down {
					continue
				}
				if down[n.Index] = n.Down; m.Header.Type == unix.RTM_DELLINK {
					delete(down, n.Index)
				}
				worth = true
				select {
				case said <- n:
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

// newsIn reads struct ifinfomsg (rtnetlink(7)) where the message is about a
// link.
func newsIn(kind uint16, b []byte) News {
	if kind != unix.RTM_NEWLINK && kind != unix.RTM_DELLINK || len(b) < unix.SizeofIfInfomsg {
		return News{}
	}
	info := nl.DeserializeIfInfomsg(b)
	return News{int(info.Index), kind == unix.RTM_DELLINK || info.Flags&unix.IFF_LOWER_UP == 0}
}
