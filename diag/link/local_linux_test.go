package link

import (
	"context"
	"encoding/json"
	"net"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/link/linktest"
)

// statuses is what the judge makes of the three layers.
func statuses(f diag.Facts) [3]diag.Status {
	out := [3]diag.Status{}
	for _, x := range Judge(f).Findings {
		switch x.Code {
		case CodeLink:
			out[0] = x.Status
		case CodeAddress:
			out[1] = x.Status
		case CodeRoute:
			out[2] = x.Status
		}
	}
	return out
}

func TestWorlds(t *testing.T) {
	const ok, warn, fail, skip = diag.OK, diag.Warn, diag.Fail, diag.Skipped
	for _, c := range []struct {
		name  string
		build func(*testing.T)
		want  [3]diag.Status
		errno string // of the way to the IPv4 anchor
	}{
		{"nothing but lo", func(*testing.T) {}, [3]diag.Status{fail, skip, skip}, "ENETUNREACH"},
		{"healthy", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "192.0.2.50/24")
			defaultVia(t, pc, "192.0.2.1", 100)
		}, [3]diag.Status{ok, ok, ok}, ""},
		{"IPv6 only", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "2001:db8:1::50/64")
			defaultVia(t, pc, "2001:db8:1::1", 100)
		}, [3]diag.Status{ok, ok, ok}, "ENETUNREACH"},
		{"IPv4 address, IPv6 way out", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "192.0.2.50/24")
			address(t, pc, "2001:db8:1::50/64")
			defaultVia(t, pc, "2001:db8:1::1", 100)
		}, [3]diag.Status{ok, ok, warn}, "ENETUNREACH"},
		{"switched off", func(t *testing.T) {
			_, wall := cable(t, "eth0")
			plug(t, wall)
		}, [3]diag.Status{fail, skip, skip}, "ENETUNREACH"},
		{"unplugged, routes stay", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "192.0.2.50/24")
			defaultVia(t, pc, "192.0.2.1", 100)
			must(t, netlink.LinkSetDown(wall))
		}, [3]diag.Status{fail, skip, skip}, ""},
		{"second adapter unplugged", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "192.0.2.50/24")
			defaultVia(t, pc, "192.0.2.1", 100)
			second, _ := cable(t, "eth1")
			plug(t, second)
			cable(t, "eth2")
		}, [3]diag.Status{ok, ok, ok}, ""},
		{"no address", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
		}, [3]diag.Status{ok, fail, skip}, "ENETUNREACH"},
		{"self-assigned", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "169.254.7.7/16")
		}, [3]diag.Status{ok, fail, skip}, "ENETUNREACH"},
		{"no default route", func(t *testing.T) {
			pc, wall := cable(t, "eth0")
			plug(t, pc, wall)
			address(t, pc, "192.0.2.50/24")
		}, [3]diag.Status{ok, ok, fail}, "ENETUNREACH"},
		{"prohibited", refusing(unix.RTN_PROHIBIT), [3]diag.Status{ok, ok, fail}, "EACCES"},
		{"blackhole", refusing(unix.RTN_BLACKHOLE), [3]diag.Status{ok, ok, fail}, "EINVAL"},
		{"unreachable", refusing(unix.RTN_UNREACHABLE), [3]diag.Status{ok, ok, fail}, "EHOSTUNREACH"},
	} {
		t.Run(c.name, func(t *testing.T) {
			linktest.Need(t)
			c.build(t)
			f := look(t)
			if got := statuses(f); got != c.want {
				t.Errorf("link, address, route = %v, want %v\n%+v", got, c.want, Section.Of(f))
			}
			if got := Section.Of(f).To("anchor")[0].Errno; got != c.errno {
				t.Errorf("errno = %q, want %q", got, c.errno)
			}
		})
	}
}

func refusing(kind int) func(*testing.T) {
	return func(t *testing.T) {
		pc, wall := cable(t, "eth0")
		plug(t, pc, wall)
		address(t, pc, "192.0.2.50/24")
		_, all, _ := net.ParseCIDR("0.0.0.0/0")
		route := &netlink.Route{Dst: all, Type: kind}
		must(t, netlink.RouteAdd(route))
		t.Cleanup(func() { must(t, netlink.RouteDel(route)) })
	}
}

