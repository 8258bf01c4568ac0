package fixes

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/fixes/step"
)

// kernelDump is what the kernel says about links and routes of both
// families, byte for byte but for counters and lifetimes.
func kernelDump(t *testing.T) (out []string) {
	t.Helper()
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		req := nl.NewNetlinkRequest(unix.RTM_GETROUTE, unix.NLM_F_DUMP)
		req.AddData(&nl.RtMsg{RtMsg: unix.RtMsg{Family: family}})
		msgs, err := req.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWROUTE)
		must(t, err)
		for _, m := range msgs {
			h := nl.DeserializeRtMsg(m)
			attrs, err := nl.ParseRouteAttr(m[h.Len():])
			must(t, err)
			if h.Type == unix.RTN_MULTICAST {
				continue // made by the kernel in its own time
			}
			h.Flags &= unix.RTNH_F_ONLINK // the others say whether a cable is in, and come late
			line := fmt.Sprintf("%v", h.RtMsg)
			for _, a := range attrs {
				if a.Attr.Type != unix.RTA_CACHEINFO {
					line += fmt.Sprintf(" %d=%s", a.Attr.Type, hex.EncodeToString(a.Value))
				}
			}
			out = append(out, line)
		}
	}
	links, err := netlink.LinkList()
	must(t, err)
	for _, l := range links {
		a := l.Attrs()
		out = append(out, fmt.Sprintf("%d %s %v mtu %d", a.Index, a.Name, a.Flags&net.FlagUp, a.MTU))
	}
	slices.Sort(out)
	return out
}

// pair makes eth0 with 192.168.1.50/24, connected to a peer in the same
// namespace.
func pair(t *testing.T) netlink.Link {
	t.Helper()
	// No addresses that the kernel makes up in its own time.
	must(t, os.WriteFile("/proc/sys/net/ipv6/conf/default/addr_gen_mode", []byte("1"), 0o644))
	must(t, netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "peer"}))
	for _, name := range []string{"lo", "peer", "eth0"} {
		l, err := netlink.LinkByName(name)
		must(t, err)
		must(t, netlink.LinkSetUp(l))
	}
	eth0, err := netlink.LinkByName("eth0")
	must(t, err)
	must(t, netlink.AddrAdd(eth0, &netlink.Addr{IPNet: &net.IPNet{IP: net.IPv4(192, 168, 1, 50), Mask: net.CIDRMask(24, 32)}}))
	return eth0
}

// Whatever attributes routes have, taking them away and giving them back
// leaves the kernel saying the same.
func TestRoutesComeBackWithEveryAttribute(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	pair(t)
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip(8) makes the routes of this test: ", err)
	}
	for _, c := range []struct {
		slot step.RouteSlot
		make []string
	}{
		{step.RouteSlot{Family: unix.AF_INET, Dst: "default", Table: 254},
			[]string{"route add default via 192.168.1.1 dev eth0 proto static"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "default", Table: 254, Metric: 600},
			[]string{"route add default via 192.168.1.1 dev eth0 proto dhcp src 192.168.1.50 metric 600 mtu lock 1400 advmss lock 1300 initcwnd 20 quickack 1 rto_min 300ms congctl reno"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "default", Table: 254, Metric: 7},
			[]string{"route add default metric 7 nexthop via 192.168.1.1 dev eth0 weight 3 nexthop via 192.168.1.2 dev eth0 weight 1"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "203.0.113.0/24", Table: 1000},
			[]string{"route add 203.0.113.0/24 via 10.9.9.9 dev eth0 onlink table 1000"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "203.0.113.7/32", Table: 254},
			[]string{"route add prohibit 203.0.113.7"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "203.0.113.8/32", Table: 254},
			[]string{"nexthop add id 5 via 192.168.1.9 dev eth0", "route add 203.0.113.8 nhid 5"}},
		{step.RouteSlot{Family: unix.AF_INET6, Dst: "default", Table: 254, Metric: 1024},
			[]string{"-6 route add default via fe80::1 dev eth0 pref high mtu 1300"}},
		{step.RouteSlot{Family: unix.AF_INET, Dst: "203.0.113.9/32", Table: 254, TOS: 8},
			[]string{"route add 203.0.113.9 tos 8 via 192.168.1.1 dev eth0 realm 3"}},
	} {
		for _, words := range c.make {
			if out, err := exec.Command("ip", strings.Fields(words)...).CombinedOutput(); err != nil {
				t.Fatalf("%s: %s", words, out)
			}
		}
		whole := kernelDump(t)
		was, err := step.ObserveRoutes(c.slot)
		must(t, err)
		if len(was.Routes) != 1 {
			t.Fatalf("%v: %d routes in the slot", c.make, len(was.Routes))
		}
		s := step.RouteStep(was, step.RouteState{Slot: c.slot, Routes: []step.RouteEntry{}})
		must(t, s.Do("t"))
		if slices.Equal(kernelDump(t), whole) {
			t.Fatalf("%v: not taken away", c.make)
		}
		must(t, s.Revert("t"))
		if now := kernelDump(t); !slices.Equal(now, whole) {
			t.Errorf("%v: before\n%s\nafter\n%s", c.make, strings.Join(whole, "\n"), strings.Join(now, "\n"))
		}
	}
}

