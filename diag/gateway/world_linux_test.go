package gateway

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/diag/link/linktest"
)

func TestMain(m *testing.M) { linktest.Main(m) }

// The world of these tests:
//
//	pc ──eth0────── gw ──wan─────── isp
//	192.0.2.50   192.0.2.1      198.51.100.1, anchor 203.0.113.1
//	…:1::50      …:1::1         …:2::1, anchor 2001:db8:f::1
const (
	anchor4 = "203.0.113.1"
	anchor6 = "2001:db8:f::1"
	router4 = "192.0.2.1"
	router6 = "2001:db8:1::1"
)

type world struct {
	t           *testing.T
	pc, gw, isp *netlink.Handle
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inside makes a namespace and runs something in it, on a thread that leaves
// it again.
func inside(t *testing.T, setup func()) netns.NsHandle {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	home, err := netns.Get()
	must(t, err)
	defer home.Close()
	ns, err := netns.New()
	must(t, err)
	setup()
	must(t, netns.Set(home))
	return ns
}

// sysctl writes below /proc/sys/net, which shows the calling thread's
// namespace.
func sysctl(t *testing.T, key, value string) {
	t.Helper()
	must(t, os.WriteFile("/proc/sys/net/"+key, []byte(value), 0o644))
}

// noDAD makes IPv6 addresses usable at once instead of after a second.
func noDAD(t *testing.T) { sysctl(t, "ipv6/conf/default/accept_dad", "0") }

func node(t *testing.T) (*netlink.Handle, netns.NsHandle) {
	t.Helper()
	ns := inside(t, func() {
		noDAD(t)
		sysctl(t, "ipv4/ip_forward", "1")
		sysctl(t, "ipv6/conf/all/forwarding", "1")
		sysctl(t, "ipv4/icmp_ratelimit", "0") // the limit is the world's own affair: five packets must pass it anyway
		sysctl(t, "ipv6/icmp/ratelimit", "0")
	})
	h, err := netlink.NewHandleAt(ns)
	must(t, err)
	t.Cleanup(func() { h.Close(); ns.Close() })
	return h, ns
}

func newWorld(t *testing.T) *world {
	t.Helper()
	linktest.Need(t)
	w := &world{t: t}
	noDAD(t)
	pc, err := netlink.NewHandle()
	must(t, err)
	t.Cleanup(pc.Close)
	w.pc = pc
	var gwNS, ispNS netns.NsHandle
	w.gw, gwNS = node(t)
	w.isp, ispNS = node(t)
	must(t, pc.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}, PeerName: "lan", PeerNamespace: netlink.NsFd(gwNS)}))
	t.Cleanup(func() { pc.LinkDel(w.link(pc, "eth0")) })
	must(t, w.gw.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "wan"}, PeerName: "cust", PeerNamespace: netlink.NsFd(ispNS)}))
	for _, h := range []*netlink.Handle{pc, w.gw, w.isp} {
		w.up(h, "lo")
	}
	w.up(pc, "eth0", "192.0.2.50/24")
	w.up(w.gw, "lan", router4+"/24")
	w.up(w.gw, "wan", "198.51.100.2/24")
	w.up(w.isp, "cust", "198.51.100.1/24")
	w.up(w.isp, "lo", anchor4+"/32", anchor6+"/128")
	w.way(pc, "eth0", "0.0.0.0/0", router4)
	w.way(w.gw, "wan", "0.0.0.0/0", "198.51.100.1")
	w.way(w.isp, "cust", "192.0.2.0/24", "198.51.100.2")
	return w
}

// withIPv6 adds the second family.
func (w *world) withIPv6() *world {
	w.up(w.pc, "eth0", "2001:db8:1::50/64")
	w.up(w.gw, "lan", router6+"/64")
	w.up(w.gw, "wan", "2001:db8:2::2/64")
	w.up(w.isp, "cust", "2001:db8:2::1/64")
	w.way(w.pc, "eth0", "::/0", router6)
	w.way(w.gw, "wan", "::/0", "2001:db8:2::1")
	w.way(w.isp, "cust", "2001:db8:1::/64", "2001:db8:2::2")
	w.passes(anchor6)
	return w
}

