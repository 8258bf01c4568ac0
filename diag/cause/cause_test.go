package cause

import (
	"fmt"
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/local"
	"deskside/diag/text"
	"deskside/diag/wifi"
)

func ids(list []diag.Cause) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, c.ID)
	}
	return out
}

func clockFinding(s diag.Status) []diag.CheckResult {
	return []diag.CheckResult{{ID: "connectivity", Judgement: diag.Judgement{Findings: []diag.Finding{{Code: "connectivity.clock", Status: s}}}}}
}

// TestCauses breaks one thing at a time and wants exactly that cause, and
// nothing beside it that is only a symptom.
func TestCauses(t *testing.T) {
	tests := []struct {
		name   string
		break_ func(*pc)
		check  []diag.CheckResult
		want   []string
		notes  []string
	}{
		{name: "healthy", break_: func(*pc) {}},
		{name: "router ignores echo", break_: func(p *pc) { p.gw.Routers[0].Echo.Received = 0 }, notes: []string{"gw.icmp_filtered"}},
		{name: "one anchor of two is down", break_: func(p *pc) { p.net.Anchors[0].Outcome = internet.Timeout }},
		{name: "second NIC is off", break_: func(p *pc) {
			p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "eth1", Plain: true})
		}},
		{name: "second NIC is unplugged", break_: func(p *pc) {
			p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "eth1", Plain: true, Up: true})
		}},
		{name: "control resolvers are blocked", break_: func(p *pc) { p.dns.Servers[1].Queries = []dns.Query{fate(dns.Silent)} }},
		{name: "only the proxy leads out", break_: func(p *pc) {
			p.silentBeyond(1)
			p.net.Proxies = []internet.Proxy{{Variable: "http_proxy", URL: "http://192.168.1.9:3128/", Outcome: internet.Connected}}
			p.net.Web = append(p.net.Web, internet.Web{URL: urlA, Proxy: "http://192.168.1.9:3128/", Outcome: internet.Connected, Match: diag.Yes})
			p.dns.Servers[0].Queries = []dns.Query{answered4("NOERROR")}
			p.dns.Lookups[0].Outcome = "found"
		}},
		{name: "nothing looked at yet", break_: func(p *pc) { *p = pc{} }},
		{name: "tables not readable", break_: func(p *pc) { *p = pc{link: link.Facts{Readable: diag.No, Why: "permission"}} }},

		{name: "no interface", break_: func(p *pc) { *p = pc{link: link.Facts{Readable: diag.Yes, Links: p.link.Links[:1]}} }, want: []string{"link.no_iface"}},
		{name: "switched off", break_: func(p *pc) {
			p.link.Links[1].Up, p.link.Links[1].Carrier = false, false
			p.unreachable("ENETUNREACH")
		}, want: []string{"link.admin_down"}},
		{name: "switched off, another NIC unplugged", break_: func(p *pc) {
			p.link.Links[1].Up, p.link.Links[1].Carrier = false, false
			p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "eth1", Plain: true, Up: true})
			p.unreachable("ENETUNREACH")
		}, want: []string{"link.admin_down"}},
		{name: "unplugged", break_: func(p *pc) { p.link.Links[1].Carrier = false; p.silentBeyond(0) }, want: []string{"link.no_carrier"}},
		{name: "unplugged, another NIC off and unused", break_: func(p *pc) {
			p.link.Links[1].Carrier = false
			p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "eth1", Plain: true})
			p.silentBeyond(0)
		}, want: []string{"link.no_carrier"}},
		{name: "unplugged and no name server set", break_: func(p *pc) {
			p.link.Links[1].Carrier = false
			p.silentBeyond(0)
			p.dns.Conf.Servers, p.dns.Servers, p.dns.Lookups = nil, nil, nil
		}, want: []string{"link.no_carrier"}},

		{name: "no address", break_: func(p *pc) {
			p.link.Addresses, p.link.Routes = nil, nil
			p.unreachable("ENETUNREACH")
		}, want: []string{"addr.none"}},
		{name: "self-assigned address", break_: func(p *pc) {
			p.link.Addresses[0].Scope, p.link.Routes = link.LinkLocal, nil
			p.unreachable("ENETUNREACH")
		}, want: []string{"addr.apipa"}},

		{name: "no default route", break_: func(p *pc) { p.link.Routes = nil; p.unreachable("ENETUNREACH") }, want: []string{"route.no_default"}},
		{name: "prohibit route", break_: func(p *pc) { p.unreachable("EACCES") }, want: []string{"route.denied"}},
		{name: "blackhole route", break_: func(p *pc) { p.unreachable("EINVAL") }, want: []string{"route.blackhole"}},
		{name: "two defaults, the dead one preferred", break_: func(p *pc) {
			p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "eth1", Plain: true, Up: true, Carrier: true})
			p.link.Addresses = append(p.link.Addresses, link.Address{Index: 3, IP: "10.9.9.2", Bits: 24, Family: 4, Scope: link.Private})
			p.link.Routes = append([]link.Route{{Family: 4, Default: true, Gateway: "10.9.9.1", Index: 3, Metric: 50, Type: "unicast"}}, p.link.Routes...)
			p.silentBeyond(0)
			p.gw.Routers = append([]gateway.Router{{Address: "10.9.9.1", Family: 4, Index: 3, Answers: diag.No}}, p.gw.Routers...)
			p.net.Bound = []internet.Connect{{Address: anchorA, Index: 2, Family: 4, Outcome: internet.Connected}, {Address: anchorA, Index: 3, Family: 4, Outcome: internet.Timeout}}
		}, want: []string{"route.metric_fight"}},

		{name: "router does not answer", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Routers[0].Answers, p.gw.Routers[0].Echo = diag.No, gateway.Echo{Sent: 5}
		}, want: []string{"gw.arp_failed"}},
		{name: "nothing comes back, and nobody may ask on the wire", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
			p.gw.Routers[0].Answers, p.gw.Routers[0].Echo = diag.Maybe, gateway.Echo{Skipped: "permission"}
		}, want: []string{"gw.arp_failed"}},
		{name: "router says no route", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 2, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
			for i := range p.net.Anchors {
				p.net.Anchors[i].Outcome = internet.NoNetwork
			}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says once that it has no route, nothing else was tried", break_: func(p *pc) {
			p.net.Asked, p.net.Anchors, p.net.Web, p.net.TLS = internet.Asked{Known: true, Anchors4: 2, Web: 2, TLS: 1}, nil, nil, nil
			p.dns.Servers, p.dns.Lookups, p.run.Probes = nil, nil, nil
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says no route for IPv4, IPv6 is still being tried", break_: func(p *pc) {
			p.net.Asked, p.net.Anchors, p.net.Web, p.net.TLS = internet.Asked{Known: true, Anchors4: 2, Anchors6: 2, Web: 2, TLS: 1}, nil, nil, nil
			p.dns.Servers, p.dns.Lookups, p.run.Probes = nil, nil, nil
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
		}},
		{name: "router says no route for IPv4, IPv6 works", break_: func(p *pc) {
			p.net.Asked = internet.Asked{Known: true, Anchors4: 2, Anchors6: 2}
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
			for i := range p.net.Anchors {
				p.net.Anchors[i].Family = 6
			}
		}},
		{name: "router says no route for either family", break_: func(p *pc) {
			p.net.Asked, p.net.Anchors, p.net.Web, p.net.TLS = internet.Asked{Known: true, Anchors4: 2, Anchors6: 2, Web: 2, TLS: 1}, nil, nil, nil
			p.dns.Servers, p.dns.Lookups, p.run.Probes = nil, nil, nil
			p.gw.Hops = []gateway.Hop{
				{TTL: 1, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3},
				{TTL: 1, Family: 6, Outcome: gateway.Unreachable, From: "2001:db8:1::1", Router: true, Type: 1},
			}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says no route for IPv4, IPv6 is silent to its end", break_: func(p *pc) {
			p.silentBeyond(0)
			p.net.Asked = internet.Asked{Known: true, Anchors4: 1, Anchors6: 1}
			p.net.Anchors[0].Outcome, p.net.Anchors[1].Family = internet.NoNetwork, 6
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says no route to a name server only, its other words were rationed", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
			p.dns.Servers[0].Queries[0].ToldBy = router
		}, want: []string{"wan.router_wan_down"}},
		{name: "router tells other programs that it has no route, and has no word left for us", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
			p.gw.Overheard = []gateway.Overheard{{From: router, Family: 4}}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says that it is forbidden, and finds names", break_: func(p *pc) {
			p.silentBeyond(1)
			p.gw.Hops = append(p.gw.Hops, gateway.Hop{TTL: 2, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3, Code: 13})
			for i := range p.net.Anchors {
				p.net.Anchors[i].Outcome, p.net.Anchors[i].Errno = internet.NoNetwork, "EHOSTUNREACH"
			}
			found := answered4("NXDOMAIN")
			found.Kind = dns.KindRandom
			p.dns.Servers[0] = server(dns.Configured, router, link.Private, found)
		}, want: []string{"gw.no_forward"}},
		{name: "router says that it is forbidden, and is no name server", break_: func(p *pc) {
			p.silentBeyond(1)
			p.gw.Hops = append(p.gw.Hops, gateway.Hop{TTL: 2, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3, Code: 13})
		}, want: []string{"gw.no_forward"}},
		{name: "another router of this PC has no route", break_: func(p *pc) {
			p.silentBeyond(1)
			p.gw.Overheard = []gateway.Overheard{{From: "192.168.7.1", Family: 4}}
		}, want: []string{"wan.silent_beyond_hop"}},
		{name: "the provider's first hop lives, whatever the router told another program", break_: func(p *pc) {
			p.silentBeyond(2)
			p.gw.Overheard = []gateway.Overheard{{From: router, Family: 4}}
		}, want: []string{"wan.silent_beyond_hop"}},
		{name: "router told a program once, all works", break_: func(p *pc) { p.gw.Overheard = []gateway.Overheard{{From: router, Family: 4}} }},
		{name: "somebody behind the router knows no way to a name server", break_: func(p *pc) {
			p.silentBeyond(2)
			p.dns.Servers[0].Queries[0].ToldBy = "100.64.0.1"
		}, want: []string{"wan.silent_beyond_hop"}},
		{name: "router knows no way to a name server, all else works", break_: func(p *pc) {
			p.dns.Servers[1].Queries = []dns.Query{fate(dns.Silent)}
			p.dns.Servers[1].Queries[0].ToldBy = router
		}},
		{name: "router says no route, its word for the hop probes was rationed", break_: func(p *pc) {
			p.silentBeyond(0)
			for i := range p.net.Anchors {
				p.net.Anchors[i].Outcome, p.net.Anchors[i].Errno = internet.NoNetwork, "ENETUNREACH"
			}
		}, want: []string{"wan.router_wan_down"}},
		{name: "router says no route to one connect only, nothing may be asked on the wire", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}}
			p.gw.Routers[0].Answers = diag.Maybe
			p.net.Anchors[0].Outcome, p.net.Anchors[0].Errno = internet.NoNetwork, "ENETUNREACH"
		}, want: []string{"wan.router_wan_down"}},
		{name: "silent beyond the router", break_: func(p *pc) { p.silentBeyond(1) }, want: []string{"wan.silent_beyond_hop"}},
		{name: "silent beyond the provider's first hop", break_: func(p *pc) { p.silentBeyond(2) }, want: []string{"wan.silent_beyond_hop"}},
		{name: "provider silent, and the router's name service fails", break_: func(p *pc) {
			p.silentBeyond(2)
			p.dns.Servers[0] = server(dns.Configured, router, link.Private, answered4("SERVFAIL"))
		}, want: []string{"wan.silent_beyond_hop"}},
		{name: "port 443 blocked upstream", break_: func(p *pc) {
			p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome, p.net.TLS = internet.Timeout, internet.Timeout, nil
		}, want: []string{"fw.upstream_port_block"}},
		{name: "only the anchors are shut: a site answers on their port", break_: func(p *pc) {
			p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome, p.net.TLS[0].Dialed = internet.Timeout, internet.Timeout, true
		}},
		{name: "own firewall drops everything", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Denied, Errno: "EPERM"}}
			p.dns.Servers[0].Queries = []dns.Query{fate(dns.Denied)}
			p.dns.Servers[1].Queries = []dns.Query{fate(dns.Denied)}
		}, want: []string{"fw.local_egress"}},
		{name: "own firewall drops port 443 in silence", break_: func(p *pc) {
			p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome, p.net.TLS = internet.Timeout, internet.Timeout, nil
			p.net.Retrans.Delta = 2
		}, want: []string{"fw.local_egress"}},
		{name: "connection table full", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Denied, Errno: "EPERM"}}
			p.net.Tracked = internet.Tracked{Known: true, Count: 1000, Max: 1000}
		}, want: []string{"res.conntrack_full"}},

		{name: "portal redirects", break_: func(p *pc) {
			for i := range p.net.Web {
				p.net.Web[i].Match, p.net.Web[i].Status, p.net.Web[i].Redirect, p.net.Web[i].Foreign = diag.No, 302, "http://login.hotel/", true
			}
			p.net.TLS[0].Now, p.net.TLS[0].Then = internet.UnknownCA, ""
		}, want: []string{"portal.captive"}},
		{name: "the only endpoint has another page today", break_: func(p *pc) {
			p.net.Web = p.net.Web[:1]
			p.net.Web[0].Match = diag.No
		}},
		{name: "the only endpoint leads to a login", break_: func(p *pc) {
			p.net.Web = p.net.Web[:1]
			p.net.Web[0].Match, p.net.Web[0].Status, p.net.Web[0].Redirect, p.net.Web[0].Foreign = diag.No, 302, "http://login.hotel/", true
		}, want: []string{"portal.captive"}},
		{name: "one endpoint is broken, the other fine", break_: func(p *pc) { p.net.Web[0].Match, p.net.Web[0].Status = diag.No, 500 }},
		{name: "clock off, certificates good at the server's time", break_: func(p *pc) {
			p.net.Web[0].SkewS, p.net.Web[1].SkewS = 259200, 259200
			p.net.TLS[0].Now = internet.NotYetValid
		}, check: clockFinding(diag.Fail), want: []string{"clock.skew"}},
		{name: "certificates by an unknown authority", break_: func(p *pc) { p.net.TLS[0].Now, p.net.TLS[0].Then = internet.UnknownCA, internet.UnknownCA }, want: []string{"tls.intercepted"}},
		{name: "proxy refuses", break_: func(p *pc) {
			p.net.Proxies = []internet.Proxy{{Variable: "https_proxy", URL: "http://192.168.1.9:3128/", Outcome: internet.Refused}}
		}, want: []string{"proxy.dead"}},
		{name: "IPv6 leads nowhere", break_: func(p *pc) {
			p.net.Anchors = append(p.net.Anchors, internet.Connect{Address: "2620:fe::fe", Family: 6, Outcome: internet.Timeout}, internet.Connect{Address: "2606::1", Family: 6, Outcome: internet.Timeout})
		}, want: []string{"v6.broken"}},

		{name: "resolv.conf dangles", break_: func(p *pc) {
			p.dns.Conf = dns.Conf{Exists: diag.No, Dangling: true, Link: "../run/x"}
			p.dns.Servers, p.dns.Lookups = p.dns.Servers[1:], nil
			p.namesDead()
		}, want: []string{"dns.resolvconf_dangling"}},
		{name: "no server named", break_: func(p *pc) {
			p.dns.Conf.Servers, p.dns.Servers, p.dns.Lookups = nil, p.dns.Servers[1:], nil
			p.namesDead()
		}, want: []string{"dns.none_configured"}},
		{name: "stub stopped", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
			p.resolverIs(fate(dns.Closed))
		}, want: []string{"dns.stub_down"}},
		{name: "stub runs, the server behind it is silent", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
			p.dns.Stub = &dns.Stub{Running: diag.Yes, Upstreams: []string{"192.168.1.66"}}
			p.dns.Servers = append(p.dns.Servers, server(dns.Upstream, "192.168.1.66", link.Private, fate(dns.Silent)))
			p.resolverIs(fate(dns.Silent))
		}, want: []string{"dns.server_silent"}},
		{name: "stub runs, the server behind it fails", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
			p.dns.Stub = &dns.Stub{Running: diag.Yes, Upstreams: []string{"192.168.1.66"}}
			p.dns.Servers = append(p.dns.Servers, server(dns.Upstream, "192.168.1.66", link.Private, answered4("SERVFAIL")))
			p.resolverIs(answered4("SERVFAIL"))
		}, want: []string{"dns.servfail"}},
		{name: "stub runs, the first server behind it is silent", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
			p.dns.Stub = &dns.Stub{Running: diag.Yes, Upstreams: []string{"192.168.1.66", "192.168.1.1"}}
			p.dns.Servers = append(p.dns.Servers, server(dns.Upstream, "192.168.1.66", link.Private, fate(dns.Silent)), server(dns.Upstream, "192.168.1.1", link.Private, answered4("NOERROR")))
		}},
		{name: "stub is stopped and its port swallows questions", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
			p.dns.Stub = &dns.Stub{Running: diag.No}
			p.resolverIs(fate(dns.Silent))
		}, want: []string{"dns.stub_down"}},
		{name: "a local forwarder is silent, nobody knows what is behind it", break_: func(p *pc) {
			p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.1", link.Loopback
			p.resolverIs(fate(dns.Silent))
		}, want: []string{"dns.server_silent"}},
		{name: "port closed", break_: func(p *pc) { p.resolverIs(fate(dns.Closed)) }, want: []string{"dns.server_closed"}},
		{name: "silent", break_: func(p *pc) { p.resolverIs(fate(dns.Silent)) }, want: []string{"dns.server_silent"}},
		{name: "first of two silent", break_: func(p *pc) {
			p.dns.Servers[0].Queries = []dns.Query{fate(dns.Silent)}
			p.dns.Servers = append(p.dns.Servers, server(dns.Configured, "1.0.0.1", link.Public, answered4("NOERROR")))
		}, want: []string{"dns.first_server_dead"}},
		{name: "second of two silent", break_: func(p *pc) {
			p.dns.Servers = append(p.dns.Servers, server(dns.Configured, "1.0.0.1", link.Public, fate(dns.Silent)))
		}, notes: []string{"dns.spare_dead"}},
		{name: "the only server is silent, and every connect took more than a second", break_: func(p *pc) {
			p.resolverIs(fate(dns.Silent))
			p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 1210, 1230
		}},
		{name: "the only server knows no such questions", break_: func(p *pc) { p.resolverIs(answered4("NOTIMP")) }, want: []string{"dns.servfail"}},
		{name: "the only server's answers fit no question", break_: func(p *pc) { p.resolverIs(fate(dns.Malformed)) }, want: []string{"dns.servfail"}},
		{name: "SERVFAIL", break_: func(p *pc) { p.resolverIs(answered4("SERVFAIL")) }, want: []string{"dns.servfail"}},
		{name: "REFUSED", break_: func(p *pc) { p.resolverIs(answered4("REFUSED")) }, want: []string{"dns.refused"}},
		{name: "invents names", break_: func(p *pc) {
			p.dns.Servers[0].Queries = append(p.dns.Servers[0].Queries, dns.Query{Proto: "udp", Kind: "random", Name: "qwertz.com", Type: "A", Outcome: dns.Answered, Rcode: "NOERROR", IPs: []string{"198.51.100.2"}, Scopes: []link.Scope{link.Public}})
		}, want: []string{"dns.nxdomain_hijack"}},
		{name: "a tunnel hands out stand-in addresses", break_: func(p *pc) {
			p.dns.Servers[0].Queries = append(p.dns.Servers[0].Queries, dns.Query{Proto: "udp", Kind: "random", Name: "qwertz.com", Type: "A", Outcome: dns.Answered, Rcode: "NOERROR", IPs: []string{"198.18.0.7"}, Scopes: []link.Scope{link.StandIn}})
		}},
		{name: "hosts file says otherwise", break_: func(p *pc) {
			p.dns.Hosts.Entries = []dns.HostsEntry{{Line: 3, Name: "www.example", IP: "10.66.66.66", Scope: link.Private, Agrees: diag.No}}
		}, want: []string{"dns.hosts_override"}},
		{name: "radio off, nothing else there", break_: func(p *pc) {
			p.link.Links[1] = link.Link{Index: 2, Name: "wlan0", Kind: "wifi", Plain: true}
			p.link.Addresses, p.link.Routes = nil, nil
			p.unreachable("ENETUNREACH")
			p.wifi.Adapters = []wifi.Adapter{{Iface: "wlan0", Soft: true}}
		}, want: []string{"link.rfkill_soft"}},
		{name: "radio off by a switch", break_: func(p *pc) {
			p.link.Links[1] = link.Link{Index: 2, Name: "wlan0", Kind: "wifi", Plain: true}
			p.link.Addresses, p.link.Routes = nil, nil
			p.unreachable("ENETUNREACH")
			p.wifi.Adapters = []wifi.Adapter{{Iface: "wlan0", Soft: true, Hard: true}}
		}, want: []string{"link.rfkill_hard"}},
		{name: "radio off, on a cable", break_: func(p *pc) { p.wifi.Adapters = []wifi.Adapter{{Iface: "wlan0", Soft: true}} }},
		{name: "radio off, the cable that was used is out", break_: func(p *pc) {
			p.wifi.Adapters = []wifi.Adapter{{Iface: "wlan0", Soft: true}}
			p.link.Links[1].Carrier = false
			p.silentBeyond(0)
		}, want: []string{"link.no_carrier"}},
		{name: "carrier comes and goes", break_: func(p *pc) { p.link.Change = []link.Change{{Index: 2, WindowMS: 1000, Flaps: 4}} }, want: []string{"link.flapping"}},
		{name: "carrier changed often since the PC started", break_: func(p *pc) { p.link.Links[1].Flaps = 400 }},
		{name: "frames damaged", break_: func(p *pc) { p.link.Change = []link.Change{{Index: 2, WindowMS: 1000, Errors: 40, Received: 900}} }, want: []string{"link.errors"}},
		{name: "one frame damaged", break_: func(p *pc) { p.link.Change = []link.Change{{Index: 2, WindowMS: 1000, Errors: 1, Received: 9}} }},
		{name: "gigabit adapter at 100", break_: func(p *pc) { p.link.Links[1].Gigabit, p.link.Links[1].SpeedMb = true, 100 }, want: []string{"link.speed_low"}},
		{name: "100 Mbit adapter at 100", break_: func(p *pc) { p.link.Links[1].SpeedMb, p.link.Links[1].Duplex = 100, "full" }},
		{name: "half duplex", break_: func(p *pc) {
			p.link.Links[1].Gigabit, p.link.Links[1].SpeedMb, p.link.Links[1].Duplex = true, 10, "half"
		}, want: []string{"link.half_duplex"}},

		{name: "mask too wide", break_: func(p *pc) {
			p.link.Addresses[0].Wide, p.link.Addresses[0].Bits = true, 1
			p.namesDead()
		}, want: []string{"addr.wrong_mask"}},
		{name: "mask wide, the router answers for everybody", break_: func(p *pc) {
			p.link.Addresses[0].Wide, p.link.Addresses[0].Bits = true, 1
			for i := range p.link.Paths {
				p.link.Paths[i].Gateway = ""
			}
		}},
		{name: "somebody else has the address", break_: func(p *pc) {
			p.lan.Own = []lan.Own{{Address: "192.168.1.50", Index: 2, MACs: []string{"02:00:5e:10:00:01"}}}
			p.silentBeyond(1)
		}, want: []string{"addr.duplicate"}},
		{name: "no address, a server was asked in vain", break_: func(p *pc) {
			p.noAddress()
			p.lan.DHCP = lan.DHCP{Client: "networkd", Planned: true, Index: 2, Sent: 2}
		}, want: []string{"addr.no_dhcp_server"}},
		{name: "no address, the question is still out", break_: func(p *pc) {
			p.noAddress()
			p.lan.DHCP = lan.DHCP{Client: "networkd", Planned: true, Index: 2, Sent: 1}
			p.run.Probes = nil
		}, want: []string{"addr.none"}},
		{name: "no address, and nobody asks for one", break_: func(p *pc) { p.noAddress() }, want: []string{"addr.none"}},
		{name: "no address, the server refuses", break_: func(p *pc) {
			p.noAddress()
			p.lan.DHCP = lan.DHCP{Client: "networkd", Planned: true, Sent: 1, Offers: []lan.Offer{{Server: router, Refused: true}}}
		}, want: []string{"addr.dhcp_refused"}},
		{name: "two servers, two routers", break_: func(p *pc) {
			p.silentBeyond(1)
			p.lan.DHCP = lan.DHCP{Sent: 1, Offers: []lan.Offer{{Server: router, Router: router, IsGateway: true}, {Server: "192.168.1.66", Router: "192.168.1.66"}}}
		}, want: []string{"addr.dhcp_rogue"}},
		{name: "two servers, one router, and the line is dead", break_: func(p *pc) {
			p.silentBeyond(1)
			p.lan.DHCP = lan.DHCP{Sent: 1, Offers: []lan.Offer{{Server: router, Router: router, IsGateway: true}, {Server: "192.168.1.2", Router: router, IsGateway: true}}}
		}, want: []string{"wan.silent_beyond_hop"}},

		{name: "the lease names another router, which is there", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Routers[0].Answers = diag.No
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true, Answers: diag.Yes}}
		}, want: []string{"route.gw_wrong"}},
		{name: "the lease names another router, which is gone too", break_: func(p *pc) {
			p.silentBeyond(0)
			p.gw.Routers[0].Answers = diag.No
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true, Answers: diag.No}}
		}, want: []string{"gw.arp_failed"}},
		{name: "two devices answer as the router", break_: func(p *pc) { p.gw.Routers[0].MACs = []string{"02:00:5e:10:00:01", "02:00:5e:10:00:02"} }, want: []string{"gw.duplicate"}},
		{name: "the router finds names and passes nothing on", break_: func(p *pc) {
			p.silentBeyond(1)
			p.dns.Servers[0] = server(dns.Configured, router, link.Private, dns.Query{Proto: "udp", Kind: dns.KindRandom, Name: "qwertz.com", Type: "A", Outcome: dns.Answered, Rcode: "NXDOMAIN"})
		}, want: []string{"gw.no_forward", "gw.no_nat"}},
		{name: "the router knows a name from before, and the line is dead", break_: func(p *pc) {
			p.silentBeyond(1)
			p.dns.Servers[0] = server(dns.Configured, router, link.Private, answered4("NOERROR"))
		}, want: []string{"wan.silent_beyond_hop"}},
		{name: "a tunnel swallows everything", break_: func(p *pc) {
			p.tunnelled()
			p.silentBeyond(0)
			p.net.Bound = []internet.Connect{{Address: anchorA, Index: 2, Family: 4, Outcome: internet.Connected}}
		}, want: []string{"route.vpn_dead"}},
		{name: "a tunnel works", break_: func(p *pc) { p.tunnelled() }, notes: []string{"route.vpn"}},
		{name: "a tunnel suffers from a dead line", break_: func(p *pc) {
			p.tunnelled()
			p.silentBeyond(0)
			p.net.Bound = []internet.Connect{{Address: anchorA, Index: 2, Family: 4, Outcome: internet.Timeout}}
		}, want: []string{"wan.silent_beyond_hop"}},

		{name: "no port left", break_: func(p *pc) {
			for i := range p.net.Anchors {
				p.net.Anchors[i].Outcome, p.net.Anchors[i].Errno = internet.Exhausted, "EADDRNOTAVAIL"
			}
			p.local.Ports = local.Ports{Low: 40000, High: 40003, Used: 4}
		}, want: []string{"res.ports_exhausted"}},
		{name: "a program has all its files open", break_: func(p *pc) {
			p.local.Files.Crowded = []local.Process{{PID: 7, Name: "browser", Open: 1024, Limit: 1024}}
		}, want: []string{"res.fd_exhausted"}},
		{name: "the whole PC has", break_: func(p *pc) { p.local.Files.Open, p.local.Files.Max = 99, 100 }, want: []string{"res.fd_exhausted"}},
		{name: "neighbours overflow", break_: func(p *pc) { p.local.Neighbours = local.Neighbours{Count: 1024, Max: 1024} }, want: []string{"res.neigh_overflow"}},
		{name: "many neighbours", break_: func(p *pc) { p.local.Neighbours = local.Neighbours{Count: 900, Max: 1024} }},
		{name: "no room for settings", break_: func(p *pc) { p.local.Rooms = []local.Room{{Dir: "/run", Total: 4096, Full: true}} }, want: []string{"res.disk_full_etc"}},
		{name: "no room on the root disk, which the disk check names", break_: func(p *pc) { p.local.Rooms = []local.Room{{Dir: "/etc", Total: 1 << 30, Full: true, OnRoot: true}} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := healthyPC()
			tt.break_(p)
			d := Explain(p.facts(), tt.check)
			if got := ids(d.Causes); !slices.Equal(got, append([]string{}, tt.want...)) {
				t.Errorf("causes %v, want %v", got, tt.want)
			}
			if got := ids(d.Notes); !slices.Equal(got, append([]string{}, tt.notes...)) {
				t.Errorf("notes %v, want %v", got, tt.notes)
			}
		})
	}
}

