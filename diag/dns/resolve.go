package dns

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/link"
)

// Who resolved a name for Resolve.
const (
	ByLiteral    = "literal"
	ByHosts      = "hosts"
	ByConfigured = "configured"
	ByControl    = "control"
)

const (
	// controlAfter is how long this PC's own servers have the field to
	// themselves before the control resolvers are asked as well.
	controlAfter = 150 * time.Millisecond
	// familyWait is how long the answer for one family waits for the other
	// one's: the resolution delay of RFC 8305 section 3.
	familyWait = 50 * time.Millisecond
)

// Resolve finds the addresses of a name for a probe of another package: a
// literal is itself; then the hosts file; then all servers of this PC at once,
// joined after 150 ms by the control resolvers, and the first answer with
// addresses wins. It says by whom, one of the By… constants. Addresses come
// IPv4 first; IPv6 is asked for only where there may be an IPv6 route. Go's own
// resolver is never used: it would hide which server it was.
//
// An error means that nobody gave an address before ctx ended or all had
// spoken (1.2 s for the silent ones).
func Resolve(ctx context.Context, env *diag.Env, name string) ([]netip.Addr, string, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}, ByLiteral, nil
	}
	if addrs := fromHosts(env, name); len(addrs) > 0 {
		return addrs, ByHosts, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := snapshot(env)
	own, control := f.asked(), f.withRole(Control)
	answers := make(chan resolved, len(own)+len(control)) // nobody blocks when one has won
	types, enough := wantedTypes(env)
	proto := f.Conf.proto()
	start := func(servers []Server, by string, types []uint16) {
		for _, s := range servers {
			go func() { answers <- resolveBy(ctx, env, s, name, by, proto, types) }()
		}
	}
	start(own, ByConfigured, types)
	waiting, later := len(own), time.After(controlAfter)
	if waiting == 0 {
		later = time.After(0)
	}
	for waiting > 0 || later != nil {
		select {
		case <-later:
			later = nil
			start(control, ByControl, enough)
			waiting += len(control)
		case r := <-answers:
			waiting--
			if len(r.addrs) > 0 {
				return r.addrs, r.by, nil
			}
		case <-ctx.Done():
			return nil, "", ctx.Err()
		}
	}
	return nil, "", fmt.Errorf("resolve %s: no server gave an address", name)
}

type resolved struct {
	addrs []netip.Addr
	by    string
}

// fromHosts reads the hosts file anew: the name may be one that nobody
// announced in the configuration.
func fromHosts(env *diag.Env, name string) []netip.Addr {
	b, err := env.Host.ReadFile(hostsPath(env.Host))
	if err != nil {
		return nil
	}
	var out []netip.Addr
	for _, e := range parseHosts(b, map[string]bool{canonical(name): true}).Entries {
		if a, err := netip.ParseAddr(e.IP); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// wantedTypes leaves AAAA out where the routing table is known to have no way
// for IPv6: fewer packets, and no address that cannot be reached. Who stands in
// for this PC's own servers is asked for enough to reach the place at all.
func wantedTypes(env *diag.Env) (types, enough []uint16) {
	types = []uint16{dns.TypeA}
	env.Facts.Look(func(all diag.Facts) {
		l := link.Section.Of(all)
		if l.Readable != diag.Yes || len(l.Defaults(6)) > 0 {
			types = append(types, dns.TypeAAAA)
		}
		if enough = types; len(l.Defaults(4)) > 0 {
			enough = types[:1]
		}
	})
	return types, enough
}

// resolveBy asks one server for all types, and gives what came within
// familyWait of the first addresses.
func resolveBy(ctx context.Context, env *diag.Env, s Server, name, by, proto string, types []uint16) resolved {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	replies := make(chan Query, len(types))
	for _, t := range types {
		q := question{server: s.Address, proto: proto, kind: KindName, name: name, qtype: t, spare: true, why: whyOf(s)}
		go func() { replies <- share(ctx, env, s, q) }()
	}
	out := resolved{by: by}
	var enough <-chan time.Time
	for range types {
		select {
		case r := <-replies:
			for _, ip := range r.IPs {
				if a, err := netip.ParseAddr(ip); err == nil {
					out.add(a)
				}
			}
			if len(out.addrs) > 0 && enough == nil {
				enough = time.After(familyWait)
			}
		case <-enough:
			return out
		}
	}
	return out
}

// add keeps IPv4 before IPv6.
func (r *resolved) add(a netip.Addr) {
	if !a.Is4() {
		r.addrs = append(r.addrs, a)
		return
	}
	n := 0
	for n < len(r.addrs) && r.addrs[n].Is4() {
		n++
	}
	r.addrs = append(r.addrs[:n], append([]netip.Addr{a}, r.addrs[n:]...)...)
}
