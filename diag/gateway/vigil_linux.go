package gateway

import (
	"net"
	"net/netip"
	"strconv"
	"time"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/diag/link/arp"
)

// vigil is one watch over all routers.
type vigil struct {
	env     *diag.Env
	begin   time.Time
	local   link.Facts
	routers []Router // as they were at the start: who to ask
	wires   map[int]*arp.Wire
	asked   int // how many of askAt are done
	decided int // how many of decideAt
}

func newVigil(env *diag.Env) *vigil {
	v := &vigil{env: env, begin: time.Now(), wires: map[int]*arp.Wire{}}
	env.Facts.Look(func(f diag.Facts) {
		v.local = link.Section.Of(f)
		v.routers = append(v.routers, Section.Of(f).Routers...)
	})
	if !env.Host.Can(host.NetRaw) {
		return v
	}
	for _, r := range v.routers {
		l, _ := v.local.Link(r.Index)
		mac, err := net.ParseMAC(l.MAC)
		if r.Family != 4 || v.wires[r.Index] != nil || err != nil || len(mac) != 6 {
			continue
		}
		if w, err := arp.Open(r.Index, mac); err == nil {
			v.wires[r.Index] = w
		}
	}
	v.each(func(r *Router) { r.OwnARP = r.Family == 4 && v.wires[r.Index] != nil })
	return v
}

func (v *vigil) close() {
	for _, w := range v.wires {
		w.Close()
	}
}

func (v *vigil) waited() time.Duration { return time.Since(v.begin) }

// each changes every router's facts under the lock.
func (v *vigil) each(change func(*Router)) {
	Section.Update(v.env.Facts, func(f *Facts) {
		for i := range f.Routers {
			change(&f.Routers[i])
		}
	})
}

// look reads the neighbour table as it is now.
func (v *vigil) look() {
	table, err := neighbours()
	if err != nil {
		return
	}
	v.each(func(r *Router) {
		state, mac := noEntry, ""
		for _, n := range table {
			if n.Address == r.Address && n.Index == r.Index {
				state, mac = n.State, n.MAC
			}
		}
		r.neighbour(state, mac, false, v.env.SinceMS(), diag.MS(v.waited()))
	})
}

// mine reports whether an address on a link is one of the routers: the facts
// are only touched for those.
func (v *vigil) mine(address string, index int) bool {
	return (&Facts{Routers: v.routers}).at(address, index) != nil
}

func (v *vigil) heard(n neighbour) {
	if !v.mine(n.Address, n.Index) {
		return
	}
	Section.Update(v.env.Facts, func(f *Facts) {
		f.at(n.Address, n.Index).neighbour(n.State, n.MAC, true, v.env.SinceMS(), diag.MS(v.waited()))
	})
}

func (v *vigil) claimed(c arp.Claim) {
	if !v.mine(c.Address, c.Index) || v.local.OwnMAC(c.MAC) {
		return // this PC's other links answer for each other's addresses (arp_ignore 0)
	}
	Section.Update(v.env.Facts, func(f *Facts) {
		r := f.at(c.Address, c.Index)
		r.hasMAC(c.MAC)
		r.answered(byARP, v.env.SinceMS(), diag.MS(v.waited()))
	})
}

// due does what the time asks for and returns how long until the next thing;
// negative when everything is done.
func (v *vigil) due() time.Duration {
	for v.asked < len(askAt) && v.waited() >= askAt[v.asked] {
		v.ask(v.asked)
		v.asked++
	}
	for v.decided < len(decideAt) && v.waited() >= decideAt[v.decided] {
		v.look()
		v.each(func(r *Router) { r.timeUp(v.env.SinceMS(), diag.MS(v.waited())) })
		v.decided++
	}
	next := secondThoughts
	if v.decided < len(decideAt) {
		next = decideAt[v.decided]
	}
	if v.asked < len(askAt) {
		next = min(next, askAt[v.asked])
	}
	if v.waited() >= secondThoughts {
		return -1
	}
	return max(next-v.waited(), 0)
}

// ask sends round n of our own ARP to routers that have not answered yet. The
// first round asks all of them: the kernel may have had its one answer already,
// and there may be a twin. The second goes to the MAC the kernel remembers, as
// the kernel's own probing does: unicast passes where an access point loses
// broadcasts.
func (v *vigil) ask(n int) {
	var now []Router
	v.env.Facts.Look(func(f diag.Facts) { now = append(now, Section.Of(f).Routers...) })
	remembered := map[string]string{}
	if n == 1 && len(v.wires) > 0 {
		if table, err := neighbours(); err == nil {
			for _, e := range table {
				remembered[e.Address] = e.MAC
			}
		}
	}
	for _, r := range now {
		w := v.wires[r.Index]
		if !r.OwnARP || w == nil || n > 0 && r.Answers == diag.Yes && len(r.MACs) > 0 {
			continue
		}
		to := arp.Broadcast
		if mac, err := net.ParseMAC(remembered[r.Address]); err == nil && len(mac) == 6 {
			to = mac
		}
		target := netip.MustParseAddr(r.Address)
		if size, err := w.Ask(v.sender(r, target), target, to); err == nil {
			v.env.Ledger.Sent(r.Address, 0, "arp", "router", size)
		}
	}
}

// sender is our address in the router's network, or none (an ARP probe).
func (v *vigil) sender(r Router, target netip.Addr) netip.Addr {
	for _, a := range v.local.AddressesOf(r.Index) {
		ip, err := netip.ParseAddr(a.IP)
		if err != nil || a.Family != 4 {
			continue
		}
		if p, err := ip.Prefix(a.Bits); err == nil && p.Contains(target) {
			return ip
		}
	}
	return netip.IPv4Unspecified()
}

// zoned adds the link to an address that means nothing without it: by number,
// because package net remembers which name is which link for a minute, and an
// adapter that was plugged in again is another link of the same name.
func zoned(a netip.Addr, index int) netip.Addr {
	if a.Is6() && a.IsLinkLocalUnicast() {
		return a.WithZone(strconv.Itoa(index))
	}
	return a
}
