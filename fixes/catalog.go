package fixes

import "slices"

// Catalog returns every fix, in the order they are offered for one cause.
func Catalog() []Fix {
	return []Fix{linkUp, routeRestoreDefault, dnsSetServers, dnsReorder, dnsUseVC, dnsNoAAAA, dnsSearchDrop, nsswitchHostsDNS, resolvconfReadable, hostsCommentLine}
}

func find(id string) (Fix, bool) {
	for _, f := range Catalog() {
		if f.ID == id {
			return f, true
		}
	}
	return Fix{}, false
}

func (f Fix) treats(cause string) bool { return slices.Contains(f.For, cause) }
