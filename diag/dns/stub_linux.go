package dns

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag"
)

// busBudget bounds everything said over D-Bus, which may hang without end
// (seen by tailscale's resolved client).
const busBudget = time.Second

// osProbes look behind systemd-resolved's stub.
func osProbes() []diag.Probe {
	return []diag.Probe{{ID: "dns.stub", Budget: busBudget + serversBudget + tcpLeast, Run: askResolved}}
}

// askResolved asks systemd-resolved, where it is in use, for its upstream
// servers, and those that its file did not name already for the probed name.
func askResolved(ctx context.Context, env *diag.Env) error {
	before := snapshot(env)
	if before.Stub == nil || before.Stub.Kind != OwnerResolved {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, busBudget)
	upstreams, running := resolvedUpstreams(bounded, env)
	cancel()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	Section.Update(env.Facts, func(f *Facts) {
		f.Stub.Running = running
		if len(upstreams) > 0 {
			f.Stub.Upstreams, f.Stub.Source = upstreams, "dbus"
		}
	})
	err := askAll(ctx, env, newcomers(before.Servers, upstreams))
	knockTLS(ctx, env)
	return err
}

// newcomers are the upstream servers that nobody asks yet.
func newcomers(known []Server, upstreams []string) []Server {
	seen := map[string]bool{}
	order := 0
	for _, s := range known {
		seen[s.Address] = true
		if s.Role == Upstream {
			order++
		}
	}
	var out []Server
	for _, a := range upstreams {
		if !seen[a] {
			seen[a] = true
			out = append(out, Server{Address: a, Scope: scopeOf(a), Role: Upstream, Order: order})
			order++
		}
	}
	return out
}

// resolvedUpstreams reads org.freedesktop.resolve1.Manager.DNSEx. Running is
// No when the bus says that nobody owns the name; it is never started for our
// sake. At most three upstreams are used.
func resolvedUpstreams(ctx context.Context, env *diag.Env) ([]string, diag.Tri) {
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", busPath(env.Host.Getenv("DBUS_SYSTEM_BUS_ADDRESS")))
	if err != nil {
		return nil, diag.Maybe // no bus: says nothing about the service
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	bus, err := dbus.NewConn(c)
	if err != nil {
		return nil, diag.Maybe
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return nil, diag.Maybe
	}
	const manager = "org.freedesktop.resolve1.Manager"
	call := bus.Object("org.freedesktop.resolve1", "/org/freedesktop/resolve1").
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, manager, "DNSEx")
	var servers []struct {
		Index, Family int32
		Address       []byte
		Port          uint16
		Name          string
	}
	if err := call.Store(&servers); err != nil {
		return nil, ownerMissing(err)
	}
	var out []string
	for _, s := range servers {
		a, ok := netip.AddrFromSlice(s.Address)
		if a.IsLinkLocalUnicast() && a.Is6() && s.Index > 0 { // means nothing without its link
			a = a.WithZone(strconv.Itoa(int(s.Index)))
		}
		if ok && (s.Port == 0 || s.Port == 53) && len(out) < maxServers && !contains(out, a.String()) {
			out = append(out, a.String())
		}
	}
	return out, diag.Yes
}

func ownerMissing(err error) diag.Tri {
	if e, ok := err.(dbus.Error); ok {
		switch e.Name {
		case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
			return diag.No
		}
		return diag.Yes // it answered, though not with what we asked for
	}
	return diag.Maybe
}

// busPath is the socket of the system bus (D-Bus specification, "Well-known
// Message Bus Instances").
func busPath(address string) string {
	for _, a := range strings.Split(address, ";") {
		if rest, ok := strings.CutPrefix(a, "unix:path="); ok {
			path, _, _ := strings.Cut(rest, ",")
			return path
		}
	}
	return "/run/dbus/system_bus_socket"
}
