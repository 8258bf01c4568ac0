package lan

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// wayPatience is what a hop or two beyond a router may take to speak.
const wayPatience = 400 * time.Millisecond

// tryAround sends packets through those announced routers that the kernel does
// not use, once IPv6 is late: if one leads out, the one in use is to blame.
func tryAround(ctx context.Context, env *diag.Env, local link.Facts) {
	var plan Facts
	late := true
	env.Facts.Look(func(f diag.Facts) {
		plan = Section.Of(f)
		for _, a := range internet.Section.Of(f).Anchors {
			late = late && !(a.Family == 6 && (a.Outcome == internet.Connected || a.Outcome == internet.Refused))
		}
	})
	for _, p := range local.To("anchor") {
		from, err := netip.ParseAddr(p.Source)
		target, err2 := netip.ParseAddr(p.Dest)
		if !late || p.Family != 6 || p.Reachable != diag.Yes || err != nil || err2 != nil {
			continue
		}
		var tries sync.WaitGroup
		for i, r := range plan.Routers6 {
			mac, err := net.ParseMAC(r.MAC)
			if err == nil && r.Address != p.Gateway && r.Answers == diag.Yes {
				tries.Go(func() { tryRouter6(ctx, env, i, r, mac, from, target) })
			}
		}
		tries.Wait()
		return // one anchor is enough
	}
}

// tryRouter6 sends two packets by way of one router and hears whether anybody
// behind it speaks.
func tryRouter6(ctx context.Context, env *diag.Env, at int, r Router6, mac net.HardwareAddr, from, target netip.Addr) {
	l, err := openLine(r.Index, unix.ETH_P_IPV6)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, wayPatience)
	defer cancel()
	var ear sync.WaitGroup
	defer ear.Wait()
	defer l.close()
	ear.Go(func() {
		l.each(func(packet []byte, _ net.HardwareAddr) {
			if who, ok := endOf(packet, target); ok && who.String() != r.Address {
				Section.Update(env.Facts, func(f *Facts) { f.Routers6[at].Leads = diag.Yes })
				cancel()
			}
		})
	})
	for hops := beyondRouter6; hops <= farthestTo; hops++ {
		packet := packet6(from, target, hops)
		if l.send(packet, mac) != nil {
			return
		}
		env.Ledger.Sent(target.String(), probePort+hops, "udp", "hop", len(packet)-ip6Len-udpLen)
	}
	<-ctx.Done()
}
