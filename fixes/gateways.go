package fixes

import (
	"net/netip"
	"path/filepath"
	"strings"

	"deskside/diag/dns"
	"deskside/diag/host"
)

// leaseGateways reads what DHCP once said: dhclient's leases
// (dhclient.leases(5)) and systemd-networkd's (KEY=value). NetworkManager
// keeps either form, depending on its client; its newest client keeps no
// router at all.
func leaseGateways(h host.Host, c Case) (out []gatewayHint) {
	for _, dir := range []string{"/var/lib/dhcp", "/var/lib/dhclient", "/var/lib/NetworkManager"} {
		eachFile(h, c, dir, func(name, content string) {
			if strings.HasSuffix(name, ".leases") || strings.HasSuffix(name, ".lease") {
				out = append(out, dhclientRouters(content)...)
				out = append(out, keyValueRouters(content, "ROUTER")...)
			}
		})
	}
	eachFile(h, c, "/run/systemd/netif/leases", func(_, content string) {
		out = append(out, keyValueRouters(content, "ROUTER")...)
	})
	return out
}

// dhclientRouters reads lease blocks in order; the last one of an interface
// is the one in force.
func dhclientRouters(content string) (out []gatewayHint) {
	last, order := map[string]string{}, []string{}
	for _, block := range strings.Split(content, "lease {")[1:] {
		dev, router := "", ""
		block, _, _ = strings.Cut(block, "\n}")
		for line := range strings.Lines(block) {
			line = strings.TrimSuffix(strings.TrimSpace(line), ";")
			if v, ok := strings.CutPrefix(line, "interface "); ok {
				dev = strings.Trim(v, `"`)
			}
			if v, ok := strings.CutPrefix(line, "option routers "); ok {
				router, _, _ = strings.Cut(v, ",")
			}
		}
		if _, seen := last[dev]; !seen {
			order = append(order, dev)
		}
		last[dev] = router
	}
	for _, dev := range order {
		out = append(out, hint(last[dev], dev, "lease")...)
	}
	return out
}

// keyValueRouters reads KEY=a b; the first address is the router in use.
func keyValueRouters(content, want string) (out []gatewayHint) {
	for line := range strings.Lines(content) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if f := strings.Fields(value); key == want && len(f) > 0 {
			out = append(out, hint(f[0], "", "lease")...)
		}
	}
	return out
}

// configGateways reads what an administrator wrote: interfaces(5) and
// systemd.network(5).
func configGateways(h host.Host, c Case) (out []gatewayHint) {
	interfaces := func(_, content string) {
		dev := ""
		for line := range strings.Lines(content) {
			switch f := strings.Fields(line); {
			case len(f) > 1 && f[0] == "iface":
				dev = f[1]
			case len(f) > 1 && f[0] == "gateway":
				out = append(out, hint(f[1], dev, "config")...)
			}
		}
	}
	if b, err := h.ReadFile(c.path("/etc/network/interfaces")); err == nil {
		interfaces("", string(b))
	}
	eachFile(h, c, "/etc/network/interfaces.d", interfaces)
	eachFile(h, c, "/etc/systemd/network", func(name, content string) {
		if strings.HasSuffix(name, ".network") {
			for _, g := range keyValueRouters(content, "Gateway") {
				g.source = "config"
				out = append(out, g)
			}
		}
	})
	return out
}

// serverGateways: home routers answer name queries themselves, so a name
// server in our own network is likely the router.
func serverGateways(c Case) (out []gatewayHint) {
	for _, s := range dns.Section.Of(c.Facts).Conf.Servers {
		out = append(out, hint(s, "", "nameserver")...)
	}
	return out
}

// hint is one gateway if s is an IPv4 address, else none.
func hint(s, dev, source string) []gatewayHint {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil || !a.Is4() || a.IsUnspecified() || a.IsLoopback() {
		return nil
	}
	return []gatewayHint{{addr: a, dev: dev, source: source}}
}

// sameIP compares two spellings of an address.
func sameIP(a, b string) bool {
	x, errX := netip.ParseAddr(a)
	y, errY := netip.ParseAddr(b)
	return errX == nil && errY == nil && x == y
}

// eachFile visits the readable files of a folder; a folder that is not there
// has none.
func eachFile(h host.Host, c Case, dir string, visit func(name, content string)) {
	entries, err := h.ReadDir(c.path(dir))
	if err != nil {
		return
	}
	for _, e := range entries {
		if b, err := h.ReadFile(filepath.Join(c.path(dir), e.Name())); err == nil {
			visit(e.Name(), string(b))
		}
	}
}
