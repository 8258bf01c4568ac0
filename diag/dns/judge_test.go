package dns

import (
	"encoding/json"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// Building blocks of judged worlds.

func answer(proto, rcode string, ips ...string) Query {
	q := Query{Proto: proto, Kind: KindName, Name: "example.com", Type: "A", Outcome: Answered, Rcode: rcode, IPs: ips, TookMS: 12}
	for _, ip := range ips {
		q.Scopes = append(q.Scopes, link.ScopeOf(ip))
	}
	return q
}

func fate(proto, outcome string) Query {
	return Query{Proto: proto, Kind: KindName, Name: "example.com", Type: "A", Outcome: outcome, TookMS: 1200}
}

func random(rcode string, ips ...string) Query {
	q := answer("udp", rcode, ips...)
	q.Kind, q.Name = KindRandom, "qwertyuiopasdfgh.com"
	return q
}

func server(role, address string, queries ...Query) Server {
	return Server{Address: address, Scope: link.ScopeOf(address), Role: role, Queries: queries}
}

func truthful(role, address string) Server {
	return server(role, address, answer("udp", "NOERROR", "203.0.113.80"), answer("tcp", "NOERROR", "203.0.113.80"), random("NXDOMAIN"))
}

func dead(address, outcome string) Server {
	q := fate("udp", outcome)
	q.Kind = KindRandom
	return server(Configured, address, fate("udp", outcome), fate("tcp", outcome), q)
}

func lookup(outcome string, ms float64) []Lookup {
	return []Lookup{{Name: "example.com", Outcome: outcome, TookMS: ms}}
}

// world is healthy until a case changes it.
func world(change func(*Facts)) Facts {
	f := Facts{
		Conf:    Conf{Exists: diag.Yes, Owner: OwnerPlain, Servers: []string{"192.168.1.1"}},
		NSS:     NSS{Sources: []string{"files", "dns"}, HasDNS: diag.Yes},
		Hosts:   Hosts{Readable: diag.Yes, Lines: 3},
		Servers: []Server{truthful(Configured, "192.168.1.1"), truthful(Control, "9.9.9.9")},
		Lookups: lookup(Found, 20),
	}
	change(&f)
	return f
}

func serversOf(f *Facts, list ...Server) {
	f.Conf.Servers = nil
	for _, s := range list {
		if s.Role == Configured {
			f.Conf.Servers = append(f.Conf.Servers, s.Address)
		}
	}
	f.Servers = append(list, truthful(Control, "9.9.9.9"))
}

const (
	ok, warn, fail, unknown, skipped = diag.OK, diag.Warn, diag.Fail, diag.Unknown, diag.Skipped
)

var judgements = []struct {
	name                                          string
	change                                        func(*Facts)
	configured, servers, resolves, honest, inFile diag.Status
}{
	{"healthy", func(f *Facts) {}, ok, ok, ok, ok, ok},
	{"nothing gathered", func(f *Facts) { *f = Facts{} }, unknown, unknown, unknown, unknown, unknown},
	{"600 ms round trips", func(f *Facts) { f.Lookups[0].TookMS = 1300 }, ok, ok, ok, ok, ok},
	{"no DNS over TCP", func(f *Facts) {
		serversOf(f, server(Configured, "192.168.1.1", answer("udp", "NOERROR", "203.0.113.80"), fate("tcp", Closed), random("NXDOMAIN")))
	}, ok, ok, ok, ok, ok},
	{"control resolvers not reachable", func(f *Facts) {
		f.Servers[1] = dead("9.9.9.9", Silent)
		f.Servers[1].Role = Control
	}, ok, ok, ok, ok, ok},
	{"control resolvers answer, nothing else is known yet", func(f *Facts) {
		f.Lookups, f.Servers[0].Queries = nil, nil
	}, ok, unknown, unknown, unknown, ok},
	{"private address without a second opinion", func(f *Facts) {
		f.Servers = []Server{server(Configured, "192.168.1.1", answer("udp", "NOERROR", "10.1.2.3"), random("NXDOMAIN"))}
	}, ok, ok, ok, ok, ok},
	{"second server dead", func(f *Facts) { serversOf(f, truthful(Configured, "192.168.1.1"), dead("192.168.1.2", Silent)) }, ok, ok, ok, ok, ok},
	{"first server dead", func(f *Facts) {
		serversOf(f, dead("192.168.1.2", Silent), truthful(Configured, "192.168.1.1"))
		f.Lookups = lookup(Slow, 3000)
	}, ok, warn, warn, ok, ok},
	{"first server dead, lookup not ended", func(f *Facts) {
		serversOf(f, dead("192.168.1.2", Silent), truthful(Configured, "192.168.1.1"))
		f.Lookups = nil
	}, ok, warn, unknown, ok, ok},
	{"first server not known yet", func(f *Facts) {
		serversOf(f, server(Configured, "192.168.1.2"), truthful(Configured, "192.168.1.1"))
	}, ok, unknown, ok, ok, ok},
	{"silent, before the lookup ends", func(f *Facts) { serversOf(f, dead("192.168.1.1", Silent)); f.Lookups = nil }, ok, fail, fail, skipped, ok},
	{"closed", func(f *Facts) { serversOf(f, dead("127.0.0.53", Closed)); f.Lookups = lookup(NotFound, 3) }, ok, fail, fail, skipped, ok},
	{"closed, but nss-resolve may know", func(f *Facts) {
		serversOf(f, dead("127.0.0.53", Closed))
		f.NSS.Sources, f.Lookups = []string{"files", "resolve", "dns"}, nil
	}, ok, fail, unknown, skipped, ok},
	{"this PC's own rules", func(f *Facts) { serversOf(f, dead("192.168.1.1", Denied)); f.Lookups = nil }, ok, fail, fail, skipped, ok},
	{"servfail", func(f *Facts) {
		serversOf(f, server(Configured, "192.168.1.1", answer("udp", "SERVFAIL"), answer("tcp", "SERVFAIL"), random("SERVFAIL")))
		f.Lookups = nil
	}, ok, fail, fail, ok, ok},
	{"UDP silent, TCP answers", func(f *Facts) {
		serversOf(f, server(Configured, "192.168.1.1", fate("udp", Silent), answer("tcp", "NOERROR", "203.0.113.80")))
		f.Lookups = nil
	}, ok, fail, fail, unknown, ok},
	{"the same with use-vc", func(f *Facts) {
		serversOf(f, server(Configured, "192.168.1.1", fate("udp", Silent), answer("tcp", "NOERROR", "203.0.113.80"), random("NXDOMAIN")))
		f.Conf.Options = []string{"use-vc"}
	}, ok, ok, ok, ok, ok},
	{"empty resolv.conf", func(f *Facts) {
		f.Conf.Servers, f.Lookups = nil, lookup(NotFound, 5)
		f.Servers[0] = server(Implied, "127.0.0.1", fate("udp", Closed), fate("tcp", Closed))
	}, fail, skipped, fail, skipped, ok},
	{"empty resolv.conf, server here", func(f *Facts) {
		f.Conf.Servers, f.Lookups = nil, nil
		f.Servers[0] = truthful(Implied, "127.0.0.1")
	}, ok, ok, unknown, ok, ok},
	{"empty resolv.conf, nothing ended", func(f *Facts) {
		f.Conf.Servers, f.Lookups = nil, nil
		f.Servers[0] = server(Implied, "127.0.0.1")
	}, unknown, unknown, unknown, unknown, ok},
	{"empty resolv.conf, nss-resolve works", func(f *Facts) {
		f.Conf.Servers = nil
		f.Servers[0] = server(Implied, "127.0.0.1", fate("udp", Closed))
		f.NSS.Sources = []string{"resolve", "files"}
	}, ok, skipped, ok, skipped, ok},
	{"not allowed to look", func(f *Facts) {
		f.Conf = Conf{Why: "permission"}
		f.Hosts = Hosts{Readable: diag.No, Why: "permission"}
		f.Servers = f.Servers[1:]
	}, unknown, unknown, ok, unknown, unknown},
	{"nsswitch without dns", func(f *Facts) {
		f.NSS = NSS{Sources: []string{"files"}, HasDNS: diag.No}
		f.Lookups = lookup(NotFound, 2)
	}, ok, ok, fail, ok, ok},
	{"no getent", func(f *Facts) { f.Lookups = lookup(Missing, 1) }, ok, ok, ok, ok, ok},
	{"no getent, nsswitch unreadable", func(f *Facts) { f.Lookups, f.NSS = lookup(Missing, 1), NSS{} }, ok, ok, unknown, ok, ok},
	{"lookup stalls", func(f *Facts) { f.Lookups[0].TookMS = 2000 }, ok, ok, warn, ok, ok},
	{"names made up", func(f *Facts) {
		f.Servers[0].Queries[2] = random("NOERROR", "198.51.100.2")
	}, ok, ok, ok, fail, ok},
	{"inward, with a second opinion: for others to say", func(f *Facts) {
		f.Servers[0].Queries[0] = answer("udp", "NOERROR", "10.1.2.3")
	}, ok, ok, ok, ok, ok},
	{"filtered to nowhere", func(f *Facts) {
		f.Servers[0].Queries[0] = answer("udp", "NOERROR", "0.0.0.0")
	}, ok, ok, ok, ok, ok},
	{"two answers to one question", func(f *Facts) { f.Servers[0].Queries[0].Rival = true }, ok, ok, ok, warn, ok},
	{"a known name with other addresses", func(f *Facts) {
		f.Servers[0].Queries = append(f.Servers[0].Queries, Query{Proto: "udp", Kind: KindKnown, Name: knownName, Type: "A", Outcome: Answered, Rcode: "NOERROR", IPs: []string{"10.1.2.3"}, Scopes: []link.Scope{link.Private}, AsKnown: diag.No})
	}, ok, ok, ok, warn, ok},
	{"a known name with stand-in addresses", func(f *Facts) {
		f.Servers[0].Queries = append(f.Servers[0].Queries, Query{Proto: "udp", Kind: KindKnown, Name: knownName, Type: "A", Outcome: Answered, Rcode: "NOERROR", IPs: []string{"198.18.0.4"}, Scopes: []link.Scope{link.StandIn}, AsKnown: diag.No})
	}, ok, ok, ok, ok, ok},
	{"no socket to be had", func(f *Facts) {
		serversOf(f, dead("192.168.1.1", Failed))
		f.Lookups = nil
	}, ok, unknown, unknown, unknown, ok},
	{"random question lost", func(f *Facts) { f.Servers[0].Queries[2].Outcome = Silent }, ok, ok, ok, unknown, ok},
	{"hosts file wrong", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "example.com", IP: "10.66.66.66", InDNS: diag.Yes, Agrees: diag.No}}
	}, ok, ok, ok, ok, fail},
	{"hosts file leads a name nowhere", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "example.com", IP: "0.0.0.0", Scope: link.Null, InDNS: diag.Yes, Agrees: diag.No}}
	}, ok, ok, ok, ok, ok},
	{"hosts file right", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "example.com", IP: "203.0.113.80", InDNS: diag.Yes, Agrees: diag.Yes}}
	}, ok, ok, ok, ok, ok},
	{"only the hosts file knows", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "intranet", IP: "10.0.0.5", InDNS: diag.No}}
	}, ok, ok, ok, ok, ok},
	{"hosts file not compared", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "example.com", IP: "10.0.0.5"}}
	}, ok, ok, ok, ok, unknown},
	{"hosts file not read by anybody", func(f *Facts) {
		f.Hosts.Entries = []HostsEntry{{Line: 4, Name: "example.com", IP: "10.0.0.5", Agrees: diag.No}}
		f.NSS.Sources = []string{"dns"}
	}, ok, ok, ok, ok, ok},
}

