package lab

import (
	"net/http"
	"time"

	"golang.org/x/sys/unix"
)

// linkFaults are on the PC, its cable and its router.
func linkFaults() []World {
	return []World{
		{Name: "link-none", Story: "The PC has no network adapter.", Expect: []string{"link.no_iface"}, Site: Site{Empty: true}},
		{Name: "link-admin-down", Story: "The adapter is switched off.", Expect: []string{"link.admin_down"}, Fix: "link-up",
			Build: func(n *Net) { n.PC.Down("eth0") }},
		{Name: "link-no-carrier", Story: "The cable is out.", Expect: []string{"link.no_carrier"},
			Build: func(n *Net) { n.LAN.Down("p_pc") }},
		{Name: "addr-none", Story: "The PC has no address.", Expect: []string{"addr.none"},
			Build: func(n *Net) { n.PC.NoAddress("eth0", PCAddress+"/24") }},
		{Name: "addr-apipa", Story: "No one gave the PC an address, so it made one up.", Expect: []string{"addr.apipa"}, Build: func(n *Net) {
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.PC.Address("eth0", "169.254.7.7/16")
		}},
		{Name: "route-no-default", Story: "The way to the router is missing.", Expect: []string{"route.no_default"}, Fix: "route-restore-default",
			Build: func(n *Net) {
				n.PC.Remembers(Router, "eth0", n.GW, "lan0") // they spoke until a moment ago
				n.PC.NoDefault(Router)
			}},
		{Name: "route-metric-fight", Story: "A second adapter that leads nowhere is preferred.", Expect: []string{"route.metric_fight"}, Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "10.9.9.2/24")
			n.PC.NoDefault(Router)
			n.PC.Default("10.9.9.1", "eth1", 100)
			n.PC.Default(Router, "eth0", 600)
		}},
		{Name: "route-denied", Story: "A rule on the PC forbids the way out.", Expect: []string{"route.denied"}, Build: noWay(unix.RTN_PROHIBIT)},
		{Name: "route-blackhole", Story: "A route on the PC swallows everything.", Expect: []string{"route.blackhole"}, Build: noWay(unix.RTN_BLACKHOLE)},
		{Name: "route-unreachable", Story: "A route on the PC says that nothing can be reached.", Expect: []string{"route.unreachable"}, Build: noWay(unix.RTN_UNREACHABLE)},
		{Name: "gw-dead", Story: "The router is off.", Expect: []string{"gw.arp_failed"}, Build: func(n *Net) { n.GW.Down("lan0") }},
		{Name: "gw-dead-no-root", Story: "The router is off, and the program has no rights.", Expect: []string{"gw.arp_failed"}, User: "nobody",
			Build: func(n *Net) { n.GW.Down("lan0") }},
		{Name: "fw-local", Story: "A firewall on the PC stops everything.", Expect: []string{"fw.local_egress"},
			Build: func(n *Net) { n.PC.Drop(Output, NotOut("lo")) }},
		{Name: "fw-local-443", Story: "A firewall on the PC stops secure web pages.", Expect: []string{"fw.local_egress"},
			Build: func(n *Net) { n.PC.Drop(Output, NotOut("lo"), TCP(443)) }},
		{Name: "fw-local-443-no-root", Story: "The same, and the program has no rights.", Expect: []string{"fw.local_egress"}, User: "nobody",
			Build: func(n *Net) { n.PC.Drop(Output, NotOut("lo"), TCP(443)) }},
	}
}

// noWay replaces the default route by one that leads nowhere: ip-route(8), TYPE.
func noWay(kind int) func(*Net) {
	return func(n *Net) {
		n.PC.NoDefault(Router)
		r := n.PC.route("", "", 0)
		r.Type = kind
		must(n.PC.nl.RouteAdd(r), "pc: route of type %d", kind)
	}
}