// Policy routing, as wg-quick sets it up: the default route is in a table
// that only a rule leads to.
func TestRoutesOfTablesTheRulesUse(t *testing.T) {
	pc, wall := cable(t, "eth0")
	plug(t, pc, wall)
	address(t, pc, "192.0.2.50/24")
	via := &netlink.Route{LinkIndex: pc.Attrs().Index, Gw: net.ParseIP("192.0.2.1"), Table: 51820}
	must(t, netlink.RouteAdd(via))
	if got := Section.Of(look(t)).Defaults(4); len(got) != 0 {
		t.Errorf("a table no rule uses is shown: %+v", got)
	}
	rule := netlink.NewRule()
	rule.Table, rule.Priority, rule.Family = 51820, 1000, netlink.FAMILY_V4
	must(t, netlink.RuleAdd(rule))
	t.Cleanup(func() { must(t, netlink.RuleDel(rule)) })
	f := Section.Of(look(t))
	if got := f.Defaults(4); len(got) != 1 || got[0].Table != 51820 || got[0].Gateway != "192.0.2.1" {
		t.Errorf("defaults = %+v", got)
	}
	if got := f.To("anchor")[0]; got.Reachable != diag.Yes || got.Gateway != "192.0.2.1" {
		t.Errorf("path = %+v", got)
	}
}

// sessionHost is this machine, driven over an SSH connection.
type sessionHost struct {
	host.Local
	connection string
}

func (h sessionHost) Getenv(name string) string {
	if name == "SSH_CONNECTION" {
		return h.connection
	}
	return ""
}

func TestSession(t *testing.T) {
	pc, wall := cable(t, "eth0")
	plug(t, pc, wall)
	address(t, pc, "192.0.2.50/24")
	defaultVia(t, pc, "192.0.2.1", 100)
	index := pc.Attrs().Index
	for connection, want := range map[string]*Session{
		"":                               nil,
		"192.0.2.9 1 2 3 4":              nil,
		"192.0.2.9 50000 192.0.2.50 22":  {Client: "192.0.2.9", Server: "192.0.2.50", Index: index, OnLink: diag.Yes, OwnAddress: diag.Yes},
		"198.51.100.7 50000 10.0.0.1 22": {Client: "198.51.100.7", Server: "10.0.0.1", Index: index, Gateway: "192.0.2.1", OnLink: diag.No, OwnAddress: diag.No},
	} {
		got := Section.Of(lookWith(t, config.Default(), sessionHost{connection: connection})).Session
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%q: session = %+v, want %+v", connection, got, want)
		}
	}
}

func TestPathToKeepsOneAnswerEach(t *testing.T) {
	pc, wall := cable(t, "eth0")
	plug(t, pc, wall)
	address(t, pc, "192.0.2.50/24")
	env := diag.NewEnv(host.Local{}, config.Config{})
	for _, dest := range []string{"192.0.2.53", "192.0.2.53", "198.51.100.53", "fe80::1%eth0", "not an address"} {
		PathTo(env, "dns", dest)
	}
	Local(context.Background(), env) // keeps what was asked before it
	var f Facts
	env.Facts.Look(func(now diag.Facts) { f = Section.Of(now) })
	got := f.To("dns")
	if len(got) != 4 {
		t.Fatalf("paths = %+v", got)
	}
	if got[0].Reachable != diag.Yes || got[0].Gateway != "" || got[1].Reachable != diag.No || got[2].Index != pc.Attrs().Index || got[3].Reachable != diag.Maybe {
		t.Errorf("paths = %+v", got)
	}
}

// Local is the part nobody waits for.
func TestLocalIsQuick(t *testing.T) {
	pc, wall := cable(t, "eth0")
	plug(t, pc, wall)
	address(t, pc, "192.0.2.50/24")
	defaultVia(t, pc, "192.0.2.1", 100)
	best := time.Hour
	for range 20 {
		begin := time.Now()
		look(t)
		best = min(best, time.Since(begin))
	}
	t.Logf("best of 20: %v", best)
	if best > 20*time.Millisecond {
		t.Errorf("Local takes %v", best)
	}
}

// The report replays: facts that went through JSON judge the same.
func TestFactsSurviveJSON(t *testing.T) {
	f := look(t)
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var back diag.Facts
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if err := Section.Decode(back); err != nil {
		t.Fatal(err)
	}
	if statuses(back) != statuses(f) {
		t.Errorf("%v, want %v", statuses(back), statuses(f))
	}
}
