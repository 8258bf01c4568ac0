package internet

import (
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/link"
)

// inNamespace runs one test again in a child with a network namespace of its
// own, whose /proc and kernel tables are then its own too.
func inNamespace(t *testing.T, world func(t *testing.T)) {
	if os.Getenv(childVariable) != "" {
		world(t)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("making a network namespace needs root")
	}
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), childVariable+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// pair makes two linked interfaces, the first with an address, and a default
// route through it to a neighbour that is there (permanent entry) and mute.
func pair(t *testing.T, name, cidr, via string) {
	t.Helper()
	if err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name + "p"}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{name, name + "p"} {
		l, err := netlink.LinkByName(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := netlink.LinkSetUp(l); err != nil {
			t.Fatal(err)
		}
	}
	l, _ := netlink.LinkByName(name)
	a, _ := netlink.ParseAddr(cidr)
	gw, _ := netlink.ParseAddr(via + "/32")
	peer, _ := netlink.LinkByName(name + "p")
	for _, err := range []error{
		netlink.AddrAdd(l, a),
		netlink.NeighSet(&netlink.Neigh{LinkIndex: l.Attrs().Index, State: netlink.NUD_PERMANENT, IP: gw.IP, HardwareAddr: peer.Attrs().HardwareAddr}),
		netlink.RouteAdd(&netlink.Route{LinkIndex: l.Attrs().Index, Gw: gw.IP, Priority: l.Attrs().Index}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// dropOutput drops everything this namespace sends.
func dropOutput(t *testing.T) {
	t.Helper()
	c, err := nftables.New()
	if err != nil {
		t.Fatal(err)
	}
	table := c.AddTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: "t"})
	chain := c.AddChain(&nftables.Chain{Name: "out", Table: table, Type: nftables.ChainTypeFilter, Hooknum: nftables.ChainHookOutput, Priority: nftables.ChainPriorityFilter})
	c.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: []expr.Any{&expr.Verdict{Kind: expr.VerdictDrop}}})
	if err := c.Flush(); err != nil {
		t.Skip("this kernel has no nftables: ", err)
	}
}

func anchorsOnly(t *testing.T, env *diag.Env) Facts {
	t.Helper()
	if err := probeAnchors(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	var out Facts
	env.Facts.Look(func(f diag.Facts) { out = Section.Of(f) })
	b, _ := json.Marshal(out)
	t.Logf("%s", b)
	return out
}

func TestDropOnTheWayIsNotOurs(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		pair(t, "eth0", "192.0.2.2/24", "192.0.2.1")
		in := anchorsOnly(t, twoAnchors())
		if !in.Retrans.Known || in.Retrans.Delta != 0 || in.Anchors[0].Outcome != Timeout {
			t.Errorf("%+v", in)
		}
	})
}

func TestLocalDropIsCounted(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		pair(t, "eth0", "192.0.2.2/24", "192.0.2.1")
		dropOutput(t)
		in := anchorsOnly(t, twoAnchors())
		if !in.Retrans.Known || in.Retrans.Delta != 2 || in.Anchors[0].Outcome != Timeout {
			t.Errorf("%+v", in)
		}
	})
}

func TestNoRouteIsErrno(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		in := anchorsOnly(t, twoAnchors())
		if in.Retrans.Known || in.Anchors[0].Outcome != NoNetwork || in.Anchors[0].Errno != "ENETUNREACH" || in.Anchors[0].TookMS > 50 {
			t.Errorf("%+v", in)
		}
	})
}

// TestEveryRivalIsTried: with two default routes the anchors are tried through
// each link, without privileges too.
func TestEveryRivalIsTried(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		pair(t, "eth0", "192.0.2.2/24", "192.0.2.1")
		pair(t, "eth1", "203.0.113.2/24", "203.0.113.1")
		env := twoAnchors()
		link.Local(t.Context(), env)
		if err := probeBound(t.Context(), env); err != nil {
			t.Fatal(err)
		}
		env.Facts.Look(func(f diag.Facts) {
			by := map[int]int{}
			for _, c := range Section.Of(f).Bound {
				if c.Outcome != Timeout {
					t.Errorf("%+v", c)
				}
				by[c.Index]++
			}
			if len(by) != 2 || by[0] != 0 {
				t.Errorf("connects by link: %v", by)
			}
		})
	})
}

// twoAnchors is this PC, looking at two addresses behind the mute router.
func twoAnchors() *diag.Env {
	cfg := config.Default()
	cfg.Probe.Anchors = []string{"198.51.100.1:443", "198.51.100.2:443"}
	return diag.NewEnv(host.Local{}, cfg)
}
