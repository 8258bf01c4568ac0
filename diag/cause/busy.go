package cause

import "slices"

// waiting are the causes whose proof is that something did not come in time,
// or came late. A program that was kept from the processor cannot tell: the
// answer may have lain there. What rests on something that was heard (a
// refusal, a wrong page, a lie) or read on this PC is as true as ever.
// Measured numbers of the second tier have their own sense of it.
var waiting = []string{
	"gw.arp_failed", "gw.no_forward", "gw.no_nat", "gw.icmp_filtered",
	"wan.silent_beyond_hop", "fw.upstream_port_block", "v6.*",
	"addr.no_dhcp_server", "addr.static_foreign",
	"route.metric_fight", "route.gw_wrong", "route.vpn_dead", "route.rule_leftover",
	"dns.server_silent", "dns.first_server_dead", "dns.vpn_leftover", "dns.udp53_blocked", "dns.tcp53_blocked", "dns.aaaa_timeout",
	"dns.search_stall", "dns.edns_dropped", "dns.large_dropped", "dns.dot_blocked", "dns.doh_blocked", "dns.slow",
	"proxy.dead", "proxy.pac_unreachable", "proxy.wpad_stale",
	"svc.target_down", "svc.lan_dead", "svc.port_blocked", "svc.no_answer", "svc.slow", "svc.v6_dead",
}

// unheard: this cause rests on silence, and this program may have been deaf.
func (s *scene) unheard(r Rule) bool {
	return s.run.Starved() && slices.ContainsFunc(waiting, func(pattern string) bool {
		return Rule{Over: []string{pattern}}.explains(r.ID)
	})
}
