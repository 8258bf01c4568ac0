package gateway

import (
	"encoding/binary"
	"net"
	"net/netip"
)

// neighbour is one entry of the kernel's neighbour table.
type neighbour struct {
	Address string
	Index   int
	State   string
	MAC     string
}

// stateName turns NUD_* of linux/neighbour.h into the word ip-neighbour(8)
// uses; "" for a value that is none of them.
func stateName(nud int) string {
	switch nud {
	case 0x00:
		return noEntry
	case 0x01:
		return incomplete
	case 0x02:
		return reachable
	case 0x04:
		return "stale"
	case 0x08:
		return "delay"
	case 0x10:
		return "probe"
	case 0x20:
		return failed
	case 0x40:
		return noARP
	case 0x80:
		return permanent
	}
	return ""
}

// neighbourIn reads the body of an RTM_NEWNEIGH message: struct ndmsg (12
// bytes) and attributes (rtnetlink(7)). The netlink package can read it too,
// but trusts the lengths and asks the kernel back while it does. False for
// what has no address or is cut short.
func neighbourIn(b []byte) (n neighbour, ok bool) {
	const head, attr = 12, 4 // sizeof(struct ndmsg), sizeof(struct rtattr)
	if len(b) < head {
		return n, false
	}
	n.Index = int(int32(binary.NativeEndian.Uint32(b[4:])))
	n.State = stateName(int(binary.NativeEndian.Uint16(b[8:])))
	for b = b[head:]; len(b) >= attr; {
		size, kind := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
		if size < attr || size > len(b) {
			return neighbour{}, false
		}
		switch value := b[attr:size]; kind {
		case 1: // NDA_DST
			if a, valid := netip.AddrFromSlice(value); valid {
				n.Address = a.Unmap().String()
			}
		case 2: // NDA_LLADDR
			n.MAC = net.HardwareAddr(value).String()
		}
		b = b[min((size+3)&^3, len(b)):] // attributes are aligned to four bytes
	}
	return n, n.Address != "" && n.State != ""
}
