package link

import (
	"bytes"
	"path"
	"strconv"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag/host"
)

// linkOf turns one answer of RTM_GETLINK and the link's sysfs directory into
// a Link.
func linkOf(l netlink.Link, machine host.Host) Link {
	a := l.Attrs()
	out := Link{
		Index: a.Index, Name: a.Name, MAC: a.HardwareAddr.String(), MTU: a.MTU, Master: a.MasterIndex, Lower: a.ParentIndex,
		Up: a.RawFlags&unix.IFF_UP != 0, Carrier: a.RawFlags&unix.IFF_LOWER_UP != 0, NoARP: a.RawFlags&unix.IFF_NOARP != 0,
		Oper: a.OperState.String(),
	}
	if a.NetNsID >= 0 { // stands on a link of another network namespace, whose number means nothing here
		out.Lower = 0
	}
	if a.Statistics != nil {
		out.RxErrors, out.RxFrames = a.Statistics.RxErrors, a.Statistics.RxPackets
	}
	dir, known := sysfs(machine, a)
	wireless := known && (dir.has("phy80211") || dir.has("wireless"))
	out.Kind = kindOf(l.Type(), a.EncapType, wireless)
	// Without a trustworthy sysfs an Ethernet link that no driver of a virtual
	// kind made is taken for hardware.
	out.Hardware = l.Type() == "device" && out.Kind != "loopback" && out.Kind != "tunnel" && (!known || dir.has("device") || wireless)
	if known && out.Kind != "loopback" {
		out.SpeedMb, out.Duplex, out.Flaps = max(dir.number("speed"), 0), dir.word("duplex"), dir.number("carrier_changes")
		out.Gigabit = out.SpeedMb > 0 && out.SpeedMb < 1000 && gigabit(out.Name)
		if out.SpeedMb == 0 || out.Kind == "veth" || out.Kind == "tun" && out.Duplex != half && !out.Gigabit {
			out.SpeedMb, out.Duplex = 0, "" // made up by the driver, or no link
		}
	}
	return out
}

// kindOf maps the driver kind (IFLA_INFO_KIND, "device" when there is none)
// and the ARPHRD name of a link to the few kinds that matter.
func kindOf(kind, encap string, wireless bool) string {
	switch {
	case wireless:
		return "wifi"
	case encap == "loopback":
		return "loopback"
	case encap == "ppp":
		return "ppp"
	}
	switch kind {
	case "device":
		if encap == "ether" {
			return "ether"
		}
		if encap == "ipip" || encap == "tunnel6" || encap == "sit" || encap == "ipgre" || encap == "gre" {
			return "tunnel"
		}
		return "other"
	case "veth", "bridge", "wireguard", "vlan", "bond":
		return kind
	case "team":
		return "bond"
	case "tuntap", "tun", "ovpn":
		return "tun"
	case "macvlan", "ipvlan", "macvtap", "ipvtap", "macsec":
		return "vlan" // one more name on the same wire
	case "vxlan", "geneve", "gre", "gretap", "ip6gre", "ip6gretap", "ipip", "ip6tnl", "sit", "vti", "vti6", "xfrm", "gtp", "bareudp":
		return "tunnel"
	}
	return "other"
}

// sysdir is /sys/class/net/X.
type sysdir struct {
	machine host.Host
	path    string
}

// sysfs returns a link's directory, and whether it really is that link's: a
// process that only changed its network namespace still sees the sysfs of the
// old one, where the same name may be another link.
func sysfs(machine host.Host, a *netlink.LinkAttrs) (sysdir, bool) {
	d := sysdir{machine, path.Join("/sys/class/net", a.Name)}
	return d, d.number("ifindex") == a.Index && d.word("address") == a.HardwareAddr.String()
}

func (d sysdir) has(name string) bool {
	_, err := d.machine.Stat(path.Join(d.path, name))
	return err == nil
}

// word reads a one-line file; "" when it is absent or, as for the speed of an
// unplugged link, refuses.
func (d sysdir) word(name string) string {
	b, err := d.machine.ReadFile(path.Join(d.path, name))
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(b))
}

func (d sysdir) number(name string) int {
	n, err := strconv.Atoi(d.word(name))
	if err != nil {
		return 0
	}
	return n
}
