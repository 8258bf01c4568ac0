package dns

import (
	"context"
	"net/netip"

	"github.com/miekg/dns"

	"deskside/diag"
)

// Asked are the servers that this PC's programs ask, and the control
// resolvers.
func (f Facts) Asked() (own, control []Server) { return f.asked(), f.withRole(Control) }

// AskFor asks one server for the addresses of a name in one family (4 or 6),
// over UDP or, where resolv.conf says use-vc, over TCP, as this PC's programs
// do. It is false when ctx ended before the answer's fate was known.
func AskFor(ctx context.Context, env *diag.Env, s Server, name string, family int) (Query, bool) {
	qtype := dns.TypeA
	if family == 6 {
		qtype = dns.TypeAAAA
	}
	return ask(ctx, env, question{server: s.Address, proto: snapshot(env).Conf.proto(), kind: KindName, name: name, qtype: qtype, why: whyOf(s)})
}

// SystemLookup asks the system's own resolver, as this PC's programs do. The
// outcome is Found, NotFound or Missing.
func SystemLookup(ctx context.Context, env *diag.Env, name string) (outcome string, ips []string) {
	return systemLookup(ctx, env.Host, name)
}

// FromHosts returns what the hosts file says of a name.
func FromHosts(env *diag.Env, name string) []netip.Addr { return fromHosts(env, name) }

// Watch adds a name to those whose entries in the hosts file are compared
// with what name servers say. It is for Local functions that run after this
// package's own.
func Watch(env *diag.Env, name string) {
	b, err := env.Host.ReadFile(hostsPath(env.Host))
	if err != nil {
		return // Local has said so
	}
	name = canonical(name)
	found := parseHosts(b, map[string]bool{name: true}).Entries
	Section.Update(env.Facts, func(f *Facts) {
		for _, e := range f.Hosts.Entries {
			if e.Name == name {
				return // one of the probed names
			}
		}
		f.Hosts.Entries = append(f.Hosts.Entries, found...)
	})
}
