package cause

import (
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// said is an answer with addresses, and how long it took.
func said(kind, name string, tookMS float64, ips ...string) dns.Query {
	q := dns.Query{Proto: "udp", Kind: kind, Name: name, Type: "A", Outcome: dns.Answered, Rcode: "NOERROR", IPs: ips, TookMS: tookMS, LastMS: tookMS, Sends: 1}
	for _, ip := range ips {
		q.Scopes = append(q.Scopes, link.ScopeOf(ip))
	}
	return q
}

func with(q dns.Query, change func(*dns.Query)) dns.Query {
	change(&q)
	return q
}

func tcp(q *dns.Query)     { q.Proto = "tcp" }
func cut(q *dns.Query)     { q.Cut, q.IPs, q.Scopes = true, nil, nil }
func plain(q *dns.Query)   { q.Plain, q.Sends, q.TookMS = true, 3, 700+q.LastMS }
func aaaa(q *dns.Query)    { q.Type = "AAAA" }
func noCheck(q *dns.Query) { q.NoCheck = true }

// asked replaces what the configured server did, and what programs saw of it.
func (p *pc) asked(lookup string, tookMS float64, all ...dns.Query) {
	p.dns.Servers[0].Queries = all
	p.dns.Lookups[0].Outcome, p.dns.Lookups[0].TookMS = lookup, tookMS
}

// TestDNSCauses: each cause, and next to it what looks like it and is not.
func TestDNSCauses(t *testing.T) {
	const web, name = "203.0.113.80", "www.example"
	good := said(dns.KindName, name, 10, web)
	goodTCP := with(good, tcp)
	random := dns.Query{Proto: "udp", Kind: dns.KindRandom, Name: "qwertz.com", Type: "A", Outcome: dns.Answered, Rcode: "NXDOMAIN", TookMS: 10}
	known := func(agrees diag.Tri, ip string) dns.Query {
		return with(said(dns.KindKnown, "ipv4only.arpa", 10, ip), func(q *dns.Query) { q.AsKnown = agrees })
	}
	silent, silentTCP, closedTCP := fate(dns.Silent), with(fate(dns.Silent), tcp), with(fate(dns.Closed), tcp)
	more := with(fate(dns.Silent), func(q *dns.Query) { q.Kind, q.Name, q.Type = dns.KindMore, "other.example", "AAAA" })
	slow := func(ms float64) dns.Query { return said(dns.KindName, name, ms, web) }
	near := func(p *pc) { p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 5, 7 }
	leftover := func(p *pc, gateway string) {
		p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "10.66.0.53", link.Private
		p.link.Paths = append(p.link.Paths, link.Path{For: "dns", Dest: "10.66.0.53", Family: 4, Reachable: diag.Yes, Index: 2, Gateway: gateway})
		p.asked("slow", 3000, silent, silentTCP)
	}
	shut := func(p *pc, closed, lookup string) {
		p.dns.Conf = dns.Conf{Exists: diag.Maybe, Why: "permission", Closed: closed}
		p.dns.Servers = p.dns.Servers[1:]
		p.dns.Lookups[0].Outcome = lookup
	}
	two := func(p *pc, first, second dns.Query) {
		p.asked("found", 20, first)
		p.dns.Servers = append(p.dns.Servers, server(dns.Configured, "9.9.9.11", link.Public, second))
	}
	inside := func(p *pc, met *internet.TLS) {
		p.dns.Servers[1].Queries = []dns.Query{good}
		p.asked("found", 20, said(dns.KindName, name, 10, "10.1.2.3"))
		p.net.TLS = nil
		if met != nil {
			met.URL, met.Address = "https://www.example/", "10.1.2.3"
			p.net.TLS = []internet.TLS{*met}
		}
	}
	stub := func(p *pc, strict diag.Tri, door string) {
		p.dns.Servers[0].Address, p.dns.Servers[0].Scope = "127.0.0.53", link.Loopback
		p.dns.Stub = &dns.Stub{Upstreams: []string{"192.168.1.66"}, Strict: strict}
		p.dns.Servers = append(p.dns.Servers, dns.Server{Address: "192.168.1.66", Scope: link.Private, Role: dns.Upstream, TLS: door, Queries: []dns.Query{good}})
	}
	tests := []struct {
		name   string
		break_ func(*pc)
		want   string
		notes  []string
	}{
		{"UDP silent, TCP answers", func(p *pc) { p.asked("slow", 3000, silent, goodTCP) }, "dns.udp53_blocked", nil},
		{"UDP silent, TCP answers that it failed", func(p *pc) { p.asked("slow", 3000, silent, with(answered4("SERVFAIL"), tcp)) }, "dns.udp53_blocked", nil},
		{"UDP silent, TCP silent", func(p *pc) { p.asked("slow", 3000, silent, silentTCP) }, "dns.server_silent", nil},
		{"the superuser may read the file, others may not", func(p *pc) { p.dns.Conf.Closed = dns.ClosedUsers }, "dns.resolvconf_unreadable", nil},
		{"this user may not read the file", func(p *pc) { shut(p, dns.ClosedUsers, "notfound") }, "dns.resolvconf_unreadable", nil},
		{"this user may not read the file, and finds names", func(p *pc) { shut(p, dns.ClosedUsers, "found") }, "", nil},
		{"the file is a folder", func(p *pc) { shut(p, dns.ClosedAll, "notfound") }, "dns.resolvconf_unreadable", nil},
		{"the file cannot be read, nobody knows why", func(p *pc) { shut(p, "", "notfound") }, "", nil},
		{"the first of two closed, the second works", func(p *pc) { two(p, fate(dns.Closed), good) }, "dns.first_server_dead", nil},
		{"the first of two fails, the second works", func(p *pc) { two(p, answered4("SERVFAIL"), good) }, "dns.first_server_dead", nil},
		{"the second of two is silent", func(p *pc) { two(p, good, silent) }, "", []string{"dns.spare_dead"}},
		{"the second of two is silent, and they take turns", func(p *pc) {
			two(p, good, silent)
			p.dns.Conf.Options = []string{"rotate"}
		}, "dns.first_server_dead", nil},
		{"they take turns, and both work", func(p *pc) {
			two(p, good, good)
			p.dns.Conf.Options = []string{"rotate"}
		}, "", nil},
		{"UDP silent once, on a line that loses packets", func(p *pc) { p.asked("found", 20, silent, goodTCP, random) }, "", nil},
		{"UDP silent, TCP still open", func(p *pc) { p.run.Probes = nil; p.asked("slow", 3000, silent) }, "", nil},
		{"UDP silent, programs ask over TCP", func(p *pc) {
			p.dns.Conf.Options = []string{"use-vc"}
			p.asked("found", 20, silent, goodTCP)
		}, "", nil},

		{"too long for UDP, no TCP", func(p *pc) { p.asked("notfound", 20, with(good, cut), closedTCP) }, "dns.tcp53_blocked", nil},
		{"too long for UDP, TCP answers", func(p *pc) { p.asked("found", 20, with(good, cut), goodTCP) }, "", nil},
		{"no TCP, and no need of it", func(p *pc) { p.asked("found", 20, good, closedTCP, random) }, "", nil},
		{"programs ask over TCP, which is blocked", func(p *pc) {
			p.dns.Conf.Options = []string{"use-vc"}
			p.asked("slow", 3000, good, silentTCP)
		}, "dns.tcp53_blocked", nil},

		{"fails, but not without checking", func(p *pc) { p.asked("notfound", 20, answered4("SERVFAIL"), with(good, noCheck)) }, "dns.dnssec_bogus", nil},
		{"fails without checking too", func(p *pc) { p.asked("notfound", 20, answered4("SERVFAIL"), with(answered4("SERVFAIL"), noCheck)) }, "dns.servfail", nil},
		{"fails over TCP, UDP and the question without checking are lost", func(p *pc) {
			p.asked("notfound", 20, silent, with(answered4("SERVFAIL"), aaaa), with(answered4("SERVFAIL"), tcp), with(silent, noCheck), with(with(good, noCheck), tcp))
		}, "dns.dnssec_bogus", nil},
		{"fails, and says that a signature is out of date", func(p *pc) {
			p.asked("notfound", 20, with(answered4("SERVFAIL"), func(q *dns.Query) { q.Errors = []int{7} }), with(silent, noCheck), with(silentTCP, noCheck))
		}, "dns.dnssec_bogus", nil},
		{"fails, and says that nobody answers it", func(p *pc) {
			p.asked("notfound", 20, with(answered4("SERVFAIL"), func(q *dns.Query) { q.Errors = []int{22, 23} }), with(answered4("SERVFAIL"), noCheck))
		}, "dns.servfail", nil},
		{"fails, without checking is asked again over TCP", func(p *pc) {
			p.run.Probes = nil
			p.asked("notfound", 20, answered4("SERVFAIL"), with(silent, noCheck))
		}, "", nil},
		{"fails for AAAA only", func(p *pc) {
			p.asked("found", 20, good, with(answered4("SERVFAIL"), aaaa), with(with(answered4("SERVFAIL"), aaaa), noCheck))
		}, "", nil},
		{"fails, the question without checking is open", func(p *pc) { p.run.Probes = nil; p.asked("notfound", 20, answered4("SERVFAIL")) }, "", nil},

		{"slow, the way is short", func(p *pc) { near(p); p.asked("found", 700, slow(620), random2(random, 640)) }, "dns.slow", nil},
		{"slow, the way is long", func(p *pc) {
			p.net.Anchors[0].TookMS, p.net.Anchors[1].TookMS = 610, 620
			p.asked("found", 1300, slow(640))
		}, "", nil},
		{"slow, the way is not known", func(p *pc) {
			p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome = internet.Refused, internet.Refused
			p.net.Anchors = nil
			p.dns.Servers[0].Scope = link.Private
			p.asked("found", 700, slow(620))
		}, "", nil},
		{"slow once", func(p *pc) { near(p); p.asked("found", 20, slow(900), random) }, "", nil},
		{"300 ms", func(p *pc) { near(p); p.asked("found", 320, slow(300)) }, "", nil},

		{"AAAA silent, programs wait", func(p *pc) { p.asked("slow", 3000, good, with(silent, aaaa), more) }, "dns.aaaa_timeout", nil},
		{"AAAA silent, programs still wait", func(p *pc) {
			p.dns.Lookups = nil
			p.dns.Servers[0].Queries = []dns.Query{good, with(silent, aaaa), more}
		}, "dns.aaaa_timeout", nil},
		{"AAAA silent once, by chance", func(p *pc) { p.asked("found", 2000, good, with(silent, aaaa), with(good, aaaa)) }, "", nil},
		{"AAAA silent twice, on a line that loses packets", func(p *pc) {
			p.asked("found", 2000, with(good, func(q *dns.Query) { q.Sends, q.TookMS = 2, 310 }), with(silent, aaaa), more)
		}, "", nil},
		{"AAAA silent, programs do not ask for it", func(p *pc) { p.asked("found", 20, good, with(silent, aaaa)) }, "", nil},
		{"AAAA silent, no-aaaa", func(p *pc) {
			p.dns.Conf.Options = []string{"no-aaaa"}
			p.asked("found", 20, good, with(silent, aaaa))
		}, "", nil},
		{"AAAA refused", func(p *pc) { p.asked("found", 20, good, with(answered4("REFUSED"), aaaa)) }, "", nil},

		{"files only", func(p *pc) {
			p.dns.NSS = dns.NSS{Sources: []string{"files"}, HasDNS: diag.No}
			p.asked("notfound", 3, good)
		}, "dns.nss_broken", nil},
		{"not found, for a name without addresses", func(p *pc) { p.asked("notfound", 3, said(dns.KindName, name, 10)) }, "", nil},
		{"not found, too long for UDP", func(p *pc) { p.asked("notfound", 3, with(good, cut), closedTCP) }, "dns.tcp53_blocked", nil},

		{"a further name leads nowhere", func(p *pc) { p.asked("found", 20, good, said(dns.KindMore, "ads.example", 10, "0.0.0.0")) }, "", []string{"dns.blocked"}},
		{"policy, says the server", func(p *pc) {
			p.asked("found", 20, good, with(said(dns.KindMore, "ads.example", 10), func(q *dns.Query) { q.Rcode, q.Errors = "NXDOMAIN", []int{15} }))
		}, "", []string{"dns.blocked"}},
		{"another extended error", func(p *pc) {
			p.asked("found", 20, good, with(said(dns.KindMore, "ads.example", 10), func(q *dns.Query) { q.Errors = []int{3} }))
		}, "", nil},

		{"the known name is not as known", func(p *pc) { p.asked("found", 20, good, known(diag.No, "10.1.2.3")) }, "dns.answer_forged", nil},
		{"the known name is as known", func(p *pc) { p.asked("found", 20, good, known(diag.Yes, "192.0.0.170")) }, "", nil},
		{"the known name has stand-in addresses", func(p *pc) { p.asked("found", 20, good, known(diag.No, "198.18.0.9")) }, "", nil},
		{"inside here, outside elsewhere, nobody went there", func(p *pc) { inside(p, nil) }, "", []string{"dns.split_horizon"}},
		{"inside here, and the right one is there", func(p *pc) { inside(p, &internet.TLS{Outcome: internet.Connected, Now: internet.Trusted}) }, "", []string{"dns.split_horizon"}},
		{"inside here, and the right one is there, by the true time", func(p *pc) {
			inside(p, &internet.TLS{Outcome: internet.Connected, Now: internet.Expired, Then: internet.Trusted})
		}, "", []string{"dns.split_horizon"}},
		{"inside here, and somebody else is there", func(p *pc) { inside(p, &internet.TLS{Outcome: internet.Connected, Now: internet.UnknownCA}) }, "dns.answer_forged", nil},
		{"inside here, and it is another site", func(p *pc) { inside(p, &internet.TLS{Outcome: internet.Connected, Now: internet.WrongName}) }, "dns.answer_forged", nil},
		{"inside here, and nobody is there", func(p *pc) { inside(p, &internet.TLS{Outcome: internet.Timeout}) }, "dns.answer_forged", nil},
		{"inside here, and this PC's rules forbid to go there", func(p *pc) { inside(p, &internet.TLS{Outcome: internet.Denied}) }, "", []string{"dns.split_horizon"}},
		{"inside here, every connection is intercepted", func(p *pc) {
			inside(p, &internet.TLS{Outcome: internet.Connected, Now: internet.UnknownCA})
			p.net.TLS = append(p.net.TLS, internet.TLS{URL: "https://b.example/", Address: "203.0.113.81", Outcome: internet.Connected, Now: internet.UnknownCA})
		}, "tls.intercepted", []string{"dns.split_horizon"}},
		{"a further name inside here, outside elsewhere, and somebody else is there", func(p *pc) {
			more := func(q *dns.Query) { q.Kind, q.Name = dns.KindMore, "other.example" }
			p.dns.Servers[1].Queries = []dns.Query{good, with(good, more)}
			p.asked("found", 20, good, with(said(dns.KindName, name, 10, "10.1.2.3"), more))
			p.net.TLS = []internet.TLS{{URL: "https://other.example/", Address: "10.1.2.3", Outcome: internet.Connected, Now: internet.UnknownCA}}
		}, "dns.answer_forged", nil},
		{"no such name here, but elsewhere", func(p *pc) {
			p.dns.Servers[1].Queries = []dns.Query{good}
			p.asked("notfound", 20, answered4("NXDOMAIN"))
		}, "", []string{"dns.blocked"}},
		{"no address here, elsewhere one inside", func(p *pc) {
			p.dns.Servers[1].Queries = []dns.Query{said(dns.KindName, name, 10, "10.1.2.3")}
			p.asked("notfound", 20, said(dns.KindName, name, 10))
		}, "", []string{"dns.blocked"}},
		{"no such name here, nor elsewhere", func(p *pc) {
			p.dns.Servers[1].Queries = []dns.Query{answered4("NXDOMAIN")}
			p.asked("notfound", 20, answered4("NXDOMAIN"))
		}, "", nil},
		{"a made-up name is led nowhere", func(p *pc) {
			p.asked("found", 20, good, said(dns.KindRandom, "qwertz.com", 10, "0.0.0.0"))
		}, "", nil},
		{"inside here, unknown elsewhere", func(p *pc) {
			p.dns.Servers[1].Queries = []dns.Query{answered4("NXDOMAIN")}
			p.asked("found", 20, said(dns.KindName, name, 10, "10.1.2.3"))
		}, "", nil},
		{"forged, and the web goes to a portal", func(p *pc) {
			for i := range p.net.Web {
				p.net.Web[i].Match, p.net.Web[i].Status, p.net.Web[i].Redirect, p.net.Web[i].Foreign = diag.No, 302, "http://login.hotel/", true
			}
			p.asked("found", 20, good, known(diag.No, "10.1.2.3"))
		}, "portal.captive", nil},
		{"every name is invented, the known one too", func(p *pc) {
			p.asked("found", 20, good, known(diag.No, "198.51.100.2"), said(dns.KindRandom, "qwertz.com", 10, "198.51.100.2"))
		}, "dns.nxdomain_hijack", nil},

		{"two answers to one question", func(p *pc) {
			p.asked("found", 20, with(good, func(q *dns.Query) { q.Rival, q.RivalIPs = true, []string{"203.0.113.99"} }))
		}, "dns.injected", nil},

		{"large answers lost", func(p *pc) { p.asked("found", 40, with(with(good, plain), cut), goodTCP, random) }, "dns.large_dropped", nil},
		{"large keys lost", func(p *pc) {
			keys := with(with(good, plain), cut)
			keys.Kind, keys.Name, keys.Type = dns.KindLarge, ".", "DNSKEY"
			p.asked("found", 20, good, goodTCP, keys)
		}, "dns.large_dropped", nil},
		{"everything with EDNS lost, and it matters", func(p *pc) {
			p.dns.Conf.Options = []string{"edns0"}
			p.asked("slow", 3000, with(good, plain), with(random, plain))
		}, "dns.edns_dropped", nil},
		{"everything with EDNS lost, nobody minds", func(p *pc) { p.asked("found", 20, with(good, plain), with(random, plain)) }, "", []string{"dns.edns_dropped"}},
		{"one question took three tries", func(p *pc) { p.asked("found", 20, with(good, plain), random) }, "", nil},

		{"a search suffix is silent", func(p *pc) {
			p.asked("slow", 3000, good, with(silent, func(q *dns.Query) { q.Kind, q.Name = dns.KindSearch, "www.example.dead.example" }))
		}, "dns.search_stall", nil},
		{"a search suffix is silent, nobody waits", func(p *pc) {
			p.asked("found", 20, good, with(silent, func(q *dns.Query) { q.Kind, q.Name = dns.KindSearch, "www.example.dead.example" }))
		}, "", nil},

		{"the stub works, one behind it does not", func(p *pc) {
			stub(p, diag.No, "")
			p.dns.Servers[2].Queries = []dns.Query{silent, silentTCP}
			p.asked("found", 20, good)
		}, "", nil},
		{"the stub remembers, nobody behind it answers", func(p *pc) {
			stub(p, diag.No, "")
			p.dns.Servers[2].Queries = []dns.Query{silent, silentTCP}
			p.asked("found", 20, good, with(silent, func(q *dns.Query) { q.Kind, q.Name = dns.KindRandom, "qwertz.com" }))
		}, "dns.server_silent", nil},
		{"the stub finds new names in a way of its own", func(p *pc) {
			stub(p, diag.No, "")
			p.dns.Servers[2].Queries = []dns.Query{silent, silentTCP}
			p.asked("found", 20, good, random)
		}, "", nil},
		{"the stub is late with new names, those behind it are there", func(p *pc) {
			stub(p, diag.No, "")
			p.asked("found", 20, good, with(silent, func(q *dns.Query) { q.Kind, q.Name = dns.KindRandom, "qwertz.com" }))
		}, "", nil},
		{"the stub fails, since nobody behind it answers", func(p *pc) {
			stub(p, diag.No, "")
			p.dns.Servers[2].Queries = []dns.Query{silent, silentTCP}
			p.asked("notfound", 20, answered4("SERVFAIL"))
		}, "dns.server_silent", nil},
		{"TLS only, and it is blocked", func(p *pc) { stub(p, diag.Yes, dns.Silent); p.asked("notfound", 20, answered4("SERVFAIL")) }, "dns.dot_blocked", nil},
		{"TLS only, it is blocked for one of two", func(p *pc) {
			stub(p, diag.Yes, dns.Silent)
			p.dns.Servers = append(p.dns.Servers, dns.Server{Address: "192.168.1.67", Scope: link.Private, Role: dns.Upstream, TLS: dns.Answered, Queries: []dns.Query{answered4("SERVFAIL")}})
			p.dns.Servers[2].Queries = []dns.Query{answered4("SERVFAIL")}
			p.asked("notfound", 20, answered4("SERVFAIL"))
		}, "dns.servfail", nil},
		{"TLS where it may be, and it is blocked", func(p *pc) { stub(p, diag.No, dns.Silent); p.asked("found", 20, good) }, "", nil},

		{"a server of a network that is not here", func(p *pc) { leftover(p, router) }, "dns.vpn_leftover", nil},
		{"the same, with a route of its own", func(p *pc) { leftover(p, "192.168.1.2") }, "dns.server_silent", nil},
		{"the same, next door", func(p *pc) { leftover(p, "") }, "dns.server_silent", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := healthyPC()
			tt.break_(p)
			d := Explain(p.facts(), nil)
			want := []string{}
			if tt.want != "" {
				want = append(want, tt.want)
			}
			if got := ids(d.Causes); !slices.Equal(got, want) {
				t.Errorf("causes %v, want %v", got, want)
			}
			if got := ids(d.Notes); !slices.Equal(got, append([]string{}, tt.notes...)) {
				t.Errorf("notes %v, want %v", got, tt.notes)
			}
		})
	}
}

func random2(q dns.Query, tookMS float64) dns.Query {
	q.TookMS = tookMS
	return q
}