// noDefault is facts and diagnosis of a PC without a way out.
func noDefault(sess *link.Session) (diag.Facts, diag.Diagnosis) {
	f := link.Section.In(diag.Facts{}, link.Facts{Session: sess})
	return f, diag.Diagnosis{Causes: []diag.Cause{{ID: "route.no_default"}}}
}

func TestDefaultRouteFromLease(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	pair(t)
	root := t.TempDir()
	write(t, root+"/var/lib/dhcp/dhclient.eth0.leases", "lease {\n  interface \"eth0\";\n  option routers 192.168.1.1;\n}\n")
	write(t, root+"/etc/network/interfaces", "iface eth0 inet dhcp\niface old inet static\n  gateway 10.1.1.1\n")
	e := newEngine(t)
	e.root = root
	facts, d := noDefault(&link.Session{Client: "192.168.1.9", Index: 99, OnLink: diag.Yes})
	before := kernelDump(t)

	p, err := e.Plan(context.Background(), "route-restore-default", facts, d)
	must(t, err)
	want := "default via 192.168.1.1 dev eth0 proto static"
	if len(p.Diff) != 1 || p.Diff[0] != (DiffLine{Sign: "+", Text: want}) || p.ByHand[0] != "ip route replace "+want {
		t.Errorf("plan %+v", p)
	}
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	routes, err := netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: 254}, netlink.RT_FILTER_TABLE)
	must(t, err)
	if !slices.ContainsFunc(routes, func(r netlink.Route) bool { return r.Gw.Equal(net.IPv4(192, 168, 1, 1)) }) {
		t.Errorf("no default route: %v", routes)
	}
	_, err = e.Keep(context.Background(), tx.ID)
	must(t, err)
	out, err := child("undo", e.StateDir, "0").CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if after := kernelDump(t); !slices.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}

