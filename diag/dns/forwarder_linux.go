package dns

import (
	"path"
	"strings"

	"deskside/diag/host"
	"deskside/diag/link"
)

// forwarder is a name service that may stand on this PC and pass questions
// on. It runs when its process has left its number; whom it asks, the first
// file says that names anybody.
type forwarder struct {
	kind, pid string
	settings  string // where this PC has it installed
	files     []askFile
}

type askFile struct {
	path  string // the last part may be a pattern of path.Match
	names func([]byte) []string
}

// forwarders as distributions set them up: NetworkManager's nm-dns-dnsmasq.c,
// Debian's packages dnsmasq and unbound.
var forwarders = []forwarder{
	{"dnsmasq", "/run/NetworkManager/dnsmasq.pid", "/etc/NetworkManager/dnsmasq.d", []askFile{
		{"/run/NetworkManager/no-stub-resolv.conf", resolvServers}}},
	{"dnsmasq", "/run/dnsmasq/dnsmasq.pid", "/etc/dnsmasq.conf", []askFile{
		{"/etc/dnsmasq.conf", dnsmasqServers}, {"/etc/dnsmasq.d/*", dnsmasqServers}, {"/run/dnsmasq/resolv.conf", resolvServers}}},
	{"unbound", "/run/unbound.pid", "/etc/unbound", []askFile{
		{"/etc/unbound/unbound.conf", unboundServers}, {"/etc/unbound/unbound.conf.d/*.conf", unboundServers}}},
}

// readForwarder finds out who listens where resolv.conf points to on this PC,
// and whom he asks. A name service that finds its own way from the root asks
// nobody in particular, so nobody is behind it.
func readForwarder(h host.Host, c Conf) *Stub {
	for _, s := range c.Servers {
		if scopeOf(s) != link.Loopback {
			return nil
		}
	}
	if len(c.Servers) == 0 {
		return nil
	}
	for _, f := range forwarders {
		if _, err := h.Stat(f.pid); err == nil {
			s := &Stub{Kind: f.kind}
			s.Upstreams, s.Source = f.asks(h)
			return s
		}
	}
	for _, f := range forwarders { // set up, and perhaps not running
		if _, err := h.Stat(f.settings); err == nil {
			return &Stub{Kind: f.kind}
		}
	}
	return nil
}

func (f forwarder) asks(h host.Host) (servers []string, source string) {
	for _, file := range f.files {
		dir, pattern := path.Split(file.path)
		entries, _ := h.ReadDir(path.Clean(dir)) // none: nothing is named there
		for _, e := range entries {
			if match, _ := path.Match(pattern, e.Name()); !match {
				continue
			}
			if b, err := h.ReadFile(dir + e.Name()); err == nil {
				servers = append(servers, file.names(b)...)
			}
		}
		if len(servers) > 0 {
			return servers[:min(len(servers), maxServers)], file.path
		}
	}
	return nil, ""
}

// resolvServers are those of a file in the form of resolv.conf(5). A
// forwarder does not ask itself.
func resolvServers(b []byte) (out []string) {
	for _, s := range parseResolvConf(b).Servers {
		if scopeOf(s) != link.Loopback {
			out = append(out, s)
		}
	}
	return out
}

// dnsmasqServers are those for all names, as in "server=192.0.2.1": dnsmasq(8).
// Those of one zone ("server=/zone/192.0.2.1") say nothing of the others.
func dnsmasqServers(b []byte) (out []string) {
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "server="); ok {
			out = appendServer(out, rest, "#")
		}
	}
	return out
}

// unboundServers are those of the forward zone for all names, which is called
// ".": unbound.conf(5).
func unboundServers(b []byte) (out []string) {
	var clause, zone string
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch {
		case !ok:
		case value == "":
			clause, zone = key, ""
		case key == "name":
			zone = value
		case key == "forward-addr" && clause == "forward-zone" && zone == ".":
			out = appendServer(out, value, "@")
		}
	}
	return out
}

// appendServer takes an address, and a port behind a mark if it is the usual
// one: others are not asked here.
func appendServer(out []string, s, mark string) []string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	address, port, has := strings.Cut(word, mark)
	if a, ok := parseServer(address); ok && (!has || port == "53") && !a.IsLoopback() {
		out = append(out, a.String())
	}
	return out
}
