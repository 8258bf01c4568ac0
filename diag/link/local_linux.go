package link

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
)

// patience bounds one answer of the kernel: a process that holds the routing
// lock must not hold us.
const patience = time.Second

// Local reads links, addresses, routes, the way to every anchor, and the SSH
// session. It sends nothing and takes a few milliseconds.
func Local(_ context.Context, env *diag.Env) {
	at := env.SinceMS()
	h, err := handle()
	if err != nil {
		Section.Update(env.Facts, func(f *Facts) { f.AtMS, f.Readable, f.Why = at, diag.No, Errno(err) })
		return
	}
	defer h.Close()
	read, err := tables(h, env.Host)
	read.AtMS, read.Readable = at, diag.Yes
	read.WireGuard = wireGuards(read.Links, env.Host.Now(), dialGenetlink)
	if err != nil {
		read = Facts{AtMS: at, Readable: diag.No, Why: Errno(err)}
	}
	for _, a := range env.Config.Probe.Anchors {
		if ap, err := netip.ParseAddrPort(a); err == nil {
			read.Paths = append(read.Paths, ask(h, "anchor", ap.Addr()))
		}
	}
	if client, server, ok := sshEnds(SSHConnection(env.Host)); ok {
		p := ask(h, "session", client)
		read.Paths = append(read.Paths, p)
		read.Session = &Session{
			Client: client.String(), Server: server.String(), Index: p.Index, Gateway: p.Gateway,
			OnLink: onLink(p), OwnAddress: owns(read, server),
		}
	}
	Section.Update(env.Facts, func(f *Facts) {
		earlier := f.Paths // a check that ran before us may have asked already
		*f = read
		f.Paths = append(f.Paths, earlier...)
	})
}

// PathTo asks the kernel how it would reach dest (an address, with a zone
// where it needs one) and keeps the answer in the facts under purpose.
// Nothing is sent. The same question twice is one entry.
func PathTo(env *diag.Env, purpose, dest string) Path {
	p := Path{For: purpose, Dest: dest}
	if a, err := netip.ParseAddr(dest); err == nil {
		p = Ask(a)
		p.For = purpose
	}
	Section.Update(env.Facts, func(f *Facts) {
		for i, old := range f.Paths {
			if old.For == p.For && old.Dest == p.Dest {
				f.Paths[i] = p
				return
			}
		}
		f.Paths = append(f.Paths, p)
	})
	return p
}

// Ask is PathTo without keeping the answer.
func Ask(dest netip.Addr) Path {
	h, err := handle()
	if err != nil {
		return Path{Dest: dest.String(), Family: familyOf(dest), Errno: Errno(err)}
	}
	defer h.Close()
	return ask(h, "", dest)
}

func handle() (*netlink.Handle, error) {
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	if err := h.SetSocketTimeout(patience); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// ask is RTM_GETROUTE: 10 to 20 µs each.
func ask(h *netlink.Handle, purpose string, dest netip.Addr) Path {
	dest = dest.Unmap()
	p := Path{For: purpose, Dest: dest.String(), Family: familyOf(dest)}
	opt := &netlink.RouteGetOptions{}
	if index, err := strconv.Atoi(dest.Zone()); err == nil {
		opt.OifIndex = index
	} else {
		opt.Oif = dest.Zone()
	}
	routes, err := h.RouteGetWithOptions(dest.AsSlice(), opt)
	switch {
	case err != nil:
		p.Errno = Errno(err)
		p.Reachable = diag.Maybe
		if refusal[p.Errno] {
			p.Reachable = diag.No
		}
	case len(routes) > 0:
		r := routes[0]
		p.Reachable, p.Index, p.Source, p.Table = diag.Yes, r.LinkIndex, ipString(r.Src), r.Table
		p.Gateway = nextHop(r.Gw, r.Via)
		if refused := refusedTypes[r.Type]; refused != "" { // an answer, but of a route that refuses
			p.Reachable, p.Errno = diag.No, refused
		}
	}
	return p
}

// refusal lists the errors by which the routing tables say no; any other
// error means the question could not be asked.
var refusal = map[string]bool{"ENETUNREACH": true, "EHOSTUNREACH": true, "EACCES": true, "EINVAL": true}

var refusedTypes = map[int]string{
	unix.RTN_UNREACHABLE: "EHOSTUNREACH", unix.RTN_PROHIBIT: "EACCES", unix.RTN_BLACKHOLE: "EINVAL",
}

func onLink(p Path) diag.Tri {
	if p.Reachable != diag.Yes {
		return diag.Maybe
	}
	return diag.TriOf(p.Gateway == "")
}

func owns(f Facts, a netip.Addr) diag.Tri {
	if f.Readable != diag.Yes {
		return diag.Maybe
	}
	for _, own := range f.Addresses {
		if own.IP == a.WithZone("").String() {
			return diag.Yes
		}
	}
	return diag.No
}

func familyOf(a netip.Addr) int {
	if a.Is4() || a.Is4In6() {
		return 4
	}
	return 6
}
