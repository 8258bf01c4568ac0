package dns

import (
	"bytes"
	"net/netip"
	"net/url"
	"strings"

	"deskside/diag/config"
)

// maxEntries bounds what a hosts file can put into the facts.
const maxEntries = 32

// parseHosts reads hosts(5) and keeps the entries for the names in want (in
// their canonical form). Names that occur nowhere in the file cost one search
// over its bytes, so ad-block lists with 100,000 lines are no matter.
func parseHosts(b []byte, want map[string]bool) Hosts {
	b = bytes.ToLower(b) // names and addresses are the same in either case
	h := Hosts{}
	var present [][]byte
	for name := range want {
		if name != "" && bytes.Contains(b, []byte(name)) {
			present = append(present, []byte(name))
		}
	}
	for line := range bytes.Lines(b) {
		h.Lines++
		if mentions(line, present) && len(h.Entries) < maxEntries {
			h.take(string(line), want)
		}
	}
	return h
}

func mentions(line []byte, names [][]byte) bool {
	for _, name := range names {
		if bytes.Contains(line, name) {
			return true
		}
	}
	return false
}

// take keeps what one line says about the wanted names.
func (h *Hosts) take(line string, want map[string]bool) {
	line, _, _ = strings.Cut(line, "#")
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return
	}
	a, err := netip.ParseAddr(fields[0])
	if err != nil {
		return
	}
	for _, name := range fields[1:] {
		if name = canonical(name); want[name] && len(h.Entries) < maxEntries {
			h.Entries = append(h.Entries, HostsEntry{Line: h.Lines, Name: name, IP: a.String(), Scope: scopeOf(a.String())})
		}
	}
}

// canonical is the form in which names are compared.
func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// probedNames are the names whose resolution matters to a run: the configured
// names and the hosts of the web and https endpoints.
func probedNames(p config.Probe) map[string]bool {
	out := map[string]bool{}
	for _, n := range p.Names {
		out[canonical(n)] = true
	}
	urls := append([]string{}, p.HTTPS...)
	for _, w := range p.Web {
		urls = append(urls, w.URL)
	}
	for _, s := range urls {
		if u, err := url.Parse(s); err == nil && u.Hostname() != "" {
			if _, err := netip.ParseAddr(u.Hostname()); err != nil {
				out[canonical(u.Hostname())] = true
			}
		}
	}
	delete(out, "")
	return out
}
