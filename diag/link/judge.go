package link

import (
	"deskside/diag"
	"deskside/diag/text"
)

// Finding codes of the local half of the connectivity check.
const (
	CodeLink    = "connectivity.link"
	CodeAddress = "connectivity.address"
	CodeRoute   = "connectivity.route"
)

// Judge is pure. A layer is only judged when the one below it works: what
// stands on a broken layer is skipped, not failed.
func Judge(f diag.Facts) (j diag.Judgement) {
	v := view{Facts: Section.Of(f)}
	if v.Readable != diag.Yes {
		for _, code := range []string{CodeLink, CodeAddress, CodeRoute} {
			j.Add(code, diag.Unknown, nil)
		}
		if v.Readable == diag.No {
			j.Miss("link.tables."+missKey(v.Why), "Why", v.Why)
		}
		return j
	}
	if v.LogDenied && v.lostBefore() {
		j.Miss("link.log")
	}
	link := v.link(&j)
	address := diag.Skipped
	if link == diag.OK {
		address = v.address(&j)
	} else {
		j.Add(CodeAddress, diag.Skipped, nil)
	}
	if address == diag.OK {
		v.route(&j)
	} else {
		j.Add(CodeRoute, diag.Skipped, nil)
	}
	return j
}

// missKey tells the two reasons apart that have different remedies.
func missKey(why string) string {
	if why == notHere {
		return "system"
	}
	return "kernel"
}

type view struct{ Facts }

func (v view) seen(key, source string, pairs ...any) diag.Evidence {
	return diag.Evidence{What: text.M("evidence."+key, pairs...), Source: source, AtMS: v.AtMS}
}

// lostBefore: a link in use has lost its carrier often since the PC started,
// which every sleep does too. Each loss is two changes.
func (v view) lostBefore() bool {
	for _, l := range v.usable() {
		if l.Flaps >= 2*lossesCount && l.Kind != "wifi" {
			return true
		}
	}
	return false
}

// usable returns the plain links that are switched on and connected.
func (v view) usable() []Link {
	var out []Link
	for _, l := range v.Links {
		if l.Plain && l.Up && l.Carrier {
			out = append(out, l)
		}
	}
	return out
}

// link fails only when no plain link at all is connected: an unplugged second
// adapter is nobody's trouble.
func (v view) link(j *diag.Judgement) diag.Status {
	var up, down []diag.Evidence
	for _, l := range v.Links {
		switch {
		case !l.Plain:
		case !l.Up:
			down = append(down, v.seen("link.off", "netlink link", "Link", l.Name))
		case !l.Carrier && l.Kind == "wifi":
			down = append(down, v.seen("link.unassociated", "netlink link", "Link", l.Name))
		case !l.Carrier:
			down = append(down, v.seen("link.unplugged", "netlink link", "Link", l.Name))
		case l.SpeedMb > 0:
			up = append(up, v.seen("link.speed", "netlink link", "Link", l.Name, "Speed", l.SpeedMb, "Duplex", l.Duplex))
		default:
			up = append(up, v.seen("link.up", "netlink link", "Link", l.Name))
		}
	}
	if len(up) > 0 {
		j.Add(CodeLink, diag.OK, text.Args{"Link": v.usable()[0].Name}, append(up, down...)...)
		return diag.OK
	}
	if len(down) == 0 {
		down = append(down, v.seen("link.absent", "netlink link"))
	}
	j.Add(CodeLink, diag.Fail, nil, down...)
	return diag.Fail
}

// address wants one address on a connected link that can reach further than
// the cable: IPv4 that is not self-assigned (RFC 3927), or public IPv6, or
// private IPv6 (RFC 4193) that has a default route.
func (v view) address(j *diag.Judgement) diag.Status {
	var good, poor []diag.Evidence
	where := ""
	for _, l := range v.usable() {
		for _, a := range v.AddressesOf(l.Index) {
			args := []any{"Link", l.Name, "Address", a.IP}
			switch {
			case a.State == "duplicate":
				poor = append(poor, v.seen("address.duplicate", "netlink address", args...))
			case v.reaches(a):
				good = append(good, v.seen("address.has", "netlink address", args...))
				if where == "" {
					where = l.Name
				}
			case a.Family == 4 && a.Scope == LinkLocal:
				poor = append(poor, v.seen("address.selfassigned", "netlink address", args...))
			}
		}
	}
	if len(good) > 0 {
		j.Add(CodeAddress, diag.OK, text.Args{"Link": where}, append(good, poor...)...)
		return diag.OK
	}
	if len(poor) == 0 {
		poor = append(poor, v.seen("address.none", "netlink address", "Link", v.usable()[0].Name))
	}
	j.Add(CodeAddress, diag.Fail, nil, poor...)
	return diag.Fail
}

func (v view) reaches(a Address) bool {
	switch a.Scope {
	case Public:
		return true
	case Private:
		return a.Family == 4 || len(v.Defaults(6)) > 0
	case CGNAT, Other:
		return a.Family == 4
	}
	return false
}

// route asks what the kernel says about the way to the anchors. One family
// is enough; an IPv4 address whose link leads out by IPv6 only is half a
// connection, which is worth a warning.
func (v view) route(j *diag.Judgement) {
	var good, bad []diag.Evidence
	reached := map[int]Path{}
	for _, p := range v.To("anchor") {
		if p.Reachable == diag.Yes {
			reached[p.Family] = p
			good = append(good, v.way(p))
		} else if p.Reachable == diag.No && !(p.Family == 6 && !v.speaks(6)) {
			bad = append(bad, v.seen("route.noway", "netlink route", "Dest", p.Dest, "Errno", p.Errno))
		}
	}
	if len(v.To("anchor")) == 0 { // no anchor is configured: judge by the tables
		for _, family := range []int{4, 6} {
			for _, r := range v.Defaults(family) {
				reached[family] = Path{Family: family, Index: r.Index}
				good = append(good, v.seen("route.default", "netlink route", "Link", v.name(r.Index)))
			}
		}
	}
	switch six, four := reached[6], reached[4]; {
	case four.Family == 0 && six.Family != 0 && v.hasIPv4(six.Index):
		j.Add(CodeRoute, diag.Warn, text.Args{"Link": v.name(six.Index)}, append(bad, good...)...)
	case len(reached) > 0:
		best := four
		if best.Family == 0 {
			best = six
		}
		j.Add(CodeRoute, diag.OK, text.Args{"Link": v.name(best.Index)}, good...)
	default:
		if len(bad) == 0 {
			bad = append(bad, v.seen("route.none", "netlink route"))
		}
		j.Add(CodeRoute, diag.Fail, nil, bad...)
	}
}

func (v view) way(p Path) diag.Evidence {
	if p.Gateway == "" {
		return v.seen("route.direct", "netlink route", "Dest", p.Dest, "Link", v.name(p.Index))
	}
	return v.seen("route.via", "netlink route", "Dest", p.Dest, "Link", v.name(p.Index), "Gateway", p.Gateway)
}

// speaks reports whether this PC has any address of the family that could
// leave it; without one, the missing route is no news.
func (v view) speaks(family int) bool {
	for _, a := range v.Addresses {
		if a.Family == family && (a.Scope == Public || a.Scope == Private) {
			return true
		}
	}
	return false
}

// hasIPv4 reports a real IPv4 address on this link.
func (v view) hasIPv4(index int) bool {
	for _, a := range v.AddressesOf(index) {
		if a.Family == 4 && v.reaches(a) {
			return true
		}
	}
	return false
}

func (v view) name(index int) string {
	l, _ := v.Link(index)
	return l.Name
}