// wanFaults are between the router and the world.
func wanFaults() []World {
	modem := func(n *Net) { n.GW.Down("wan0") }
	line := func(n *Net) { n.ISP.Drop(Prerouting, In("cust0")) }
	provider := func(n *Net) { n.ISP.Drop(Forward) }
	home := func(fault func(*Net)) func(*Net) {
		return func(n *Net) {
			n.nameservers(Router)
			fault(n)
		}
	}
	return []World{
		{Name: "wan-down", Story: "The router says that its own line is down.", Expect: []string{"wan.router_wan_down"}, Build: modem},
		{Name: "wan-down-router-dns", Story: "The same at home, where the router answers names.", Expect: []string{"wan.router_wan_down"}, Build: home(modem)},
		{Name: "wan-down-no-ping", Story: "The same without any rights.", Expect: []string{"wan.router_wan_down"}, User: "nobody", Site: Site{NoPing: true}, Build: modem},
		{Name: "wan-down-v6", Story: "The same, with IPv6 as dead as IPv4.", Expect: []string{"wan.router_wan_down"}, Site: Site{IPv6: true}, Build: modem},
		{Name: "wan-down-busy", Story: "The same while other programs go on trying: few of the router's words are for this one.", Expect: []string{"wan.router_wan_down"},
			Plain: []string{"wan.silent_beyond_hop"}, Build: func(n *Net) {
				modem(n)
				n.camera(n.PC, 240_000) // 25 packets a second
			}},
		{Name: "wan-silent-1", Story: "Nothing answers behind the router.", Expect: []string{"wan.silent_beyond_hop"}, Build: line},
		{Name: "wan-silent-1-router-dns", Story: "The same at home, where the router answers names.", Expect: []string{"wan.silent_beyond_hop"}, Build: home(line)},
		{Name: "wan-silent-1-mute", Story: "The router passes nothing on, and its name service hangs: a dead line looks the same.", Expect: []string{"wan.silent_beyond_hop"}, Build: home(func(n *Net) {
			n.GW.Drop(Forward)
			n.Resolver(Router).Answers(Mute)
		})},
		{Name: "gw-table-full", Story: "The router's table is full: old connections live, new ones do not get through.", Expect: []string{"gw.no_forward", "gw.no_nat"}, Build: home(func(n *Net) {
			n.GW.Drop(Forward, NewFlow)
		})},
		{Name: "gw-forbids", Story: "The router says that its rules let nobody out; its own line is fine.", Expect: []string{"gw.no_forward"}, Build: home(func(n *Net) { n.GW.Forbid(Forward) })},
		{Name: "gw-forbids-no-root", Story: "The same without rights, and the name server is not the router's.", Expect: []string{"gw.no_forward"}, User: "nobody", Build: func(n *Net) { n.GW.Forbid(Forward) }},
		{Name: "wan-silent-2", Story: "Nothing answers behind the provider's first router.", Expect: []string{"wan.silent_beyond_hop"}, Build: provider},
		{Name: "wan-silent-2-v6", Story: "The same, with IPv6 as dead as IPv4.", Expect: []string{"wan.silent_beyond_hop"}, Site: Site{IPv6: true}, Build: provider},
		{Name: "wan-silent-2-no-root", Story: "The same without rights.", Expect: []string{"wan.silent_beyond_hop"}, User: "nobody", Build: provider},
		{Name: "fw-upstream-443", Story: "Someone on the way stops secure web pages.", Expect: []string{"fw.upstream_port_block"},
			Build: func(n *Net) { n.ISP.Drop(Forward, TCP(443)) }},
		{Name: "v6-broken", Story: "The PC has IPv6 addresses, and IPv6 leads nowhere.", Expect: []string{"v6.broken"}, Site: Site{IPv6: true},
			Build: func(n *Net) { n.ISP.Drop(Forward, IPv6) }},
	}
}

// webFaults let packets through and change what is said.
func webFaults() []World {
	login := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html><body>Welcome! Please sign in to use the network.</body></html>"))
	})
	redirect := http.RedirectHandler("http://login.lan/welcome", http.StatusFound)
	authenticate := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNetworkAuthenticationRequired) // RFC 6585
		login(w, r)
	})
	portal := func(h http.Handler) func(*Net) {
		return func(n *Net) {
			n.ServeHTTP(n.GW, Router+":8080", h)
			n.GW.Redirect(80, 8080, In("lan0"))
		}
	}
	captive := []string{"portal.captive"}
	return []World{
		{Name: "portal-302", Story: "A hotel network sends every page to its own.", Expect: captive, Build: portal(redirect)},
		{Name: "portal-200", Story: "A hotel network answers every page with its own.", Expect: captive, Build: portal(login)},
		{Name: "portal-511", Story: "A network that says by the book: sign in first.", Expect: captive, Build: portal(authenticate)},
		{Name: "portal-walled", Story: "A hotel network that stops everything else until sign-in.", Expect: captive, Build: func(n *Net) {
			portal(redirect)(n)
			n.nameservers(Router)
			n.GW.Drop(Forward)
		}},
		{Name: "tls-intercepted", Story: "Someone on the way opens secure connections.", Expect: []string{"tls.intercepted"}, Build: func(n *Net) {
			n.ServeTLS(n.GW, Router+":8443", NewAuthority("SecureGate Inspection CA"), n.Web)
			n.GW.Redirect(443, 8443, In("lan0"))
		}},
		{Name: "clock-behind", Story: "The PC's clock is three days behind.", Expect: []string{"clock.skew"},
			Build: func(n *Net) { n.Web.SetAhead(72 * time.Hour) }},
		{Name: "clock-ahead", Story: "The PC's clock is forty days ahead.", Expect: []string{"clock.skew"},
			Build: func(n *Net) { n.Web.SetAhead(-40 * 24 * time.Hour) }},
		{Name: "proxy-dead", Story: "A proxy is set that no one runs any more.", Expect: []string{"proxy.dead"},
			Build: func(n *Net) { n.Env = proxies("http://" + Nobody + ":3128") }},
		{Name: "proxy-refused", Story: "A proxy is set in /etc/environment, and its port is closed.", Expect: []string{"proxy.dead"}, Build: func(n *Net) {
			n.PC.File("/etc/environment", "http_proxy=http://"+Router+":3128\nhttps_proxy=http://"+Router+":3128\n")
		}},
	}
}
