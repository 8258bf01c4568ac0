package cause

import (
	"strings"

	"deskside/diag"
)

// hostsOpen: the hosts file speaks of names in question, and what it says has
// not been held against any name server yet. A fault of a name server then is
// not all there is to know: the line misleads as long as it stands, whoever
// answers. It is known as soon as silence is.
func hostsOpen(s *scene) diag.Tri {
	return diag.TriOf(len(s.dns.Hosts.Entries) > 0 && !s.run.Ended("dns.hosts"))
}

// leavesOpen: what more may be found out although these causes are proven.
func (s *scene) leavesOpen(list []candidate) bool {
	return len(list) > 0 && strings.HasPrefix(list[0].rule.ID, "dns.") && hostsOpen(s) == diag.Yes
}
