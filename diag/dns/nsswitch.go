package dns

import (
	"strings"

	"deskside/diag"
)

// silentSources are the hosts sources of nsswitch.conf(5) that ask no name
// server: files, this PC's own names, containers, virtual machines, and
// multicast names of the local network.
var silentSources = map[string]bool{
	"files": true, "db": true, "myhostname": true, "mymachines": true, "libvirt": true, "libvirt_guest": true,
	"mdns": true, "mdns4": true, "mdns6": true, "mdns_minimal": true, "mdns4_minimal": true, "mdns6_minimal": true, "wins": true,
}

// parseNSS reads the "hosts" line of nsswitch.conf. Where there is none,
// glibc's default holds, which asks name servers (nsswitch.conf(5)).
func parseNSS(b []byte) NSS {
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(line, "#")
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.TrimSpace(name) != "hosts" {
			continue
		}
		n := NSS{Sources: sources(rest)}
		n.HasDNS = n.asksServers()
		return n
	}
	return NSS{HasDNS: diag.Yes}
}

// sources are the words outside [NOTFOUND=return] and its like.
func sources(s string) []string {
	var plain strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '[':
			depth++
			plain.WriteByte(' ')
		case r == ']' && depth > 0:
			depth--
		case depth == 0:
			plain.WriteRune(r)
		}
	}
	var out []string
	for _, name := range strings.Fields(plain.String()) {
		if !moduleName(name) {
			name = "other"
		}
		out = append(out, name)
	}
	return out
}

// moduleName reports what can be the name of an nsswitch module; anything
// else stays out of the facts.
func moduleName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return len(s) <= 24
}

func (n NSS) asksServers() diag.Tri {
	answer := diag.No
	for _, s := range n.Sources {
		switch {
		case s == "dns" || s == "resolve":
			return diag.Yes
		case !silentSources[s]:
			answer = diag.Maybe // sss, ldap, nis …: modules that may ask somebody
		}
	}
	return answer
}

// Has reports whether a source is listed.
func (n NSS) Has(source string) bool { return contains(n.Sources, source) }
