package gateway

import (
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/internet"
)

// fates lists hops as "4/1 expired" and so on.
func fates(f Facts) string {
	var out []string
	for _, h := range f.Hops {
		s := strconv.Itoa(h.Family) + "/" + strconv.Itoa(h.TTL) + " " + h.Outcome
		if h.Router {
			s += " by router"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestHealthy(t *testing.T) {
	for name, h := range map[string]host.Host{"root": host.Local{}, "user": user{}} {
		t.Run(name, func(t *testing.T) {
			o := newWorld(t).withIPv6().look(h, false)
			if got, want := fates(o.Facts), "4/1 expired by router, 4/2 reached, 4/3 reached, 6/1 expired by router, 6/2 reached"; got != want {
				t.Errorf("hops: %s, want %s", got, want)
			}
			for _, r := range o.Routers {
				if r.Answers != diag.Yes || !r.Used || r.WaitedMS > 200 {
					t.Errorf("router %+v", r)
				}
			}
			if len(o.Routers) != 2 {
				t.Errorf("routers %+v", o.Routers)
			}
			for _, code := range []string{CodePresent, CodeAnswers, CodeBeyond} {
				if got := o.status(code); got != diag.OK {
					t.Errorf("%s = %v", code, got)
				}
			}
			wantEcho := diag.OK
			if name == "user" {
				wantEcho = diag.Skipped // a fresh namespace has ping_group_range "1 0"
			}
			if got := o.status(CodeLatency); got != wantEcho {
				t.Errorf("latency = %v, want %v: %+v", got, wantEcho, o.Routers)
			}
			t.Logf("%s: %v", name, o.took)
			if o.took > 600*time.Millisecond {
				t.Errorf("took %v\n%v", o.took, o)
			}
			if n := elicited(o); n > 5 {
				t.Errorf("%d packets that elicit ICMP errors", n)
			}
		})
	}
}

func elicited(o outcome) (n int) {
	for _, c := range o.contacted {
		if c.Proto == "udp" {
			n += c.Packets
		}
	}
	return n
}

// The router lost its address: nobody answers ARP. Our own three requests
// decide at 0.7 s; the kernel's need a second one, after 1 s.
func TestRouterGone(t *testing.T) {
	for name, c := range map[string]struct {
		h     host.Host
		after float64
	}{"root": {host.Local{}, 700}, "user": {user{}, 1150}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.forget(w.gw, "lan", router4+"/24")
			o := w.look(c.h, false)
			r := o.Routers[0]
			if r.Answers != diag.No || r.WaitedMS < c.after || r.WaitedMS > c.after+100 || len(r.MACs) != 0 {
				t.Errorf("router %+v", r)
			}
			if got := o.status(CodeAnswers); got != diag.Fail {
				t.Errorf("answers = %v", got)
			}
			t.Logf("%s: decided after %v ms, state %s", name, r.WaitedMS, r.State)
		})
	}
}

// A MAC that is half a minute old proves nothing where we can ask ourselves.
func TestRouterGoneWithWarmCache(t *testing.T) {
	w := newWorld(t)
	if first := w.look(host.Local{}, false); first.Routers[0].Answers != diag.Yes {
		t.Fatal(first)
	}
	w.forget(w.gw, "lan", router4+"/24")
	o := w.look(host.Local{}, false)
	if r := o.Routers[0]; r.Answers != diag.No {
		t.Errorf("router %+v", r)
	}
	if r := w.look(user{}, false).Routers[0]; r.Answers == diag.No {
		t.Errorf("without ARP of our own an old entry is no proof of absence: %+v", r)
	}
}

// Two devices own the router's address.
func TestTwoMACs(t *testing.T) {
	w := newWorld(t)
	other, ns := node(t)
	must(t, w.pc.LinkDel(w.link(w.pc, "eth0")))
	must(t, w.pc.LinkAdd(&netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "eth0"}}))
	must(t, w.pc.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "p1"}, PeerName: "twin", PeerNamespace: netlink.NsFd(ns)}))
	third, ns3 := node(t)
	must(t, w.pc.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "p2"}, PeerName: "twin", PeerNamespace: netlink.NsFd(ns3)}))
	br := w.link(w.pc, "eth0")
	for _, p := range []string{"p1", "p2"} {
		port := w.link(w.pc, p)
		must(t, w.pc.LinkSetMaster(port, br))
		must(t, w.pc.LinkSetUp(port))
		t.Cleanup(func() { w.pc.LinkDel(port) })
	}
	w.up(other, "twin", router4+"/24")
	w.up(third, "twin", router4+"/24")
	w.up(w.pc, "eth0", "192.0.2.50/24")
	w.way(w.pc, "eth0", "0.0.0.0/0", router4)
	w.connected(w.pc, "eth0", "p1", "p2")
	o := w.look(host.Local{}, false)
	if r := o.Routers[0]; len(r.MACs) != 2 || r.Answers != diag.Yes {
		t.Errorf("router %+v", r)
	}
}

