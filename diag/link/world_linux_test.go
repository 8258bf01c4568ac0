package link

import (
	"context"
	"net"
	"testing"

	"github.com/vishvananda/netlink"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/link/linktest"
)

func TestMain(m *testing.M) { linktest.Main(m) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cable adds a veth pair; both ends live here, which is enough to have a link
// that is on, off or unplugged.
func cable(t *testing.T, name string) (pc, wall netlink.Link) {
	t.Helper()
	linktest.Need(t)
	must(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name + "w"}))
	pc, err := netlink.LinkByName(name)
	must(t, err)
	wall, err = netlink.LinkByName(name + "w")
	must(t, err)
	t.Cleanup(func() {
		if err := netlink.LinkDel(pc); err != nil {
			t.Error(err)
		}
	})
	return pc, wall
}

func plug(t *testing.T, ends ...netlink.Link) {
	t.Helper()
	for _, l := range ends {
		must(t, netlink.LinkSetUp(l))
	}
}

func address(t *testing.T, l netlink.Link, cidr string) {
	t.Helper()
	a, err := netlink.ParseAddr(cidr)
	must(t, err)
	a.Flags |= 0x02 // IFA_F_NODAD: usable at once
	must(t, netlink.AddrAdd(l, a))
}

func defaultVia(t *testing.T, l netlink.Link, gw string, metric int) {
	t.Helper()
	must(t, netlink.RouteAdd(&netlink.Route{LinkIndex: l.Attrs().Index, Gw: net.ParseIP(gw), Priority: metric}))
}

// look runs Local with one anchor per family, both addresses of RFC 5737 and
// RFC 3849.
func look(t *testing.T) diag.Facts {
	t.Helper()
	cfg := config.Default()
	cfg.Probe.Anchors = []string{"203.0.113.1:443", "[2001:db8:f::1]:443"}
	return lookWith(t, cfg, host.Local{})
}

func lookWith(t *testing.T, cfg config.Config, h host.Host) (f diag.Facts) {
	t.Helper()
	env := diag.NewEnv(h, cfg)
	Local(context.Background(), env)
	env.Facts.Look(func(now diag.Facts) { f = Section.In(diag.Facts{}, Section.Of(now)) })
	return f
}
