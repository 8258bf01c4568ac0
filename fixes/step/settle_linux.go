package step

import (
	"context"
	"encoding/json"
	"time"

	"github.com/vishvananda/netlink"
)

// How long a link that was switched on may take before a second look is worth
// something. Negotiating gigabit takes 2 to 4 s; a DHCP client asks within a
// second of the carrier and gives up on its first try after 4 s (RFC 2131,
// 4.1), so what takes longer is no longer the step's doing.
const (
	carrierTime = 5 * time.Second
	addressTime = 8 * time.Second
)

// Settle waits, no longer than it must, until what a step set in motion has
// come about: a link that was switched on gets a carrier, then an address.
// That it does not is no error: the second look will say so.
func (s Step) Settle(ctx context.Context) {
	var after LinkState
	if s.Kind != Link || json.Unmarshal(s.After, &after) != nil || !after.Up {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, addressTime)
	defer cancel()
	links, addrs := make(chan netlink.LinkUpdate), make(chan netlink.AddrUpdate)
	done := make(chan struct{})
	defer close(done)
	if netlink.LinkSubscribe(links, done) != nil || netlink.AddrSubscribe(addrs, done) != nil {
		return
	}
	noCarrier := time.NewTimer(carrierTime)
	defer noCarrier.Stop()
	for {
		carrier, address := linkReady(s.Target)
		if carrier && address {
			return
		}
		select {
		case _, ok := <-links:
			if !ok {
				return
			}
		case _, ok := <-addrs:
			if !ok {
				return
			}
		case <-noCarrier.C:
			if !carrier {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// linkReady reports a carrier, and an address that can leave the segment.
func linkReady(name string) (carrier, address bool) {
	l, err := netlink.LinkByName(name)
	if err != nil {
		return false, false
	}
	const lowerUp = 0x10000 // IFF_LOWER_UP, netdevice(7)
	list, err := netlink.AddrList(l, netlink.FAMILY_ALL)
	for _, a := range list {
		address = address || err == nil && !a.IP.IsLinkLocalUnicast()
	}
	return l.Attrs().RawFlags&lowerUp != 0, address
}
