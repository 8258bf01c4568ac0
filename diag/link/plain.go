package link

// tunnelKinds carry packets inside other packets: never a PC's first road out
// when there is hardware beside them.
var tunnelKinds = map[string]bool{"tun": true, "wireguard": true, "tunnel": true}

// markPlain decides for every link whether it could carry this PC's own
// traffic. The rules, first match decides:
//
//   - loopback never does; neither does a member of a bridge or bond, whose
//     master carries the traffic instead;
//   - hardware does, and what is stacked on hardware (VLAN, bond, bridge);
//   - with a default route anything does, except a tunnel beside hardware:
//     that is a VPN, and it needs the hardware to work;
//   - in a world without hardware (a container, a test) a bare veth or
//     Ethernet link is the PC's adapter. Beside hardware the same link is the
//     near end of a container.
func markPlain(links []Link, routes []Route) {
	byIndex, members := map[int]*Link{}, map[int][]*Link{}
	anyHardware := false
	for i := range links {
		l := &links[i]
		byIndex[l.Index] = l
		anyHardware = anyHardware || l.Hardware
		if l.Master != 0 {
			members[l.Master] = append(members[l.Master], l)
		}
	}
	hasDefault := map[int]bool{}
	for _, r := range routes {
		if r.Default && r.Type == "unicast" {
			hasDefault[r.Index] = true
		}
	}

	var onHardware func(l *Link, depth int) bool
	onHardware = func(l *Link, depth int) bool {
		if l.Hardware {
			return true
		}
		if depth == 0 || tunnelKinds[l.Kind] {
			return false
		}
		if lower := byIndex[l.Lower]; lower != nil && l.Kind != "veth" && onHardware(lower, depth-1) {
			return true
		}
		for _, m := range members[l.Index] {
			if aggregates(l) && onHardware(m, depth-1) {
				return true
			}
		}
		return false
	}

	for i := range links {
		l := &links[i]
		switch {
		case l.Kind == "loopback", l.Master != 0 && aggregates(byIndex[l.Master]):
			l.Plain = false
		case onHardware(l, 4): // a VLAN on a bridge on a bond on hardware
			l.Plain = true
		case hasDefault[l.Index]:
			l.Plain = !anyHardware || !tunnelKinds[l.Kind]
		default:
			l.Plain = !anyHardware && (l.Kind == "veth" || l.Kind == "ether" || l.Kind == "vlan")
		}
	}
}

// aggregates reports whether a master takes its members' traffic over. A VRF
// is a master too, but its members keep their own addresses.
func aggregates(master *Link) bool {
	return master != nil && (master.Kind == "bridge" || master.Kind == "bond")
}
