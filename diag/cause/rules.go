package cause

import "slices"

// Rules is the catalogue, lower layers first. The order is the order in which
// causes are explained away and ranked: link, address, route, this PC's own
// firewall and tables, router, provider, portal, clock, name service,
// certificates, proxy, IPv6; then what has nothing to do with the network.
func Rules() []Rule {
	return slices.Concat(linkRules, dhcpRules, addressRules, divertedRules, routeRules, localRules, resourceRules, cableRules, wifiRules, gatewayRules, passRules, wanRules, webRules, heldBack(dnsRules), dohRules, mtuRules, proxyRules, lateRules, perfRules, targetRules, diskRules)
}

// above are the finding codes of everything that needs a working network; a
// cause further down explains them all.
var (
	beyondNames   = append([]string{"connectivity.web", "connectivity.tls", "connectivity.proxy", "connectivity.clock"}, reachingTarget...)
	beyondWAN     = append([]string{"connectivity.anchors", "connectivity.ipv6", "dns.servers", "dns.resolves", "dns.honest", "dns.hosts", "gateway.beyond"}, beyondNames...)
	beyondGateway = append([]string{"gateway.answers", "gateway.latency"}, beyondWAN...)
	beyondRoute   = append([]string{"connectivity.route", "gateway.present"}, beyondGateway...)
	beyondAddress = append([]string{"connectivity.address"}, beyondRoute...)
	beyondLink    = append([]string{"connectivity.link", "wifi.link", "wifi.adapter", "dns.configured"}, beyondAddress...)
)
