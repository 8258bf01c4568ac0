package gateway

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/host"
)

// earPatience is as long as a connection is tried: one error a second leaves
// the router, so one is heard.
const earPatience = 1500 * time.Millisecond

// overhear listens to what routers say to the other programs of this PC. They
// go on trying while the line is down and use up the few errors that a router
// sends; whoever may read all ICMP messages needs none of his own. Only IPv4
// has a kernel that hands them out so plainly.
func overhear(ctx context.Context, env *diag.Env) error {
	if !env.Host.Can(host.NetRaw) {
		Section.Update(env.Facts, func(f *Facts) { f.Deaf = true })
		return nil
	}
	ear, err := net.ListenPacket("ip4:icmp", "0.0.0.0")
	if err != nil {
		return err
	}
	defer ear.Close()
	ctx, cancel := context.WithTimeout(ctx, earPatience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { ear.Close() })()
	var watch sync.WaitGroup
	defer watch.Wait()
	defer cancel()
	watch.Go(func() {
		if env.Facts.Await(ctx.Done(), goesOn) {
			cancel()
		}
	})
	message := make([]byte, 256)
	for {
		n, from, err := ear.ReadFrom(message)
		if err != nil {
			return nil // the time is over
		}
		speaker, ok := from.(*net.IPAddr)
		if !ok || !noWayOut(message[:n]) {
			continue
		}
		a, _ := netip.AddrFromSlice(speaker.IP)
		Section.Update(env.Facts, func(f *Facts) { f.overheard(a.Unmap(), env.SinceMS()) })
	}
}
