package lab

import (
	"net/http"
	"time"

	"github.com/miekg/dns"
)

// doubles have two faults at once. One that hides the other is named alone,
// and the other once the first is healed; independent ones are both named.
func doubles() []World {
	const astray = "10.66.66.66 www.example.com\n"
	pass := func(n *Net) { n.ISP.Pass(Forward) }
	failing := func(n *Net) { n.Resolver(Quad9).Answers(Refusing(dns.RcodeServerFailure)) }
	misled := func(n *Net) { n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+astray) }
	return []World{
		{Name: "double-cable-dns", Story: "The cable is out, and no name server is set.", Expect: []string{"link.no_carrier"}, Build: func(n *Net) {
			n.LAN.Down("p_pc")
			n.nameservers()
		}, Heal: func(n *Net) { n.LAN.Up("p_pc") }, Then: []string{"dns.none_configured"}},
		{Name: "double-wan-dns", Story: "Nothing answers behind the provider, and the router's name service fails.", Expect: []string{"wan.silent_beyond_hop"}, Build: func(n *Net) {
			n.ISP.Drop(Forward)
			n.nameservers(Router)
			n.Resolver(Router).Answers(Refusing(dns.RcodeServerFailure))
		}, Heal: pass, Then: []string{"dns.servfail"}},
		{Name: "double-dns-disk", Story: "The name server does not answer, and a disk is full.", Expect: []string{"dns.server_silent", "disk.full"}, Build: func(n *Net) {
			n.ISP.Drop(Forward, To(Quad9))
			n.fullDisk()
		}, Heal: pass, Then: []string{"disk.full"}},
		{Name: "double-mask-dns", Story: "The mask is too wide, and the name server does not answer.", Expect: []string{"addr.wrong_mask"}, Build: func(n *Net) {
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.PC.Address("eth0", PCAddress+"/1")
			n.PC.Default(Router, "eth0", 0)
			n.ISP.Drop(Forward, To(Quad9), UDP(53))
		}, Heal: func(n *Net) {
			n.PC.NoAddress("eth0", PCAddress+"/1")
			n.PC.Address("eth0", PCAddress+"/24")
			n.PC.Default(Router, "eth0", 0)
		}, Then: []string{"dns.udp53_blocked"}},
		{Name: "double-vpn-dns", Story: "A VPN is dead, and the name server fails.", Expect: []string{"route.vpn_dead"}, Build: func(n *Net) {
			n.swallow(n.PC, "tun0")
			n.PC.Address("tun0", "10.8.0.2/24")
			n.PC.Direct("0.0.0.0/1", "tun0")
			n.PC.Direct("128.0.0.0/1", "tun0")
			failing(n)
		}, Heal: func(n *Net) { n.PC.Down("tun0") }, Then: []string{"dns.servfail"}},
		{Name: "double-fight-servfail", Story: "The wrong adapter is preferred, and the name server fails.", Expect: []string{"route.metric_fight"}, Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "10.9.9.2/24")
			n.PC.Default("10.9.9.1", "eth1", 100)
			n.PC.NoDefault(Router)
			n.PC.Default(Router, "eth0", 600)
			failing(n)
		}, Heal: func(n *Net) { n.PC.Down("eth1") }, Then: []string{"dns.servfail"}},
		{Name: "double-duplicate-dns", Story: "Another device has the PC's address, and no name server is set.", Expect: []string{"dns.none_configured"}, Build: func(n *Net) {
			n.stranger("dup", PCAddress+"/24")
			n.nameservers()
		}, Heal: func(n *Net) { n.nameservers(Quad9) }, Then: []string{"addr.duplicate"}},
		{Name: "double-down-disk", Story: "The adapter is off, and a disk is full.", Expect: []string{"link.admin_down", "disk.full"}, Build: func(n *Net) {
			n.PC.Down("eth0")
			n.fullDisk()
		}, Heal: func(n *Net) {
			n.PC.Up("eth0")
			n.PC.Default(Router, "", 0)
		}, Then: []string{"disk.full"}},
		{Name: "double-route-hosts", Story: "The default route is missing, and the hosts file misleads.", Expect: []string{"route.no_default"}, Build: func(n *Net) {
			n.PC.NoDefault(Router)
			misled(n)
		}, Heal: func(n *Net) { n.PC.Default(Router, "", 0) }, Then: []string{"dns.hosts_override"}},
		{Name: "double-gw-wan", Story: "The router is off, and so is the line behind it.", Expect: []string{"gw.arp_failed"}, Build: func(n *Net) {
			n.GW.Down("wan0")
			n.GW.Down("lan0")
		}},
		{Name: "double-wan-proxy", Story: "The line is dead, and a proxy is set that nobody runs.", Expect: []string{"wan.silent_beyond_hop"}, Build: func(n *Net) {
			n.ISP.Drop(Forward)
			n.Env = proxies("http://" + Router + ":3128")
		}, Heal: pass, Then: []string{"proxy.dead"}},
		{Name: "double-portal-hosts", Story: "A hotel wants a sign-in, and the hosts file misleads.", Expect: []string{"portal.captive"}, Build: func(n *Net) {
			n.ServeHTTP(n.GW, Router+":8080", http.RedirectHandler("http://login.lan/welcome", http.StatusFound))
			n.GW.Redirect(80, 8080, In("lan0"))
			n.GW.Drop(Forward, TCP(443))
			misled(n)
		}, Heal: func(n *Net) {
			n.GW.Pass(dstNAT)
			n.GW.Pass(Forward)
		}, Then: []string{"dns.hosts_override"}},
		{Name: "double-clock-v6", Story: "The PC's clock is three days behind, and IPv6 leads nowhere.", Expect: []string{"clock.skew", "v6.broken"}, Site: Site{IPv6: true}, Build: func(n *Net) {
			n.Web.SetAhead(72 * time.Hour)
			n.ISP.Drop(Forward, IPv6)
		}, Heal: func(n *Net) { n.Web.SetAhead(0) }, Then: []string{"v6.broken"}},
	}
}
