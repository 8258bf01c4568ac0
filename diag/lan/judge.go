package lan

import (
	"slices"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// Judge adds no finding: what the segment says names causes, it is no health
// of its own. It says what could not be asked, where something is wrong that
// asking might have explained.
func Judge(f diag.Facts) (j diag.Judgement) {
	here, local := Section.Of(f), link.Section.Of(f)
	if local.Readable == diag.Yes && tunnelUnread(local) && worldSilent(internet.Section.Of(f)) {
		j.Miss("route.wireguard")
	}
	if here.MayAsk != diag.No || local.Readable != diag.Yes {
		return j
	}
	if here.Port.Client != "" && lackingAddress(local) {
		j.Miss("lan.port")
	}
	if len(here.Routers6) > 0 && sixSilent(internet.Section.Of(f)) {
		j.Miss("lan.routers6")
	}
	switch {
	case lackingAddress(local):
		j.Miss("lan.dhcp")
	case slices.ContainsFunc(here.Others, func(o Other) bool { return !o.Inside }):
		j.Miss("lan.edge")
	case setByHand(local) && routersSilent(gateway.Section.Of(f)):
		j.Miss("lan.foreign")
	case len(here.Own) > 0:
		j.Miss("lan.twins")
	}
	return j
}

// lackingAddress: a link carries, and none has an address that leads anywhere.
func lackingAddress(f link.Facts) bool {
	carries := false
	for _, l := range f.Links {
		if !l.Plain || !l.Up || !l.Carrier {
			continue
		}
		carries = true
		for _, a := range f.AddressesOf(l.Index) {
			if a.Scope != link.LinkLocal {
				return false
			}
		}
	}
	return carries
}

// setByHand: an IPv4 address here has no lifetime, so it is likely a fixed one.
func setByHand(f link.Facts) bool {
	return slices.ContainsFunc(f.Addresses, func(a link.Address) bool {
		l, _ := f.Link(a.Index)
		return l.Plain && l.Carrier && a.Family == 4 && !a.Leased && a.Scope != link.LinkLocal
	})
}

// routersSilent: none of the routers that are set answered.
func routersSilent(f gateway.Facts) bool {
	return len(f.Routers) > 0 && !slices.ContainsFunc(f.Routers, func(r gateway.Router) bool { return r.Answers != diag.No })
}

// tunnelUnread: packets leave through a tunnel that tells nothing to this user.
func tunnelUnread(f link.Facts) bool {
	return slices.ContainsFunc(f.WireGuard, func(w link.WireGuard) bool {
		return w.Readable == diag.No && slices.ContainsFunc(f.To("anchor"), func(p link.Path) bool { return p.Index == w.Index })
	})
}

// worldSilent: anchors were tried, and none of them answered.
func worldSilent(f internet.Facts) bool {
	return len(f.Anchors) > 0 && !slices.ContainsFunc(f.Anchors, func(c internet.Connect) bool {
		return c.Outcome == internet.Connected || c.Outcome == internet.Refused
	})
}

// sixSilent: IPv6 anchors were tried, and none of them answered.
func sixSilent(f internet.Facts) bool {
	six := internet.Facts{Anchors: slices.DeleteFunc(slices.Clone(f.Anchors), func(c internet.Connect) bool { return c.Family != 6 })}
	return worldSilent(six)
}