func TestJudge(t *testing.T) {
	say := text.New("en")
	for _, c := range judgements {
		t.Run(c.name, func(t *testing.T) {
			j := Judge(Section.In(diag.Facts{}, world(c.change)))
			want := map[string]diag.Status{CodeConfigured: c.configured, CodeServers: c.servers, CodeResolves: c.resolves, CodeHonest: c.honest, CodeHosts: c.inFile}
			if len(j.Findings) != len(want) {
				t.Errorf("%d findings", len(j.Findings))
			}
			for _, f := range j.Findings {
				if f.Status != want[f.Code] {
					t.Errorf("%s is %v, want %v", f.Code, f.Status, want[f.Code])
				}
				complete(t, say, f.Message())
				for _, e := range f.Evidence {
					complete(t, say, e.What)
				}
			}
			for _, u := range j.Unseen {
				complete(t, say, u.What)
				complete(t, say, u.Why)
				complete(t, say, u.Unlock)
			}
		})
	}
}

// complete fails when the catalogue cannot say a message whole.
func complete(t *testing.T, say *text.Printer, m text.Message) {
	t.Helper()
	if s := say.T(m); s == "" || strings.Contains(s, "[") || strings.Contains(s, "<no value>") {
		t.Errorf("%s: %q", m.Key, s)
	}
}

