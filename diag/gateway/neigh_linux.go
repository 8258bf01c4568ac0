package gateway

import (
	"context"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// neighbours dumps the table.
func neighbours() ([]neighbour, error) {
	entries, err := netlink.NeighList(0, netlink.FAMILY_ALL)
	if err != nil {
		return nil, err
	}
	var out []neighbour
	for _, n := range entries {
		out = append(out, neighbour{Address: address(n.IP), Index: n.LinkIndex, State: stateName(n.State), MAC: n.HardwareAddr.String()})
	}
	return out, nil
}

// changes is the socket of RTNLGRP_NEIGH, which needs no privilege.
func changes() (*nl.NetlinkSocket, error) {
	return nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_NEIGH)
}

// follow passes changes on until the socket is closed or ctx is done.
func follow(ctx context.Context, s *nl.NetlinkSocket, out chan<- neighbour) {
	for {
		messages, from, err := s.Receive()
		if err == unix.ENOBUFS { // too many at once: the final look at the table makes up for it
			continue
		}
		if err != nil {
			return
		}
		if from.Pid != nl.PidKernel {
			continue
		}
		for _, m := range messages {
			n, ok := neighbourIn(m.Data)
			if !ok || m.Header.Type != unix.RTM_NEWNEIGH {
				continue
			}
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}
}

func address(ip net.IP) string {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return ""
	}
	return a.Unmap().String()
}
