package dns

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"strings"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
)

// Local reads how this PC is told to resolve names. It sends nothing.
func Local(_ context.Context, env *diag.Env) {
	conf, nss := readConf(env), readNSS(env.Host)
	hosts := readHosts(env)
	stub := readStub(env.Host, conf)
	servers := plannedServers(conf, stub, env.Config.Probe.DNSControl)
	overHTTPS := readDoH(env.Host, conf)
	Section.Update(env.Facts, func(f *Facts) {
		f.DoH = overHTTPS
		f.Conf, f.NSS, f.Hosts, f.Stub, f.Servers = conf, nss, hosts, stub, servers
	})
	for _, s := range servers {
		link.PathTo(env, "dns", s.Address)
	}
}

// plannedServers lists whom the probes will ask. A control resolver that this
// PC uses anyway is no second opinion, and nobody is listed twice.
func plannedServers(c Conf, stub *Stub, control []string) []Server {
	var out []Server
	seen := map[string]bool{}
	add := func(role string, addresses ...string) {
		order := 0
		for _, a := range addresses {
			if !seen[a] {
				seen[a] = true
				out = append(out, Server{Address: a, Scope: scopeOf(a), Role: role, Order: order})
				order++
			}
		}
	}
	add(Configured, c.Servers...)
	if asksNobody(c) {
		add(Implied, "127.0.0.1")
	}
	add(Passed, c.Passed...)
	if stub != nil {
		add(Upstream, stub.Upstreams...)
	}
	add(Control, normalized(control)...)
	return out
}

// asksNobody reports that resolv.conf was looked at and names no server.
func asksNobody(c Conf) bool { return c.Exists != diag.Maybe && len(c.Servers) == 0 }

func normalized(addresses []string) []string {
	var out []string
	for _, s := range addresses {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, a.String())
		}
	}
	return out
}

func scopeOf(address string) link.Scope {
	bare, _, _ := strings.Cut(address, "%")
	return link.ScopeOf(bare)
}

func readHosts(env *diag.Env) Hosts {
	b, err := env.Host.ReadFile(hostsPath(env.Host))
	if errors.Is(err, fs.ErrNotExist) {
		return Hosts{Readable: diag.Yes}
	}
	if err != nil {
		return Hosts{Readable: diag.No, Why: whyNot(err)}
	}
	h := parseHosts(b, probedNames(env.Config.Probe))
	h.Readable = diag.Yes
	return h
}

// hostsPath is where the system resolver looks first.
func hostsPath(h host.Host) string {
	if h.OS() == "windows" {
		return h.Getenv("SystemRoot") + `\System32\drivers\etc\hosts`
	}
	return "/etc/hosts"
}

func whyNot(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "permission"
	}
	return "error"
}