// passes waits until packets get through, and forgets every neighbour they
// made known: the kernel sets IPv6 up behind our back, and a first question
// that came too early is asked again after a second only.
func (w *world) passes(target string) {
	w.t.Helper()
	end := time.Now().Add(5 * time.Second)
	for through := false; !through; {
		if time.Now().After(end) {
			w.t.Fatalf("no way to %s", target)
		}
		if s, err := fire(addrOf(target), 9); err == nil {
			e, _, err := s.wait(w.t.Context(), 50*time.Millisecond)
			through = err == nil && fateOf(e, addrOf(target)) == Reached
		}
		for _, h := range []*netlink.Handle{w.pc, w.gw, w.isp} {
			known, err := h.NeighList(0, netlink.FAMILY_ALL)
			must(w.t, err)
			for _, n := range known {
				if n.State&(unix.NUD_NOARP|unix.NUD_PERMANENT) == 0 {
					if err := h.NeighDel(&n); err != nil && err != unix.ENOENT {
						w.t.Fatal(err)
					}
				}
			}
		}
	}
}

func (w *world) link(h *netlink.Handle, name string) netlink.Link {
	w.t.Helper()
	l, err := h.LinkByName(name)
	must(w.t, err)
	return l
}

func (w *world) up(h *netlink.Handle, name string, cidrs ...string) {
	w.t.Helper()
	l := w.link(h, name)
	must(w.t, h.LinkSetUp(l))
	for _, cidr := range cidrs {
		a, err := netlink.ParseAddr(cidr)
		must(w.t, err)
		a.Flags |= 0x02 // IFA_F_NODAD
		must(w.t, h.AddrAdd(l, a))
	}
}

// connected waits until links have carrier.
func (w *world) connected(h *netlink.Handle, names ...string) {
	w.t.Helper()
	end := time.Now().Add(3 * time.Second)
	for _, name := range names {
		for w.link(h, name).Attrs().RawFlags&unix.IFF_LOWER_UP == 0 {
			if time.Now().After(end) {
				w.t.Fatalf("%s has no carrier", name)
			}
			runtime.Gosched()
		}
	}
}

func (w *world) way(h *netlink.Handle, name, dst, gw string) {
	w.t.Helper()
	_, n, err := net.ParseCIDR(dst)
	must(w.t, err)
	must(w.t, h.RouteAdd(&netlink.Route{LinkIndex: w.link(h, name).Attrs().Index, Dst: n, Gw: net.ParseIP(gw)}))
}

func (w *world) forget(h *netlink.Handle, name, cidr string) {
	w.t.Helper()
	a, err := netlink.ParseAddr(cidr)
	must(w.t, err)
	must(w.t, h.AddrDel(w.link(h, name), a))
}

// user is this machine without privileges, as far as the probes ask.
type user struct{ host.Local }

func (user) Can(host.Capability) bool { return false }

// outcome is what one look at the router found.
type outcome struct {
	Facts
	all       diag.Facts
	contacted []diag.Contact
	took      time.Duration
	ends      map[string]diag.ProbeEnd
}

// look runs link and gateway as the catalogue does.
func (w *world) look(h host.Host, deep bool) outcome {
	w.t.Helper()
	cfg := config.Default()
	cfg.Probe.Anchors = []string{net.JoinHostPort(anchor4, "443"), net.JoinHostPort(anchor6, "443")}
	env := diag.NewEnv(h, cfg)
	env.Focus.Deep = deep
	runner := diag.Runner{
		Checks: []diag.Check{
			{ID: "connectivity", Local: link.Local, Judge: link.Judge},
			{ID: "gateway", Local: Local, Probes: Probes(), Judge: Judge},
		},
		Explain: func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} },
	}
	begin := time.Now()
	res := runner.Run(context.Background(), env)
	out := outcome{Facts: Section.Of(res.Facts), all: res.Facts, contacted: res.Contacted, took: time.Since(begin), ends: map[string]diag.ProbeEnd{}}
	for _, p := range diag.RunSection.Of(res.Facts).Probes {
		out.ends[p.ID] = p.End
	}
	return out
}

func (o outcome) status(code string) diag.Status {
	for _, f := range Judge(o.all).Findings {
		if f.Code == code {
			return f.Status
		}
	}
	panic("no finding " + code)
}

func (o outcome) String() string {
	return fmt.Sprintf("%+v\nends %v took %v\n%+v", o.Facts, o.ends, o.took, o.contacted)
}