// TestSessionIsEvidence: an SSH client behind the router proves that the
// router answers, whatever the neighbour table says.
func TestSessionIsEvidence(t *testing.T) {
	p := healthyPC()
	p.silentBeyond(0)
	p.gw.Routers[0].Answers = diag.No
	p.link.Session = &link.Session{Client: "198.51.100.9", Server: "192.168.1.50", Index: 2, Gateway: router, OnLink: diag.No, OwnAddress: diag.Yes}
	if got := ids(Explain(p.facts(), nil).Causes); slices.Contains(got, "gw.arp_failed") {
		t.Errorf("%v, though the session comes through that router", got)
	}
}

// TestTCPAloneDoesNotCondemn: while the UDP question is open, a name server
// that does not listen on TCP is not dead.
func TestTCPAloneDoesNotCondemn(t *testing.T) {
	p := healthyPC()
	p.dns.Lookups = nil
	p.dns.Servers[0].Queries = []dns.Query{{Proto: "tcp", Kind: "name", Type: "A", Outcome: dns.Closed}}
	if got := ids(Explain(p.facts(), nil).Causes); len(got) > 0 {
		t.Errorf("%v before the UDP answer", got)
	}
}

// TestSettledNeedsEveryFailureExplained.
func TestSettledNeedsEveryFailureExplained(t *testing.T) {
	p := healthyPC()
	p.link.Links[1].Carrier = false
	p.silentBeyond(0)
	fails := func(code string) []diag.CheckResult {
		return []diag.CheckResult{{ID: "x", Judgement: diag.Judgement{Findings: []diag.Finding{{Code: code, Status: diag.Fail}}}}}
	}
	if !Explain(p.facts(), fails("connectivity.web")).Settled {
		t.Error("a proven cause that explains everything does not settle")
	}
	if Explain(p.facts(), fails("nobody.knows")).Settled {
		t.Error("settled with a failure of its own left over")
	}
}

// TestEveryCauseHasWords: each has a title, a sentence for the caller and
// what to do, and every evidence it gives can be said.
func TestEveryCauseHasWords(t *testing.T) {
	p := text.New("en")
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("%s is in the catalogue twice", r.ID)
		}
		seen[r.ID] = true
		for _, part := range []string{"title", "say", "next"} {
			if key := fmt.Sprintf("cause.%s.%s", r.ID, part); !p.Has(key) {
				t.Errorf("%s has no words", key)
			}
		}
	}
}
