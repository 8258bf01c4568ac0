//go:build linux

package lab_test

import (
	"slices"
	"strings"
	"testing"

	"deskside/diag/cause"
	"deskside/diag/lab"
)

// rows are the fault matrix that this lab was built from (faults.md, section
// 4.2): its rows, the world that injects each, and the cause it must be called
// by; "" is healthy. A row whose cause has no world is in nowhere.
var rows = []struct{ row, world, cause string }{
	{"F01 adapter off", "link-admin-down", "link.admin_down"},
	{"F02 no carrier", "link-no-carrier", "link.no_carrier"},
	{"F03 radio off", "", "link.rfkill_soft"},
	{"F04 half duplex", "link-half-duplex", "link.half_duplex"},
	{"F05 damaged frames", "link-errors", "link.errors"},
	{"F06 comes and goes", "link-flapping", "link.flapping"},
	{"F07 no address", "addr-no-dhcp", "addr.no_dhcp_server"},
	{"F08 self-made address", "addr-no-dhcp-apipa", "addr.no_dhcp_server"},
	{"F09 the same, offers by now", "addr-apipa-offer", "addr.apipa"},
	{"F10 DHCP refuses", "addr-dhcp-refused", "addr.dhcp_refused"},
	{"F11 rogue DHCP", "addr-dhcp-rogue", "addr.dhcp_rogue"},
	{"F12 duplicate address", "addr-duplicate", "addr.duplicate"},
	{"F13 duplicate hardware address", "addr-mac-conflict", "addr.mac_conflict"},
	{"F14 mask too wide", "addr-wide-mask", "addr.wrong_mask"},
	{"F15 mask too narrow", "addr-narrow-mask", "addr.wrong_mask"},
	{"F16 no default route", "route-no-default", "route.no_default"},
	{"F18 prohibit route", "route-denied", "route.denied"},
	{"F21 dead way preferred", "route-metric-fight", "route.metric_fight"},
	{"F22 dead VPN", "route-vpn-dead", "route.vpn_dead"},
	{"F24 router off", "gw-dead", "gw.arp_failed"},
	{"F25 router ignores echo", "healthy-icmp-filtered", ""},
	{"F28 router's line down", "wan-down", "wan.router_wan_down"},
	{"F29 silent behind the router", "wan-silent-1-mute", "wan.silent_beyond_hop"},
	{"F30 silent behind the provider", "wan-silent-2", "wan.silent_beyond_hop"},
	{"F32 port blocked upstream", "fw-upstream-443", "fw.upstream_port_block"},
	{"F33 loss at the provider", "loss-provider", "wan.loss_hop"},
	{"F33 loss on the cable", "loss-cable", "wan.loss_hop"},
	{"F34 own firewall, all", "fw-local", "fw.local_egress"},
	{"F35 own firewall, 443", "fw-local-443", "fw.local_egress"},
	{"F37 connection table full", "res-conntrack", "res.conntrack_full"},
	{"F38 router takes no new flows", "gw-table-full", "gw.no_forward"},
	{"F39 ports used up", "res-ports", "res.ports_exhausted"},
	{"F40 files used up", "res-files", "res.fd_exhausted"},
	{"F41 no room in /etc", "res-etc-full", "res.disk_full_etc"},
	{"F42 portal 302", "portal-302", "portal.captive"},
	{"F42b portal says so by itself", "portal-api", "portal.captive"},
	{"F43 portal 200", "portal-200", "portal.captive"},
	{"F44 portal 511", "portal-511", "portal.captive"},
	{"F46 TLS opened on the way", "tls-intercepted", "tls.intercepted"},
	{"F47 clock behind", "clock-behind", "clock.skew"},
	{"F49 dead proxy", "proxy-dead", "proxy.dead"},
	{"F50 PAC not there", "pac-404", "proxy.pac_unreachable"},
	{"F50 stale autodiscovery", "wpad-dhcp", "proxy.wpad_stale"},
	{"F51 no name server", "dns-none", "dns.none_configured"},
	{"F53 stub down", "dns-stub-down", "dns.stub_down"},
	{"F54 no name service there", "dns-server-closed", "dns.server_closed"},
	{"F55 silent name server", "dns-server-silent", "dns.server_silent"},
	{"F56 the first is silent", "dns-first-dead", "dns.first_server_dead"},
	{"F57 REFUSED", "dns-refused", "dns.refused"},
	{"F58 SERVFAIL", "dns-servfail", "dns.servfail"},
	{"F60 every name leads to one address", "dns-hijack-all", "dns.nxdomain_hijack"},
	{"F61 blocked on purpose", "dns-blocked", "dns.blocked"},
	{"F61 and said so", "dns-blocked-said", "dns.blocked"},
	{"F63 slow name server", "dns-slow-1500", "dns.slow"},
	{"F64 UDP dropped", "dns-udp53", "dns.udp53_blocked"},
	{"F65 TCP dropped, answers cut", "dns-tcp53", "dns.tcp53_blocked"},
	{"F67 long answers dropped", "dns-large", "dns.large_dropped"},
	{"F68 AAAA ignored", "dns-aaaa", "dns.aaaa_timeout"},
	{"F70 nsswitch", "dns-nss", "dns.nss_broken"},
	{"F71 hosts line", "dns-hosts-override", "dns.hosts_override"},
	{"F73 IPv6 leads nowhere", "v6-broken", "v6.broken"},
	{"F75 path MTU", "mtu-blackhole", "mtu.blackhole"},
	{"F76 the same, said", "mtu-narrow", ""},
	{"F77 upload", "uplink-hog", "perf.uplink_hog"},
	{"F80 closed on one name", "target-sni", "svc.target_down"},
	{"F81 too many neighbours", "res-neighbours", "res.neigh_overflow"},
	{"N1 baseline", "healthy", ""},
	{"N4 IPv4 only", "healthy-router-dns", ""},
	{"N5 IPv6 only, translated", "healthy-nat64", ""},
	{"N6 second adapter", "healthy-nic-local", ""},
	{"N9 no DNS over TCP", "healthy-no-dns-tcp", ""},
	{"N13 no rights, no ping", "healthy-no-ping", ""},
	{"F02 and F51", "double-cable-dns", "link.no_carrier"},
	{"F30 and F58", "double-wan-dns", "wan.silent_beyond_hop"},
}

