package lan

import (
	"context"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/link/arp"
)

// askServers sends DHCPDISCOVER: at once on a PC without an address, later on
// one whose router or world stays silent, never on one that works.
func askServers(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	var plan Facts
	env.Facts.Look(func(f diag.Facts) { local, plan = link.Section.Of(f), Section.Of(f) })
	on, patience := lacking(local), dhcpPatience
	if !plan.DHCP.Planned {
		if !trouble(ctx, env) {
			return nil
		}
		on, patience = leaving(local), dhcpLate
	} else if plan.DHCP.Client == "" {
		patience = dhcpGlance
	}
	mac, err := net.ParseMAC(on.MAC)
	if err != nil {
		return nil
	}
	l, err := openLine(on.Index, unix.ETH_P_IP)
	if err != nil {
		return err
	}
	var ear sync.WaitGroup
	defer ear.Wait()
	defer l.close()
	xid, begin := rand.Uint32(), time.Now()
	first := make(chan struct{}, 1)
	var portal sync.Once
	ear.Go(func() {
		l.each(func(packet []byte, from net.HardwareAddr) {
			if a, ok := answerIn(packet, xid); ok {
				if a.captive != "" && !plan.DHCP.Planned { // with an address, and yet no world: the network may say why
					portal.Do(func() { ear.Go(func() { internet.AskCaptive(ctx, env, a.captive, internet.FromOffer) }) })
				}
				noteOffer(env, local, on.Index, a, from)
				select {
				case first <- struct{}{}:
				default:
				}
			}
		})
	})
	end := time.NewTimer(patience)
	defer end.Stop()
	tick := time.NewTimer(0)
	defer tick.Stop()
	packet := discover(mac, xid)
	for sent := 0; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return nil
		case <-first:
			end.Reset(moreOffers)
			tick.Stop()
			first = nil
		case <-tick.C:
			if err := l.send(packet, arp.Broadcast); err != nil {
				return err
			}
			env.Ledger.Sent("255.255.255.255", serverPort, "udp", "dhcp", len(packet))
			Section.Update(env.Facts, func(f *Facts) {
				f.DHCP.Index, f.DHCP.Sent = on.Index, f.DHCP.Sent+1
				if f.DHCP.AtMS == 0 {
					f.DHCP.AtMS = env.SinceMS()
				}
			})
			if sent++; sent < len(discoverAt) {
				tick.Reset(discoverAt[sent] - time.Since(begin))
			}
		}
	}
}

// trouble waits until the router is late, or the world is; false when both
// are well, or ctx ended.
func trouble(ctx context.Context, env *diag.Env) bool {
	ctx, cancel := context.WithCancel(ctx)
	well := make(chan struct{})
	go func() {
		defer close(well)
		worldAnswers(env, ctx.Done())
	}()
	defer func() { <-well }()
	defer cancel()
	for _, stage := range []struct {
		late    time.Duration
		atFault func(diag.Facts) bool
	}{{routerLate, routerSilent}, {worldLate - routerLate, func(diag.Facts) bool { return true }}} {
		wait := time.NewTimer(stage.late)
		select {
		case <-well:
			wait.Stop()
			return false
		case <-wait.C:
		}
		late := false
		env.Facts.Look(func(f diag.Facts) { late = stage.atFault(f) })
		if late {
			return true
		}
	}
	return true
}

func routerSilent(f diag.Facts) bool {
	for _, r := range gateway.Section.Of(f).Routers {
		if r.Answers == diag.Yes {
			return false
		}
	}
	return true
}

// leaving is the link that packets for the anchors leave by, when it speaks
// Ethernet.
func leaving(f link.Facts) link.Link {
	for _, l := range speaking(f) {
		for _, p := range f.To("anchor") {
			if p.Index == l.Index && p.Reachable == diag.Yes {
				return l
			}
		}
	}
	return link.Link{}
}

func noteOffer(env *diag.Env, local link.Facts, on int, a answer, from net.HardwareAddr) {
	o := Offer{Server: a.server.String(), MAC: from.String(), AtMS: env.SinceMS()}
	if o.Refused = a.kind == typeNAK || a.address.IsUnspecified(); !o.Refused {
		o.Address, o.Scope, o.Bits = a.address.String(), link.ScopeOf(a.address.String()), a.bits
		o.Foreign = !inside(local, on, a.address)
	}
	if a.router.IsValid() {
		o.Router = a.router.String()
		for _, r := range local.Defaults(4) {
			o.IsGateway = o.IsGateway || r.Gateway == o.Router
		}
	}
	Section.Update(env.Facts, func(f *Facts) {
		for _, old := range f.DHCP.Offers {
			if old.Server == o.Server && old.MAC == o.MAC {
				return // the answer to our second question
			}
		}
		if len(f.DHCP.Offers) < 8 {
			f.DHCP.Offers = append(f.DHCP.Offers, o)
		}
	})
}