// A report goes through JSON and comes to the same findings.
func TestJudgeAfterJSON(t *testing.T) {
	for _, c := range judgements {
		before := Section.In(diag.Facts{}, world(c.change))
		b, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		var after diag.Facts
		if err := json.Unmarshal(b, &after); err != nil {
			t.Fatal(err)
		}
		x, _ := json.Marshal(Judge(before).Findings)
		y, _ := json.Marshal(Judge(after).Findings)
		if string(x) != string(y) {
			t.Errorf("%s: findings differ:\n%s\n%s", c.name, x, y)
		}
	}
}

func TestAgreement(t *testing.T) {
	said := func(local, known bool, ips ...string) testimony {
		return testimony{name: "example.com", local: local, known: known, ips: ips}
	}
	for _, c := range []struct {
		name          string
		heard         []testimony
		inDNS, agrees diag.Tri
	}{
		{"nobody answered", []testimony{said(false, false)}, diag.Maybe, diag.Maybe},
		{"the same", []testimony{said(false, true, "10.0.0.5"), said(false, true)}, diag.Yes, diag.Yes},
		{"another", []testimony{said(false, true, "203.0.113.80"), said(false, true)}, diag.Yes, diag.No},
		{"one of two servers agrees", []testimony{said(false, true, "203.0.113.80"), said(false, true, "10.0.0.5")}, diag.Yes, diag.Yes},
		{"none there", []testimony{said(false, true), said(false, true)}, diag.No, diag.Maybe},
		{"only A is known to be none", []testimony{said(false, true), said(false, false)}, diag.Maybe, diag.Maybe},
		{"a local server repeats the file", []testimony{said(true, true, "10.0.0.5"), said(true, true)}, diag.Maybe, diag.Maybe},
		{"a local server repeats it, another one differs", []testimony{said(true, true, "10.0.0.5"), said(false, true, "203.0.113.80")}, diag.Yes, diag.No},
		{"a local server differs", []testimony{said(true, true, "203.0.113.80")}, diag.Yes, diag.No},
		{"of another name", []testimony{{name: "wikipedia.org", known: true, ips: []string{"10.0.0.5"}}}, diag.Maybe, diag.Maybe},
	} {
		if inDNS, agrees := agreement("example.com", "10.0.0.5", c.heard); inDNS != c.inDNS || agrees != c.agrees {
			t.Errorf("%s: %v %v, want %v %v", c.name, inDNS, agrees, c.inDNS, c.agrees)
		}
	}
}
