package lan

import (
	"context"
	"net/netip"
	"slices"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
)

// Bounds of what is asked, whatever this PC has.
const (
	maxOwn    = 4
	maxOthers = 4
)

// Local plans what to ask: it reads this PC's tables and files and sends
// nothing.
func Local(ctx context.Context, env *diag.Env) {
	var local link.Facts
	env.Facts.Look(func(f diag.Facts) { local = link.Section.Of(f) })
	out := Facts{MayAsk: diag.TriOf(env.Host.Can(host.NetRaw))}
	out.Own = ownAddresses(local)
	out.Others = otherRouters(env.Host, local)
	out.Routers6 = advertisers(local)
	out.DHCP.Client, out.DHCP.Routed = dhcpClient(env.Host, local), routedByLease(env.Host, local)
	self := lacking(local)
	out.DHCP.Planned = out.MayAsk == diag.Yes && self.Index != 0 && (out.DHCP.Client != "" || selfAssigned(local, self.Index))
	if on := port(local); on.Index != 0 {
		out.Port.Client = supplicantFor(env.Host, on.Name)
		if client, waits := "", diag.Maybe; self.Index != 0 { // only then it is worth the time of a bus
			if client, waits = askNetworkManager(ctx, env.Host, on.Name); client != "" {
				out.Port.Client, out.Port.Waits = client, waits
			}
		}
	}
	Section.Update(env.Facts, func(f *Facts) { *f = out })
}

// speaking are the links that carry and speak ARP.
func speaking(f link.Facts) []link.Link {
	var out []link.Link
	for _, l := range f.Links {
		if l.Plain && l.Up && l.Carrier && !l.NoARP && len(l.MAC) == len("00:00:00:00:00:00") {
			out = append(out, l)
		}
	}
	return out
}

func ownAddresses(f link.Facts) []Own {
	var out []Own
	for _, l := range speaking(f) {
		for _, a := range f.AddressesOf(l.Index) {
			if a.Family == 4 && a.Scope != link.Loopback && len(out) < maxOwn {
				out = append(out, Own{Address: a.IP, Index: l.Index})
			}
		}
	}
	return out
}

// otherRouters lists who might be the router besides those that a default
// route names: what leases and configuration say, and, for a network narrower
// than /24 with no default route at all, the two addresses that the router of
// the usual /24 has.
func otherRouters(h host.Host, f link.Facts) []Other {
	var out []Other
	add := func(a netip.Addr, l link.Link, known string, inside bool) {
		taken := slices.ContainsFunc(f.Addresses, func(o link.Address) bool { return o.IP == a.String() })
		taken = taken || slices.ContainsFunc(f.Routes, func(r link.Route) bool { return r.Default && r.Gateway == a.String() })
		taken = taken || slices.ContainsFunc(out, func(o Other) bool { return o.Address == a.String() && o.Index == l.Index })
		if !taken && len(out) < maxOthers {
			out = append(out, Other{Address: a.String(), Index: l.Index, Known: known, Inside: inside})
		}
	}
	known := routersOnFile(h)
	for _, l := range speaking(f) {
		for _, a := range f.AddressesOf(l.Index) {
			ip, err := netip.ParseAddr(a.IP)
			if err != nil || !ip.Is4() || a.Scope == link.LinkLocal {
				continue
			}
			net := netip.PrefixFrom(ip, a.Bits)
			usual := netip.PrefixFrom(ip, 24).Masked()
			for _, k := range known {
				if (k.dev == "" || k.dev == l.Name) && (net.Contains(k.address) || usual.Contains(k.address)) {
					add(k.address, l, k.source, net.Contains(k.address))
				}
			}
			if a.Bits > 24 && a.Bits < 31 && len(f.Defaults(4)) == 0 {
				first := usual.Addr().Next()
				last := usual.Addr().As4()
				last[3] = 254
				for _, guess := range []netip.Addr{first, netip.AddrFrom4(last)} {
					if !net.Contains(guess) {
						add(guess, l, "usual", false)
					}
				}
			}
		}
	}
	return out
}

// routedByLease: the way out that is set came from a DHCP server.
func routedByLease(h host.Host, f link.Facts) bool {
	return slices.ContainsFunc(routersOnFile(h), func(k known) bool {
		return k.source == lease && slices.ContainsFunc(f.Defaults(4), func(r link.Route) bool { return r.Gateway == k.address.String() })
	})
}

// lacking is the first link that speaks and has no IPv4 address that leads
// anywhere, on a PC where none has one.
func lacking(f link.Facts) link.Link {
	var found link.Link
	for _, l := range speaking(f) {
		for _, a := range f.AddressesOf(l.Index) {
			if a.Scope != link.LinkLocal {
				return link.Link{}
			}
		}
		if found.Index == 0 || selfAssigned(f, l.Index) && !selfAssigned(f, found.Index) {
			found = l
		}
	}
	return found
}

func selfAssigned(f link.Facts, index int) bool {
	return slices.ContainsFunc(f.AddressesOf(index), func(a link.Address) bool { return a.Family == 4 && a.Scope == link.LinkLocal })
}
