package target

import (
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// healthy is a web site that works, to be broken by one change at a time.
func healthy() Target {
	return Target{
		Name: "shop.example", Ports: []int{443, 80}, Ended: true,
		Lookup:   &Lookup{By: dns.ByConfigured, Told: []Told{told(dns.Configured, "NOERROR", link.Public)}},
		Connects: []Connect{to(443, internet.Connected)},
		TLS:      &internet.TLS{Outcome: internet.Connected, Now: internet.Trusted, Dialed: true, TookMS: 40},
		HTTP:     &internet.Head{Outcome: internet.Connected, Status: 200, TookMS: 40},
	}
}

func to(port int, o internet.Outcome) Connect {
	return Connect{Connect: internet.Connect{Address: "203.0.113.90", Port: port, Family: 4, Outcome: o, TookMS: 20}, Scope: link.Public, OnLink: diag.No}
}

func to6(o internet.Outcome) Connect {
	c := to(443, o)
	c.Address, c.Family = "2001:db8:80::90", 6
	return c
}

// told is one server's answer; an address when a scope is given.
func told(role, rcode string, scopes ...link.Scope) Told {
	t := Told{Server: "192.0.2.53", Role: role, Query: dns.Query{Proto: "udp", Type: "A", Outcome: dns.Answered, Rcode: rcode, Scopes: scopes}}
	for range scopes {
		t.IPs = append(t.IPs, "203.0.113.90")
	}
	return t
}

func silent(role string) Told {
	return Told{Role: role, Query: dns.Query{Proto: "udp", Type: "A", Outcome: dns.Silent}}
}

// nameless is a target whose name led nowhere.
func nameless(answers ...Told) func(*Target) {
	return func(t *Target) {
		t.Lookup, t.Connects, t.TLS, t.HTTP = &Lookup{System: dns.NotFound, Told: answers}, nil, nil, nil
	}
}

// only replaces all connects; nothing above them was reached.
func only(rows ...Connect) func(*Target) {
	return func(t *Target) { t.Connects, t.TLS, t.HTTP = rows, nil, nil }
}

func proxied(p *internet.Passage, direct ...func(*Target)) func(*Target) {
	return func(t *Target) {
		t.Proxied, t.Passage = true, p
		for _, change := range direct {
			change(t)
		}
	}
}

func through(tunnel, status int) *internet.Passage {
	p := &internet.Passage{Proxy: "http://192.0.2.10:3128", Outcome: internet.Connected, Tunnel: &internet.Head{Outcome: internet.Connected, Status: tunnel}}
	if tunnel/100 == 2 {
		p.TLS = &internet.TLS{Outcome: internet.Connected, Now: internet.Trusted}
		p.HTTP = &internet.Head{Outcome: internet.Connected, Status: status}
	}
	return p
}

func certificate(now, then internet.Verdict) func(*Target) {
	return func(t *Target) { t.TLS.Now, t.TLS.Then = now, then }
}

func onLink(state string) Connect {
	c := to(443, internet.Timeout)
	c.OnLink, c.Neighbour = diag.Yes, state
	return c
}

func companionOf(o internet.Outcome) Connect {
	c := to(80, o)
	c.Companion = true
	return c
}

var breaks = []struct {
	name   string
	change func(*Target)
	want   Break
	code   string // the finding that is not fine; "" for none
	status diag.Status
}{
	{"works", func(*Target) {}, Whole, "", diag.OK},
	{"nothing known yet", func(t *Target) { *t = Target{Name: t.Name, Ports: t.Ports} }, Pending, CodeName, diag.Unknown},
	{"cut after the name", func(t *Target) { only()(t); t.Ended = false }, Pending, CodeTCP, diag.Unknown},
	{"cut in the handshake", func(t *Target) { t.TLS, t.HTTP, t.Ended = nil, nil, false }, Pending, CodeTLS, diag.Unknown},
	{"cut before the answer", func(t *Target) { t.HTTP, t.Ended = nil, false }, Pending, CodeHTTP, diag.Unknown},

	{"no such name", nameless(told(dns.Configured, "NXDOMAIN"), told(dns.Control, "NXDOMAIN")), NameUnknown, CodeName, diag.Fail},
	{"no such name, nobody to ask twice", nameless(told(dns.Configured, "NXDOMAIN")), NameUnknown, CodeName, diag.Fail},
	{"no address for the name", nameless(told(dns.Configured, "NOERROR")), NameUnknown, CodeName, diag.Fail},
	{"hidden from this PC", nameless(told(dns.Configured, "NXDOMAIN"), told(dns.Control, "NOERROR", link.Public)), NameWithheld, CodeName, diag.Fail},
	{"led nowhere by a filter", func(t *Target) { t.Lookup.Told = []Told{told(dns.Configured, "NOERROR", link.Null)} }, NameWithheld, CodeName, diag.Fail},
	{"name servers silent", nameless(silent(dns.Configured), told(dns.Control, "NOERROR", link.Public)), NameFailed, CodeName, diag.Fail},
	{"name servers fail", nameless(told(dns.Configured, "SERVFAIL")), NameFailed, CodeName, diag.Fail},

	{"closed", only(to(443, internet.Refused), to(80, internet.Refused)), Refused, CodeTCP, diag.Fail},
	{"one address closed, one silent", only(to(443, internet.Refused), to(443, internet.Timeout)), Refused, CodeTCP, diag.Fail},
	{"silent", only(to(443, internet.Timeout), to(80, internet.Timeout)), Silent, CodeTCP, diag.Fail},
	{"silent, its host alive", only(to(443, internet.Timeout), companionOf(internet.Refused)), Filtered, CodeTCP, diag.Fail},
	{"silent, its host silent too", only(to(443, internet.Timeout), companionOf(internet.Timeout)), Silent, CodeTCP, diag.Fail},
	{"443 silent, 80 open", func(t *Target) {
		only(to(443, internet.Timeout), to(80, internet.Connected))(t)
		t.HTTP = healthy().HTTP
	}, Filtered, CodeTCP, diag.Fail},
	{"443 closed, 80 open", func(t *Target) {
		only(to(443, internet.Refused), to(80, internet.Connected))(t)
		t.HTTP = healthy().HTTP
	}, Whole, "", diag.OK},
	{"neighbour away", only(onLink("incomplete")), NeighbourGone, CodeTCP, diag.Fail},
	{"neighbour there, port dropped", only(onLink("reachable")), Silent, CodeTCP, diag.Fail},
	{"no way there", only(to(443, internet.NoNetwork)), NoRoute, CodeTCP, diag.Fail},
	{"forbidden here", only(to(443, internet.Denied)), Denied, CodeTCP, diag.Fail},
	{"dropped here", func(t *Target) { only(to(443, internet.Timeout))(t); t.Dropped = true }, Denied, CodeTCP, diag.Fail},

	{"handshake ends at the name", func(t *Target) {
		t.TLS, t.HTTP, t.Decoy = &internet.TLS{Outcome: internet.Broken, Dialed: true}, nil, &internet.TLS{Outcome: internet.Connected, Now: internet.Trusted}
	}, HungUp, CodeTLS, diag.Fail},
	{"packets with the name vanish", func(t *Target) {
		t.TLS, t.HTTP, t.Decoy = &internet.TLS{Outcome: internet.Timeout, Dialed: true}, nil, &internet.TLS{Outcome: internet.Broken, Alert: true}
	}, HungUp, CodeTLS, diag.Fail},
	{"the server says that it does not know the name", func(t *Target) {
		t.TLS, t.HTTP = &internet.TLS{Outcome: internet.Broken, Alert: true, Dialed: true}, nil
	}, HungUp, CodeTLS, diag.Fail},
	{"hangs up on everybody", func(t *Target) {
		t.TLS, t.HTTP, t.Decoy = &internet.TLS{Outcome: internet.Broken, Dialed: true}, nil, &internet.TLS{Outcome: internet.Broken}
	}, Mute, CodeTLS, diag.Fail},
	{"handshake never ends", func(t *Target) { t.TLS, t.HTTP = &internet.TLS{Outcome: internet.Timeout, Dialed: true}, nil }, Mute, CodeTLS, diag.Fail},
	{"run out", certificate(internet.Expired, internet.Expired), Expired, CodeTLS, diag.Fail},
	{"run out by our clock only", certificate(internet.Expired, internet.Trusted), Whole, "", diag.OK},
	{"run out by the servers' clock too, and a stranger's", certificate(internet.Expired, internet.UnknownCA), Untrusted, CodeTLS, diag.Fail},
	{"somebody else's", certificate(internet.WrongName, internet.WrongName), WrongName, CodeTLS, diag.Fail},
	{"a stranger's", certificate(internet.UnknownCA, ""), Untrusted, CodeTLS, diag.Fail},
	{"no list of authorities here", certificate(internet.NoRoots, ""), Whole, "", diag.OK},

	{"no answer", func(t *Target) { t.HTTP = &internet.Head{Outcome: internet.Timeout} }, Mute, CodeHTTP, diag.Fail},
	{"broken server", func(t *Target) { t.HTTP.Status = 503 }, ServerFail, CodeHTTP, diag.Fail},
	{"page that is not there", func(t *Target) { t.HTTP.Status = 404 }, Whole, "", diag.OK},
	{"page that wants a login", func(t *Target) { t.HTTP.Status = 401 }, Whole, "", diag.OK},
	{"late", func(t *Target) { t.HTTP.TookMS = 1800 }, Slow, CodeHTTP, diag.Warn},
	{"far away", func(t *Target) { t.Connects[0].TookMS, t.TLS.TookMS, t.HTTP.TookMS = 900, 1800, 1000 }, Whole, "", diag.OK},
	{"dead over IPv6", func(t *Target) { t.Connects = append(t.Connects, to6(internet.Timeout)) }, Dead6, CodeTCP, diag.Warn},
	{"dead over IPv4", func(t *Target) { t.Connects = []Connect{to(443, internet.Timeout), to6(internet.Connected)} }, Whole, "", diag.OK},
	{"IPv6 not known yet", func(t *Target) { t.Ended = false }, Pending, "", diag.OK},

	{"through the proxy only", proxied(through(200, 200), only(to(443, internet.Timeout))), Whole, "", diag.OK},
	{"proxy not asked yet", proxied(nil), Pending, CodeProxy, diag.Unknown},
	{"proxy away", proxied(&internet.Passage{Outcome: internet.Refused}), ProxyDead, CodeProxy, diag.Fail},
	{"proxy wants a login", proxied(through(407, 0)), ProxyLogin, CodeProxy, diag.Unknown},
	{"proxy says no", proxied(through(403, 0)), ProxyRefuses, CodeProxy, diag.Fail},
	{"proxy says no, and there is no other way", proxied(through(403, 0), only(to(443, internet.Timeout))), ProxyRefuses, CodeProxy, diag.Fail},
	{"proxy does not reach it, we do", proxied(through(504, 0)), ProxyRefuses, CodeProxy, diag.Fail},
	{"neither reaches it", proxied(through(504, 0), only(to(443, internet.Timeout))), Silent, CodeTCP, diag.Fail},
	{"only the proxy knows names, and does not reach it", proxied(through(503, 0), nameless(told(dns.Configured, "NXDOMAIN"))), Silent, CodeTCP, diag.Fail},
	{"the site itself forbids, inside the tunnel", proxied(through(200, 403)), Whole, "", diag.OK},
}

func TestBreaks(t *testing.T) {
	for _, tt := range breaks {
		t.Run(tt.name, func(t *testing.T) {
			target := healthy()
			tt.change(&target)
			if got := target.Break(); got != tt.want {
				t.Errorf("break %q, want %q", got, tt.want)
			}
			j := Judge(Section.In(diag.Facts{}, Facts{Targets: []Target{target}}))
			worst := diag.Finding{Status: diag.OK}
			for _, f := range j.Findings {
				if worst.Status.Worse(f.Status) != worst.Status {
					worst = f
				}
			}
			if worst.Code != tt.code || worst.Status != tt.status {
				t.Errorf("%s %v, want %s %v: %+v", worst.Code, worst.Status, tt.code, tt.status, j.Findings)
			}
		})
	}
}

// TestOtherPorts: what is only connected to is whole when it connects.
func TestOtherPorts(t *testing.T) {
	target := healthy()
	target.Ports, target.TLS, target.HTTP = []int{22}, nil, nil
	target.Connects = []Connect{to(22, internet.Connected)}
	if got := target.Break(); got != Whole {
		t.Errorf("ssh: %q", got)
	}
	target.Ports, target.Connects = []int{993}, []Connect{to(993, internet.Connected)}
	if got := target.Break(); got != Pending {
		t.Errorf("imaps without a handshake: %q", got)
	}
	target.TLS = healthy().TLS
	if got := target.Break(); got != Whole {
		t.Errorf("imaps: %q", got)
	}
}