// The router's own line is down: it says so itself.
func TestRouterSaysNoWay(t *testing.T) {
	w := newWorld(t)
	must(t, w.gw.LinkSetDown(w.link(w.gw, "wan")))
	o := w.look(user{}, false)
	if len(o.Hops) == 0 || !o.Hops[0].Router || !o.Hops[0].NoWay() || o.Hops[0].Self {
		t.Errorf("hops %s\n%v", fates(o.Facts), o)
	}
	if got := o.status(CodeBeyond); got != diag.Fail {
		t.Errorf("beyond = %v", got)
	}
	if got := o.status(CodeAnswers); got != diag.OK {
		t.Errorf("answers = %v", got)
	}
}

// IPv6: the router's "no route" comes from another address than the next hop's
// (a link-local one). It is asked once: what it says of one packet it would
// say of the next.
func TestRouterSaysNoWayIPv6(t *testing.T) {
	w := newWorld(t).withIPv6()
	gwLL := linkLocal(t, w.gw, "lan")
	must(t, w.pc.RouteReplace(&netlink.Route{LinkIndex: w.link(w.pc, "eth0").Attrs().Index, Dst: cidr(t, "::/0"), Gw: gwLL}))
	must(t, w.gw.LinkSetDown(w.link(w.gw, "wan")))
	o := w.look(host.Local{}, false)
	said := false
	for _, h := range o.Hops {
		said = said || h.Family == 6 && h.NoWay() && h.Router
	}
	if !said || len(o.Hops) != 2 {
		t.Errorf("hops %s\n%v", fates(o.Facts), o)
	}
	for _, r := range o.Routers {
		if r.Answers != diag.Yes || r.Echo.Received != map[int]int{4: 5}[r.Family] { // one box, asked once
			t.Errorf("router %+v", r)
		}
	}
}

func cidr(t *testing.T, s string) *net.IPNet {
	t.Helper()
	_, n, err := net.ParseCIDR(s)
	must(t, err)
	return n
}

func linkLocal(t *testing.T, h *netlink.Handle, name string) net.IP {
	t.Helper()
	l, err := h.LinkByName(name)
	must(t, err)
	end := time.Now().Add(3 * time.Second)
	for time.Now().Before(end) {
		addrs, err := h.AddrList(l, netlink.FAMILY_V6)
		must(t, err)
		for _, a := range addrs {
			if a.IP.IsLinkLocalUnicast() && a.Flags&unix.IFA_F_TENTATIVE == 0 {
				return a.IP
			}
		}
		runtime.Gosched()
	}
	t.Fatal("no link-local address")
	return nil
}

// Packets for which the kernel has no way, or may not: each is a fact, and
// nothing runs on.
func TestRefusedToSend(t *testing.T) {
	for name, c := range map[string]struct {
		kind int
		want string
	}{"prohibit": {unix.RTN_PROHIBIT, Denied}, "blackhole": {unix.RTN_BLACKHOLE, NoRoute}, "unreachable": {unix.RTN_UNREACHABLE, NoRoute}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, dst := range []string{anchor4 + "/32", router4 + "/32"} {
				w.refuse(dst, c.kind)
			}
			before := cpu()
			o := w.look(host.Local{}, false)
			if h := o.Hops[0]; h.Outcome != c.want || h.Errno == "" || o.Hops[len(o.Hops)-1].TTL != 1 {
				t.Errorf("%s, want %s\n%v", fates(o.Facts), c.want, o)
			}
			if e := o.Routers[0].Echo; e.Sent != 0 || e.Skipped == "" {
				t.Errorf("echo %+v", e)
			}
			if spent := cpu() - before; spent > 250*time.Millisecond {
				t.Errorf("%v of CPU", spent)
			}
		})
	}
}

