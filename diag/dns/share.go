package dns

import (
	"context"

	"github.com/miekg/dns"

	"deskside/diag"
)

// share asks, unless this run puts the same question to the same server
// anyway: then that answer is waited for, and no packet is sent.
func share(ctx context.Context, env *diag.Env, s Server, q question) Query {
	var said Query
	var heard, coming bool
	env.Facts.Await(ctx.Done(), func(all diag.Facts) bool {
		f := Section.Of(all)
		for _, known := range f.Servers {
			if known.Address == s.Address && known.Role == s.Role && !heard {
				said, heard = known.Find(q.proto, q.kind, dns.TypeToString[q.qtype])
				heard = heard && said.Name == q.name
			}
		}
		coming = comes(env, all, s, q)
		return heard || !coming
	})
	if heard || coming {
		return said
	}
	said, _ = ask(ctx, env, q)
	return said
}

// comes reports that dns.servers is part of this run, has not ended, and asks
// what q asks: the first name, of every server for its IPv4 addresses, and of
// this PC's own over UDP for the others.
func comes(env *diag.Env, all diag.Facts, s Server, q question) bool {
	const probe = "dns.servers"
	run, names := diag.RunSection.Of(all), env.Config.Probe.Names
	if !run.Includes("dns") || run.Ended(probe) || len(names) == 0 || q.name != names[0] {
		return false
	}
	return q.qtype == dns.TypeA || s.Role != Control && q.proto == "udp"
}
