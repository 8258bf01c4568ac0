package fixes

import (
	"slices"

	"deskside/diag"
)

// Catalog returns every fix.
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

// treatments are the fixes for a cause, in the order in which its rule names
// them: best first.
func treatments(c diag.Cause) []Fix {
	var out []Fix
	for _, f := range Catalog() {
		if f.treats(c.ID) {
			out = append(out, f)
		}
	}
	rank := func(f Fix) int {
		if i := slices.Index(c.Fixes, f.ID); i >= 0 {
			return i
		}
		return len(c.Fixes)
	}
	slices.SortStableFunc(out, func(a, b Fix) int { return rank(a) - rank(b) })
	return out
}