func TestDefaultRouteRefusals(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	eth0 := pair(t)
	lease := func(t *testing.T, e *Engine) {
		write(t, e.root+"/run/systemd/netif/leases/2", "ADDRESS=192.168.1.50\nROUTER=192.168.1.1 192.168.1.2\n")
	}
	for name, c := range map[string]struct {
		lay  func(t *testing.T, e *Engine)
		sess *link.Session
		want string
	}{
		"nobody knows": {func(*testing.T, *Engine) {}, nil, "refuse.no_gateway"},
		"not in this network": {func(t *testing.T, e *Engine) {
			write(t, e.root+"/etc/network/interfaces", "iface eth0 inet static\n gateway 10.0.0.1\n")
		}, nil, "refuse.no_gateway"},
		"two answers": {func(t *testing.T, e *Engine) {
			lease(t, e)
			write(t, e.root+"/etc/network/interfaces", "iface eth0 inet static\n gateway 192.168.1.254\n")
		}, nil, "refuse.several_gateways"},
		"the session goes through a router": {lease, &link.Session{Index: eth0.Attrs().Index, OnLink: diag.No}, "refuse.session"},
		"nobody knows how the session goes": {lease, &link.Session{}, "refuse.session"},
		"there is one again": {func(t *testing.T, e *Engine) {
			lease(t, e)
			must(t, netlink.RouteAdd(&netlink.Route{Gw: net.IPv4(192, 168, 1, 7), LinkIndex: eth0.Attrs().Index}))
			t.Cleanup(func() { netlink.RouteDel(&netlink.Route{Gw: net.IPv4(192, 168, 1, 7), LinkIndex: eth0.Attrs().Index}) })
		}, nil, "refuse.route_there"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			e.root = t.TempDir()
			c.lay(t, e)
			facts, d := noDefault(c.sess)
			offers := e.Offers(context.Background(), facts, d)
			if len(offers) != 1 || offers[0].Refusal == nil || offers[0].Refusal.Why.Key != c.want {
				t.Errorf("got %+v", offers)
			}
		})
	}
}

func TestLinkUp(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	eth0 := pair(t)
	must(t, netlink.LinkSetDown(eth0))
	before := kernelDump(t)
	facts := link.Section.In(diag.Facts{}, link.Facts{Links: []link.Link{{Index: eth0.Attrs().Index, Name: "eth0", Plain: true}}})
	d := diag.Diagnosis{Causes: []diag.Cause{{ID: "link.admin_down"}}}
	e := newEngine(t)
	p, err := e.Plan(context.Background(), "link-up", facts, d)
	must(t, err)
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	if s, err := step.ObserveLink("eth0"); err != nil || !s.Up {
		t.Errorf("%v %v", s, err)
	}
	if _, err := e.Plan(context.Background(), "link-up", facts, d); err == nil {
		t.Error("planned again")
	}
	_, err = e.Rollback(context.Background(), tx.ID)
	must(t, err)
	if after := kernelDump(t); !slices.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}

	carried := link.Section.In(facts, link.Facts{Links: link.Section.Of(facts).Links, Session: &link.Session{Index: eth0.Attrs().Index, OnLink: diag.Yes}})
	if _, err := e.Plan(context.Background(), "link-up", carried, d); err == nil || asRefusal(err).Why.Key != "refuse.session" {
		t.Errorf("under the session: %v", err)
	}
}

// What a reboot took back by itself is not touched on another day.
func TestUndoAfterReboot(t *testing.T) {
	if !alone(t, syscall.CLONE_NEWNET) {
		return
	}
	eth0 := pair(t)
	must(t, netlink.LinkSetDown(eth0))
	e := newEngine(t)
	facts := link.Section.In(diag.Facts{}, link.Facts{Links: []link.Link{{Index: eth0.Attrs().Index, Name: "eth0", Plain: true}}})
	p, err := e.Plan(context.Background(), "link-up", facts, diag.Diagnosis{Causes: []diag.Cause{{ID: "link.admin_down"}}})
	must(t, err)
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	_, err = e.Keep(context.Background(), tx.ID)
	must(t, err)
	e.Host = rebooted{}
	if tx, err := e.Undo(context.Background(), tx.ID, false); err != nil || tx.State != Undone {
		t.Errorf("%v %v", tx, err)
	}
	if s, err := step.ObserveLink("eth0"); err != nil || !s.Up {
		t.Errorf("the link was touched: %v %v", s, err)
	}
}

// rebooted is this machine on another boot.
type rebooted struct{ host.Local }

func (r rebooted) ReadFile(path string) ([]byte, error) {
	if strings.HasSuffix(path, "/boot_id") {
		return bytes.Repeat([]byte("0"), 36), nil
	}
	return r.Local.ReadFile(path)
}
