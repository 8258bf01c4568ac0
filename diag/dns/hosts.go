package dns

import (
	"bytes"
	"net/netip"
	"net/url"
	"strings"

	"deskside/diag/config"
	"deskside/diag/link"
)

// maxEntries bounds what a hosts file can put into the facts.
const maxEntries = 32

// parseHosts reads hosts(5) and keeps the entries for the names in want
// (lower case, no final dot). The cost is one pass over the bytes: lines that
// hold none of the names are not taken apart, so ad-block files with 100,000
// lines are no matter.
func parseHosts(b []byte, want map[string]bool) Hosts {
	h := Hosts{}
	for line := range bytes.Lines(b) {
		h.Lines++
		line, _, _ = bytes.Cut(line, []byte("#"))
		if len(h.Entries) == maxEntries || !mentions(line, want) {
			continue
		}
		fields := strings.Fields(string(line))
		a, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for _, name := range fields[1:] {
			if name = canonical(name); want[name] && len(h.Entries) < maxEntries {
				h.Entries = append(h.Entries, HostsEntry{Line: h.Lines, Name: name, IP: a.String(), Scope: link.ScopeOf(a.WithZone("").String())})
			}
		}
	}
	return h
}

// mentions is the cheap question first: could one of the names be in line?
func mentions(line []byte, want map[string]bool) bool {
	for name := range want {
		if len(line) > len(name) && containsFold(line, name) {
			return true
		}
	}
	return false
}

// containsFold is strings.Contains for ASCII whatever the case of line; name
// is lower case. It leaps to each possible first letter.
func containsFold(line []byte, name string) bool {
	if name == "" {
		return false
	}
	first := [2]byte{name[0], upper(name[0])}
	for from := 0; from+len(name) <= len(line); from++ {
		i := bytes.IndexAny(line[from:len(line)-len(name)+1], string(first[:]))
		if i < 0 {
			return false
		}
		from += i
		if bytes.EqualFold(line[from:from+len(name)], []byte(name)) {
			return true
		}
	}
	return false
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
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
