package dns

import (
	"context"
	"sync"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/link"
)

// testimony is what one server said about one name.
type testimony struct {
	name  string
	local bool // a server on this PC: it may only repeat the hosts file
	known bool // it answered that there are addresses, or that there are none
	ips   []string
}

// compareHosts finds out whether name servers give the addresses that
// /etc/hosts gives. The C library asks the hosts file first and looks no
// further, so an entry hides whatever name servers say.
func compareHosts(ctx context.Context, env *diag.Env) error {
	f := snapshot(env)
	names := map[string]bool{}
	for _, e := range f.Hosts.Entries {
		names[e.Name] = true
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var heard []testimony
	for name := range names {
		for _, s := range f.Servers {
			for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
				q := question{server: s.Address, kind: KindName, name: name, proto: "udp", qtype: qtype, why: whyOf(s)}
				wg.Go(func() {
					r, ok := ask(ctx, env, q)
					if !ok {
						return
					}
					mu.Lock()
					defer mu.Unlock()
					heard = append(heard, testimonyOf(name, s, r))
				})
			}
		}
	}
	wg.Wait()
	// Only all the answers together settle it: the one that agrees may come
	// last. Cut short, nothing is known.
	if ctx.Err() == nil {
		settle(env, heard)
	}
	return nil
}

func testimonyOf(name string, s Server, r Query) testimony {
	return testimony{name: name, local: s.Scope == link.Loopback, ips: r.IPs,
		known: r.Outcome == Answered && (r.Rcode == "NOERROR" || r.Rcode == "NXDOMAIN") && !r.Cut}
}

func settle(env *diag.Env, heard []testimony) {
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Hosts.Entries {
			e := &f.Hosts.Entries[i]
			e.InDNS, e.Agrees = agreement(e.Name, e.IP, heard)
		}
	})
}

// agreement weighs what was heard about one entry. Servers on this PC
// (systemd-resolved, dnsmasq) answer from the hosts file too: their saying the
// same proves nothing, their saying something else does.
func agreement(name, ip string, heard []testimony) (inDNS, agrees diag.Tri) {
	none := 0
	for _, t := range heard {
		if t.name != name || !t.known {
			continue
		}
		if len(t.ips) == 0 {
			none++
			continue
		}
		same := contains(t.ips, ip)
		if t.local && same {
			continue
		}
		inDNS = diag.Yes
		if same {
			return diag.Yes, diag.Yes
		}
		agrees = diag.No
	}
	// Both questions (A and AAAA) of at least one server must have come back
	// empty before "there are none" is worth anything.
	if inDNS == diag.Maybe && none >= 2 {
		inDNS = diag.No
	}
	return inDNS, agrees
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