// refuse adds a route that refuses.
func (w *world) refuse(dst string, kind int) {
	w.t.Helper()
	r := &netlink.Route{Dst: cidr(w.t, dst), Type: kind}
	must(w.t, w.pc.RouteAdd(r))
	w.t.Cleanup(func() { must(w.t, w.pc.RouteDel(r)) })
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The route turns to "prohibit" after we asked for it: pro-bing would now
// spin for ever.
func TestEchoSurvivesProhibit(t *testing.T) {
	w := newWorld(t)
	w.refuse(router4+"/32", unix.RTN_PROHIBIT)
	env := diag.NewEnv(host.Local{}, configOf())
	before, begin := cpu(), time.Now()
	e := ladder(t.Context(), env, Router{Address: router4, Family: 4}, addrOf(router4), quick)
	if e.Skipped != "denied" || time.Since(begin) > 300*time.Millisecond || cpu()-before > 100*time.Millisecond {
		t.Errorf("%+v after %v, %v of CPU", e, time.Since(begin), cpu()-before)
	}
}

// Everything is given back soon after a run.
func TestNothingIsLeft(t *testing.T) {
	w := newWorld(t).withIPv6()
	w.look(host.Local{}, false) // what is made once stays: the poller, the first threads
	settle := func(want int, count func() int) int {
		end := time.Now().Add(200 * time.Millisecond)
		for count() > want && time.Now().Before(end) {
			runtime.Gosched()
		}
		return count()
	}
	settle(0, runtime.NumGoroutine)
	goroutines, files := runtime.NumGoroutine(), fds(t)
	w.forget(w.gw, "lan", router4+"/24") // the long way: nothing answers
	w.look(host.Local{}, false)
	if got := settle(goroutines, runtime.NumGoroutine); got > goroutines {
		t.Errorf("%d goroutines, %d before", got, goroutines)
	}
	if got := settle(files, func() int { return fds(t) }); got > files {
		t.Errorf("%d files, %d before", got, files)
	}
}

func fds(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(entries)
}

func TestNoRouterNoProbe(t *testing.T) {
	w := newWorld(t)
	must(t, w.pc.RouteDel(&netlink.Route{Dst: cidr(t, "0.0.0.0/0"), LinkIndex: w.link(w.pc, "eth0").Attrs().Index}))
	must(t, w.pc.RouteAdd(&netlink.Route{Dst: cidr(t, "0.0.0.0/0"), LinkIndex: w.link(w.pc, "eth0").Attrs().Index, Scope: netlink.SCOPE_LINK}))
	o := w.look(host.Local{}, false)
	if len(o.Routers) != 0 || o.ends["gateway.router"] != diag.EndPointless {
		t.Error(o)
	}
	if got := o.status(CodePresent); got != diag.Skipped {
		t.Errorf("present = %v", got)
	}
}

// Where the far side answers, a mute router is not waited for; where nothing
// answers, it gets its whole time.
func TestEchoOfAMuteRouter(t *testing.T) {
	newWorld(t)
	nobody := Router{Address: "192.0.2.77", Family: 4}
	for name, c := range map[string]struct {
		anchors  []internet.Connect
		from, to time.Duration
	}{
		"far side answered": {[]internet.Connect{{Family: 4, Outcome: internet.Connected}}, muteAfter, muteAfter + 150*time.Millisecond},
		"nothing answers":   {nil, quick.window, quick.window + 150*time.Millisecond},
	} {
		env := diag.NewEnv(host.Local{}, configOf())
		internet.Section.Update(env.Facts, func(f *internet.Facts) { f.Anchors = c.anchors })
		begin := time.Now()
		e := ladder(t.Context(), env, nobody, addrOf(nobody.Address), quick)
		if took := time.Since(begin); took < c.from || took > c.to || e.Sent != 5 || e.Received != 0 || len(e.Lost) != 5 {
			t.Errorf("%s: %+v after %v", name, e, took)
		}
	}
}
