package lan

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/link/arp"
)

// When and how often to ask. RFC 5227 spaces its probes by seconds because it
// claims an address; who only asks may ask faster (0.9 s for three, measured
// in the diagnosis brief). A neighbour answers within a millisecond.
var (
	arpAt      = []time.Duration{0, 200 * time.Millisecond, 400 * time.Millisecond}
	discoverAt = []time.Duration{0, 400 * time.Millisecond}
)

const (
	arpPatience = 600 * time.Millisecond
	// afterProof is what a twin still gets once the internet answers.
	afterProof = 50 * time.Millisecond

	dhcpPatience = time.Second
	// dhcpGlance is enough where no DHCP client is set up: an offer on a LAN
	// takes a millisecond, and nobody was promised one.
	dhcpGlance = 300 * time.Millisecond
	// dhcpLate fits what is left once the world was given its time.
	dhcpLate = 600 * time.Millisecond
	// moreOffers is how long a second server may take after the first.
	moreOffers = 300 * time.Millisecond
	// routerLate and worldLate are when a PC that has an address begins to
	// wonder who gave it: its router is silent, or nothing beyond answers.
	routerLate = 250 * time.Millisecond
	worldLate  = 700 * time.Millisecond
)

// Probes ask the segment.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "lan.arp", Aside: true, Budget: arpPatience + 100*time.Millisecond, When: worthARP, Run: askNeighbours},
		{ID: "lan.poke", Budget: pokePatience + 100*time.Millisecond, When: worthPoke, Run: pokeOthers},
		{ID: "lan.mirror", Budget: mirrorPatience + 100*time.Millisecond, When: worthMirror, Run: listenForMirror},
		{ID: "lan.routers6", Aside: true, Budget: arpPatience + wayPatience + 100*time.Millisecond, When: worthRouters6, Run: askRouters6},
		{ID: "lan.port", Budget: routerLate + portPatience + 100*time.Millisecond, When: worthPort, Run: askPort},
		{ID: "lan.dhcp", Budget: 2500 * time.Millisecond, When: worthDHCP, Run: askServers},
	}
}

func worthARP(f diag.Facts) bool {
	l := Section.Of(f)
	return l.MayAsk == diag.Yes && len(l.Own)+len(l.Others) > 0
}

// worthPoke: who may not ask the wire can still make the kernel ask.
func worthPoke(f diag.Facts) bool {
	l := Section.Of(f)
	return l.MayAsk == diag.No && len(l.Others) > 0
}

func worthMirror(f diag.Facts) bool {
	return Section.Of(f).MayAsk == diag.Yes && leaving(link.Section.Of(f)).Index != 0
}

func worthDHCP(f diag.Facts) bool {
	l := Section.Of(f)
	return l.MayAsk == diag.Yes && (l.DHCP.Planned || len(gateway.Section.Of(f).Routers) > 0)
}

// askNeighbours sends ARP probes for our own addresses and for those of other
// possible routers. It ends early when all is well beyond.
func askNeighbours(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	var plan Facts
	env.Facts.Look(func(f diag.Facts) { local, plan = link.Section.Of(f), Section.Of(f) })
	ctx, cancel := context.WithTimeout(ctx, arpPatience)
	defer cancel()
	wires, claims := map[int]*arp.Wire{}, make(chan arp.Claim)
	around := eavesdropper{local: local, known: map[arp.Claim]bool{}}
	var ears sync.WaitGroup
	defer ears.Wait()
	for _, index := range plan.links() {
		l, _ := local.Link(index)
		mac, err := net.ParseMAC(l.MAC)
		if err != nil {
			continue
		}
		w, err := arp.Open(index, mac)
		if err != nil {
			continue
		}
		defer w.Close()
		wires[index] = w
		ears.Go(func() { w.Listen(ctx, claims) })
	}
	defer cancel()
	ears.Go(func() {
		if worldAnswers(env, ctx.Done()) {
			late := time.AfterFunc(afterProof, cancel)
			<-ctx.Done()
			late.Stop()
		}
	})
	begin, round := time.Now(), 0
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				noteSilence(env)
			}
			return nil
		case c := <-claims:
			if !local.OwnMAC(c.MAC) {
				noteClaim(env, c)
				around.note(env, c)
			}
		case <-tick.C:
			sendRound(env, wires)
			if round++; round < len(arpAt) {
				tick.Reset(arpAt[round] - time.Since(begin))
			}
		}
	}
}

// links are those that somebody is asked on.
func (f Facts) links() []int {
	seen := map[int]bool{}
	var out []int
	add := func(index int) {
		if !seen[index] {
			seen[index] = true
			out = append(out, index)
		}
	}
	for _, o := range f.Own {
		add(o.Index)
	}
	for _, o := range f.Others {
		add(o.Index)
	}
	return out
}

func sendRound(env *diag.Env, wires map[int]*arp.Wire) {
	probe := func(address string, index int) bool {
		target, err := netip.ParseAddr(address)
		if err != nil || wires[index] == nil {
			return false
		}
		size, err := wires[index].Ask(netip.IPv4Unspecified(), target, arp.Broadcast)
		if err == nil {
			env.Ledger.Sent(address, 0, "arp", "neighbour", size)
		}
		return err == nil
	}
	var now Facts
	env.Facts.Look(func(f diag.Facts) { now = Section.Of(f) })
	sent := map[string]bool{}
	for _, o := range now.Own {
		sent[o.Address] = len(o.MACs) == 0 && probe(o.Address, o.Index)
	}
	for _, o := range now.Others {
		sent[o.Address] = o.Answers != diag.Yes && probe(o.Address, o.Index)
	}
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Own {
			if sent[f.Own[i].Address] {
				f.Own[i].Asked++
			}
		}
		for i := range f.Others {
			if sent[f.Others[i].Address] {
				f.Others[i].Asked++
			}
		}
	})
}

// noteClaim records who claims what.
func noteClaim(env *diag.Env, c arp.Claim) {
	at := env.SinceMS()
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Own {
			if o := &f.Own[i]; o.Address == c.Address && o.Index == c.Index && len(o.MACs) == 0 {
				o.MACs, o.AtMS = []string{c.MAC}, at
			}
		}
		for i := range f.Others {
			if o := &f.Others[i]; o.Address == c.Address && o.Index == c.Index && o.Answers != diag.Yes {
				o.Answers, o.AtMS = diag.Yes, at
			}
		}
	})
}

func noteSilence(env *diag.Env) {
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Others {
			if o := &f.Others[i]; o.Asked > 0 && o.Answers == diag.Maybe {
				o.Answers = diag.No
			}
		}
	})
}

// worldAnswers waits until an anchor or a known web page answered; false when
// done ends first.
func worldAnswers(env *diag.Env, done <-chan struct{}) bool {
	return env.Facts.Await(done, func(f diag.Facts) bool {
		far := internet.Section.Of(f)
		for _, w := range far.Web {
			if w.Match == diag.Yes {
				return true
			}
		}
		for _, a := range far.Anchors {
			if a.Outcome == internet.Connected || a.Outcome == internet.Refused {
				return true
			}
		}
		return false
	})
}
