package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/local"
	"deskside/diag/wifi"
)

// pc is a healthy PC's facts, to be broken by one mutation at a time.
type pc struct {
	run  diag.RunFacts
	link link.Facts
	gw   gateway.Facts
	net  internet.Facts
	dns  dns.Facts

	lan   lan.Facts
	local local.Facts
	wifi  wifi.Facts
}

const (
	anchorA, anchorB = "9.9.9.9", "1.1.1.1"
	router           = "192.168.1.1"
	resolver         = "9.9.9.10"
	urlA, urlB       = "http://a.example/ok", "http://b.example/ok"
)

func healthyPC() *pc {
	return &pc{
		run: diag.RunFacts{Probes: []diag.ProbeOutcome{
			{ID: "internet.anchors", End: diag.EndDone}, {ID: "internet.bound", End: diag.EndDone}, {ID: "internet.web", End: diag.EndDone},
			{ID: "internet.tls", End: diag.EndDone}, {ID: "gateway.hops", End: diag.EndDone}, {ID: "gateway.router", End: diag.EndDone},
			{ID: "dns.servers", End: diag.EndDone}, {ID: "lan.dhcp", End: diag.EndDone}, {ID: "lan.arp", End: diag.EndDone},
		}},
		link: link.Facts{
			Readable:  diag.Yes,
			Links:     []link.Link{{Index: 1, Name: "lo", Kind: "loopback", Up: true, Carrier: true}, {Index: 2, Name: "eth0", Kind: "ether", Up: true, Carrier: true, Plain: true}},
			Addresses: []link.Address{{Index: 2, IP: "192.168.1.50", Bits: 24, Family: 4, Scope: link.Private}},
			Routes:    []link.Route{{Family: 4, Default: true, Gateway: router, Index: 2, Metric: 100, Type: "unicast"}},
			Paths: []link.Path{
				{For: "anchor", Dest: anchorA, Family: 4, Reachable: diag.Yes, Index: 2, Gateway: router},
				{For: "anchor", Dest: anchorB, Family: 4, Reachable: diag.Yes, Index: 2, Gateway: router},
			},
		},
		gw: gateway.Facts{
			Routers: []gateway.Router{{Address: router, Family: 4, Index: 2, Answers: diag.Yes, State: "reachable", Echo: gateway.Echo{Sent: 5, Received: 5}}},
			Hops:    []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Expired, From: router, Router: true, Type: 11}, {TTL: 2, Family: 4, Outcome: gateway.Expired, From: "100.64.0.1", Type: 11}},
		},
		net: internet.Facts{
			Anchors: []internet.Connect{{Address: anchorA, Port: 443, Family: 4, Outcome: internet.Connected}, {Address: anchorB, Port: 443, Family: 4, Outcome: internet.Connected}},
			Web: []internet.Web{
				{URL: urlA, Address: "203.0.113.80", Outcome: internet.Connected, Status: 200, Match: diag.Yes, HasDate: true},
				{URL: urlB, Address: "203.0.113.81", Outcome: internet.Connected, Status: 200, Match: diag.Yes, HasDate: true},
			},
			TLS:     []internet.TLS{{URL: "https://www.example/", Outcome: internet.Connected, Now: internet.Trusted, Then: internet.Trusted}},
			Retrans: internet.Retrans{Known: true},
		},
		dns: dns.Facts{
			Conf: dns.Conf{Exists: diag.Yes, Owner: "plain", Servers: []string{resolver}},
			NSS:  dns.NSS{Sources: []string{"files", "dns"}, HasDNS: diag.Yes},
			Servers: []dns.Server{
				server(dns.Configured, resolver, link.Public, answered4("NOERROR")),
				server(dns.Control, anchorA, link.Public, answered4("NOERROR")),
			},
			Lookups: []dns.Lookup{{Name: "www.example", Outcome: "found"}},
		},
	}
}

func server(role, addr string, scope link.Scope, q dns.Query) dns.Server {
	return dns.Server{Address: addr, Scope: scope, Role: role, Queries: []dns.Query{q}}
}

func answered4(rcode string) dns.Query {
	return dns.Query{Proto: "udp", Kind: "name", Name: "www.example", Type: "A", Outcome: dns.Answered, Rcode: rcode}
}

func fate(outcome string) dns.Query {
	return dns.Query{Proto: "udp", Kind: "name", Name: "www.example", Type: "A", Outcome: outcome}
}

// resolverIs replaces what the only configured server did.
func (p *pc) resolverIs(q dns.Query) {
	p.dns.Servers[0].Queries = []dns.Query{q}
	if q.Outcome != dns.Answered || q.Rcode != "NOERROR" {
		p.dns.Lookups[0].Outcome = "notfound"
		p.namesDead()
	}
}

func (p *pc) namesDead() {
	for i := range p.net.Web {
		p.net.Web[i] = internet.Web{URL: p.net.Web[i].URL, Outcome: internet.NoName}
	}
	p.net.TLS = nil
}

// silentBeyond: nothing past this hop answers.
func (p *pc) silentBeyond(hop int) {
	p.gw.Hops = p.gw.Hops[:hop]
	for i := range p.net.Anchors {
		p.net.Anchors[i].Outcome = internet.Timeout
	}
	for i := range p.dns.Servers {
		p.dns.Servers[i].Queries = []dns.Query{fate(dns.Silent)}
	}
	p.dns.Lookups[0].Outcome = "slow"
	p.namesDead()
}

// unreachable: the kernel has no way for anything.
func (p *pc) unreachable(errno string) {
	for i := range p.link.Paths {
		p.link.Paths[i].Reachable, p.link.Paths[i].Errno = diag.No, errno
	}
	p.gw, p.net = gateway.Facts{}, internet.Facts{}
	p.dns.Servers[0].Queries = []dns.Query{fate(dns.NoRoute)}
	p.dns.Servers[1].Queries = []dns.Query{fate(dns.NoRoute)}
	p.dns.Lookups = nil
}

func (p *pc) noAddress() {
	p.link.Addresses, p.link.Routes = nil, nil
	p.unreachable("ENETUNREACH")
}

// tunnelled: the way to the anchors enters a tunnel that stands on the cable.
func (p *pc) tunnelled() {
	p.link.Links = append(p.link.Links, link.Link{Index: 3, Name: "tun0", Kind: "tun", NoARP: true, Up: true, Carrier: true})
	p.link.Addresses = append(p.link.Addresses, link.Address{Index: 3, IP: "10.8.0.2", Bits: 24, Family: 4, Scope: link.Private})
	for i := range p.link.Paths {
		p.link.Paths[i].Index, p.link.Paths[i].Gateway = 3, ""
	}
}

func (p *pc) facts() diag.Facts {
	f := diag.RunSection.In(diag.Facts{}, p.run)
	f = link.Section.In(f, p.link)
	f = gateway.Section.In(f, p.gw)
	f = internet.Section.In(f, p.net)
	f = lan.Section.In(f, p.lan)
	f = local.Section.In(f, p.local)
	f = wifi.Section.In(f, p.wifi)
	return dns.Section.In(f, p.dns)
}