// TestEveryRowHasAWorld: and the world expects what the row says.
func TestEveryRowHasAWorld(t *testing.T) {
	for _, r := range rows {
		w, found := lab.Find(r.world)
		switch {
		case r.world == "" && nowhere[r.cause] == "" && !hasWorld(r.cause):
			t.Errorf("%s: no world, and no reason why", r.row)
		case r.world == "":
		case !found:
			t.Errorf("%s: no world %q", r.row, r.world)
		case r.cause == "" && len(w.Expect) > 0, r.cause != "" && !slices.Contains(w.Expect, r.cause):
			t.Errorf("%s: world %s expects %q, want %q", r.row, r.world, w.Expect, r.cause)
		}
	}
}

func hasWorld(id string) bool {
	return slices.ContainsFunc(lab.Worlds(), func(w lab.World) bool { return slices.Contains(w.Expect, id) })
}

// TestEnoughWorlds: what was promised of the unusual and of the double.
func TestEnoughWorlds(t *testing.T) {
	healthy, double, healed := 0, 0, 0
	for _, w := range lab.Worlds() {
		switch {
		case len(w.Expect) == 0:
			healthy++
		case strings.HasPrefix(w.Name, "double-"):
			double++
		}
		if (w.Heal == nil) != (w.Then == nil) {
			t.Errorf("%s: healed, and nothing said of then, or the other way round", w.Name)
		}
		if w.Heal != nil {
			healed++
		}
	}
	if healthy < 15 || double < 10 || healed < 10 {
		t.Errorf("%d healthy worlds, %d double faults, %d of them healed; want 15, 10, 10", healthy, double, healed)
	}
}

// named are the causes of the families of the network that this program
// promises to name (CONTRACT.md, causes.md section 1.1).
var named = strings.Fields(`
	link.no_iface link.admin_down link.no_carrier link.rfkill_soft link.rfkill_hard link.flapping link.speed_low link.half_duplex link.errors link.wifi_weak link.auth_8021x
	addr.none addr.apipa addr.no_dhcp_server addr.dhcp_refused addr.dhcp_rogue addr.duplicate addr.mac_conflict addr.wrong_mask addr.static_foreign
	route.no_default route.denied route.blackhole route.unreachable route.gw_wrong route.metric_fight route.rule_leftover route.vpn_dead
	gw.arp_failed gw.icmp_filtered gw.duplicate gw.no_forward gw.no_nat
	wan.router_wan_down wan.silent_beyond_hop wan.loss_hop fw.upstream_port_block fw.local_egress svc.target_down
	portal.captive proxy.transparent tls.intercepted clock.skew proxy.dead proxy.pac_unreachable proxy.wpad_stale
	dns.none_configured dns.resolvconf_dangling dns.stub_down dns.server_closed dns.server_silent dns.first_server_dead dns.refused dns.servfail
	dns.dnssec_bogus dns.nxdomain_hijack dns.answer_forged dns.injected dns.blocked dns.slow dns.udp53_blocked dns.tcp53_blocked dns.edns_dropped
	dns.large_dropped dns.aaaa_timeout dns.search_stall dns.nss_broken dns.hosts_override dns.dot_blocked dns.doh_blocked dns.vpn_leftover
	v6.broken v6.ra_rogue mtu.blackhole mtu.local_mismatch perf.uplink_hog perf.bufferbloat perf.uplink_saturated_other
	res.conntrack_full res.ports_exhausted res.fd_exhausted res.neigh_overflow res.disk_full_etc`)

// TestPromisedCausesAreNamed: the catalogue of rules has them all. One id of
// causes.md is another name for one of these: route.vpn_dns_leftover is
// dns.vpn_leftover.
func TestPromisedCausesAreNamed(t *testing.T) {
	known := cause.IDs()
	for _, id := range named {
		if !slices.Contains(known, id) {
			t.Errorf("no rule for %s", id)
		}
	}
}
