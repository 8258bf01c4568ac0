package link

import (
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const maxRules = 32

// addedRules leaves out the three every PC has: local, main, default.
func addedRules(rules []netlink.Rule) []Rule {
	var out []Rule
	for _, r := range rules {
		stock := r.Table == unix.RT_TABLE_LOCAL || r.Table == unix.RT_TABLE_MAIN || r.Table == unix.RT_TABLE_DEFAULT
		if stock || len(out) == maxRules {
			continue
		}
		added := Rule{Family: 4, Priority: r.Priority, Table: r.Table, Refuses: r.Table == unix.RT_TABLE_UNSPEC && r.Goto < 0}
		if r.Family == unix.AF_INET6 {
			added.Family = 6
		}
		out = append(out, added)
	}
	return out
}
