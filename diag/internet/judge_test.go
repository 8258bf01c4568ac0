package internet

import (
	"encoding/json"
	"reflect"
	"testing"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

func row4(o Outcome) Connect { return Connect{Address: "192.0.2.1", Port: 443, Family: 4, Outcome: o} }
func row6(o Outcome) Connect {
	return Connect{Address: "2001:db8::1", Port: 443, Family: 6, Outcome: o}
}

func page(m diag.Tri) Web {
	return Web{URL: "http://a.test/", Address: "192.0.2.7", Outcome: Connected, Status: 200, Match: m}
}

func says(status int) Web { w := page(diag.No); w.Status = status; return w }
func nowhere() Web {
	return Web{URL: "http://a.test/", Scope: link.Null, Outcome: Refused}
}
func silentWeb() Web    { return Web{URL: "http://a.test/", Outcome: Timeout} }
func through(w Web) Web { w.Proxy = "http://proxy.test:3128"; return w }
func told(w Web, s float64, from string) Web {
	w.HasDate, w.SkewS, w.Address = true, s, from
	return w
}

func proxied(o Outcome) []Proxy {
	return []Proxy{{Variable: "http_proxy", Source: "environment", URL: "http://proxy.test:3128", Outcome: o}}
}

var judgeTable = []struct {
	name string
	in   Facts
	want map[string]diag.Status
}{
	{"nothing gathered", Facts{}, map[string]diag.Status{
		"anchors": diag.Unknown, "ipv6": diag.Unknown, "web": diag.Unknown, "tls": diag.Unknown, "clock": diag.Unknown, "proxy": diag.Skipped}},
	{"nothing to ask: no route", Facts{Asked: Asked{Known: true}}, map[string]diag.Status{
		"anchors": diag.Skipped, "ipv6": diag.Skipped, "web": diag.Skipped, "tls": diag.Skipped, "clock": diag.Skipped}},
	{"one of two anchors", Facts{Asked: Asked{Known: true, Anchors4: 2}, Anchors: []Connect{row4(Timeout), row4(Connected)}},
		map[string]diag.Status{"anchors": diag.OK, "ipv6": diag.Skipped}},
	{"a refusal proves the path", Facts{Anchors: []Connect{row4(Refused)}}, map[string]diag.Status{"anchors": diag.OK}},
	{"all silent", Facts{Asked: Asked{Known: true, Anchors4: 2}, Anchors: []Connect{row4(Timeout), row4(NoNetwork)}},
		map[string]diag.Status{"anchors": diag.Fail}},
	{"one silent, one cut", Facts{Asked: Asked{Known: true, Anchors4: 2}, Anchors: []Connect{row4(Timeout)}},
		map[string]diag.Status{"anchors": diag.Unknown}},
	{"all silent, the proxy still at it", Facts{Asked: Asked{Known: true, Anchors4: 1, Proxied: 1}, Anchors: []Connect{row4(Timeout)}},
		map[string]diag.Status{"anchors": diag.Unknown}},
	{"only the proxy leads out", Facts{
		Asked: Asked{Known: true, Anchors4: 1, Web: 1, Proxied: 1, TLS: 1}, Anchors: []Connect{row4(Timeout)},
		Web: []Web{silentWeb(), through(told(page(diag.Yes), 3, "10.0.0.9"))}, TLS: []TLS{{Outcome: Timeout}}, Proxies: proxied(Connected)},
		map[string]diag.Status{"anchors": diag.Skipped, "web": diag.OK, "tls": diag.Skipped, "proxy": diag.OK, "clock": diag.OK, "ipv6": diag.Skipped}},
	{"anchors shut by policy, sites answer", Facts{
		Asked: Asked{Known: true, Anchors4: 1, Web: 1, TLS: 1}, Anchors: []Connect{row4(Timeout)},
		Web: []Web{page(diag.Yes)}, TLS: []TLS{{Outcome: Connected, Dialed: true, Now: Trusted}}},
		map[string]diag.Status{"anchors": diag.Skipped, "web": diag.OK, "tls": diag.OK}},
	{"port 443 shut on the way", Facts{
		Asked: Asked{Known: true, Anchors4: 1, Web: 1, TLS: 1}, Anchors: []Connect{row4(Timeout)},
		Web: []Web{page(diag.Yes)}, TLS: []TLS{{Outcome: Timeout}}},
		map[string]diag.Status{"anchors": diag.Fail, "web": diag.OK, "tls": diag.Unknown}},
	{"IPv6 dead", Facts{Asked: Asked{Known: true, Anchors4: 1, Anchors6: 1}, Anchors: []Connect{row4(Connected), row6(Timeout)}},
		map[string]diag.Status{"ipv6": diag.Warn, "anchors": diag.OK}},
	{"IPv6 dead and so is IPv4", Facts{Asked: Asked{Known: true, Anchors4: 1, Anchors6: 1}, Anchors: []Connect{row4(Timeout), row6(Timeout)}},
		map[string]diag.Status{"ipv6": diag.Skipped, "anchors": diag.Fail}},
	{"IPv6 alone works", Facts{Asked: Asked{Known: true, Anchors6: 1}, Anchors: []Connect{row6(Connected)}},
		map[string]diag.Status{"ipv6": diag.OK, "anchors": diag.OK}},
	{"IPv6 not known to be there", Facts{Anchors: []Connect{row4(Connected), row6(NoNetwork)}}, map[string]diag.Status{"ipv6": diag.Skipped}},
	{"first of two pages wrong, second out", Facts{Asked: Asked{Known: true, Web: 2}, Web: []Web{page(diag.No)}},
		map[string]diag.Status{"web": diag.Unknown}},
	{"both pages wrong", Facts{Asked: Asked{Known: true, Web: 2}, Web: []Web{page(diag.No), page(diag.No)}},
		map[string]diag.Status{"web": diag.Fail}},
	{"both pages missing, a secure site answers", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{says(404), says(503)}, TLS: []TLS{{Outcome: Connected, Dialed: true, Now: Trusted}}},
		map[string]diag.Status{"web": diag.Warn, "tls": diag.OK}},
	{"both sites silent, a secure site answers", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{silentWeb(), silentWeb()}, TLS: []TLS{{Outcome: Connected, Dialed: true, Now: Trusted}}},
		map[string]diag.Status{"web": diag.Warn, "tls": diag.OK}},
	{"another page instead, a secure site answers", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{says(200), says(404)}, TLS: []TLS{{Outcome: Connected, Dialed: true, Now: Trusted}}},
		map[string]diag.Status{"web": diag.Fail, "tls": diag.OK}},
	{"both pages missing, no secure site either", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{says(404), says(503)}, TLS: []TLS{{Outcome: Timeout}}},
		map[string]diag.Status{"web": diag.Fail}},
	{"a list leads both pages nowhere, a secure site answers", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{nowhere(), nowhere()}, TLS: []TLS{{Outcome: Connected, Dialed: true, Now: Trusted}}},
		map[string]diag.Status{"web": diag.Skipped, "tls": diag.OK, "clock": diag.Skipped}},
	{"a list leads both pages nowhere, and nothing else", Facts{Asked: Asked{Known: true, Web: 2, TLS: 1},
		Web: []Web{nowhere(), nowhere()}, TLS: []TLS{{Outcome: Timeout}}},
		map[string]diag.Status{"web": diag.Fail}},
	{"one site trusted, one not", Facts{TLS: []TLS{{Now: Trusted, Dialed: true}, {Now: UnknownCA, Dialed: true}}},
		map[string]diag.Status{"tls": diag.Warn}},
	{"no list of authorities", Facts{TLS: []TLS{{Now: NoRoots, Outcome: Connected, Dialed: true}}}, map[string]diag.Status{"tls": diag.Unknown}},
	{"clock within the limit", Facts{ClockLimitS: 60, Web: []Web{told(page(diag.Yes), 59, "192.0.2.7")}}, map[string]diag.Status{"clock": diag.OK}},
	{"clock beyond the limit", Facts{ClockLimitS: 60, Web: []Web{told(page(diag.Yes), -61, "192.0.2.7")}}, map[string]diag.Status{"clock": diag.Fail}},
	{"clock without a configured limit", Facts{Web: []Web{told(page(diag.Yes), 121, "192.0.2.7")}}, map[string]diag.Status{"clock": diag.Fail}},
	{"one stranger's date is nothing", Facts{Web: []Web{told(page(diag.No), 9999, "192.0.2.7")}}, map[string]diag.Status{"clock": diag.Unknown}},
	{"two strangers agree", Facts{Web: []Web{told(page(diag.No), 9999, "192.0.2.7"), told(page(diag.No), 9998, "192.0.2.8")}},
		map[string]diag.Status{"clock": diag.Unknown}},
	{"two strangers agree, and a certificate with them", Facts{
		Web: []Web{told(page(diag.No), 9999, "192.0.2.7"), told(page(diag.No), 9998, "192.0.2.8")},
		TLS: []TLS{{Now: NotYetValid, Then: Trusted, Dialed: true}}}, map[string]diag.Status{"clock": diag.Fail}},
	{"proxy silent, the network works", Facts{Asked: Asked{Known: true, Proxied: 1}, Anchors: []Connect{row4(Connected)}, Proxies: proxied(Timeout)},
		map[string]diag.Status{"proxy": diag.Fail}},
	{"proxy silent, and everything else", Facts{Asked: Asked{Known: true, Proxied: 1}, Anchors: []Connect{row4(Timeout)}, Proxies: proxied(Timeout)},
		map[string]diag.Status{"proxy": diag.Unknown}},
	{"proxy not tried yet", Facts{Asked: Asked{Known: true, Proxied: 1}, Proxies: proxied("")}, map[string]diag.Status{"proxy": diag.Unknown}},
	{"proxy of a kind we do not speak", Facts{Asked: Asked{Known: true}, Proxies: []Proxy{{URL: "socks4://p:1080", Outcome: Connected}}},
		map[string]diag.Status{"proxy": diag.OK}},
}

func TestJudge(t *testing.T) {
	for _, c := range judgeTable {
		t.Run(c.name, func(t *testing.T) {
			f := Section.In(diag.Facts{}, c.in)
			wantStatus(t, byCode(Judge(f)), c.want)
		})
	}
}

// TestJudgeSurvivesSaving: facts read back from a report give the same findings.
func TestJudgeSurvivesSaving(t *testing.T) {
	for _, c := range judgeTable {
		f := Section.In(diag.Facts{}, c.in)
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back diag.Facts
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if err := Section.Decode(back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(Judge(f), Judge(back)) {
			t.Errorf("%s: other findings after saving", c.name)
		}
	}
}

// TestEverySentenceExists puts every message a judge can utter into words.
func TestEverySentenceExists(t *testing.T) {
	p := text.New("en")
	check := func(m text.Message) {
		if s := p.T(m); s == "["+m.Key+"]" {
			t.Errorf("the catalogue lacks %s", m.Key)
		}
	}
	outcomes := []Outcome{Connected, Refused, Timeout, NoNetwork, Denied, NoName, Broken, Exhausted, ""}
	var cases []Facts
	for _, c := range judgeTable {
		cases = append(cases, c.in)
	}
	for _, o := range outcomes {
		f := Facts{BindDenied: true, Web: []Web{{Outcome: o}, {Outcome: o, Status: 407, Proxy: "p"}}, TLS: []TLS{{Outcome: o}}, Proxies: []Proxy{{URL: "http://p", Outcome: o}}}
		if o != "" {
			f.Anchors = []Connect{row4(o)}
		} else {
			f.Web, f.TLS = nil, nil
		}
		cases = append(cases, f)
	}
	for _, v := range []Verdict{Trusted, Expired, NotYetValid, UnknownCA, WrongName, BadChain, NoRoots} {
		cases = append(cases, Facts{TLS: []TLS{{Outcome: Connected, Dialed: true, Now: v, Then: Trusted}}})
	}
	for _, s := range []float64{0, 1, -1, 150, -150, 9000, -9000, 1e6, -1e6} {
		cases = append(cases, Facts{Web: []Web{told(page(diag.Yes), s, "192.0.2.7")}})
	}
	for _, in := range cases {
		for _, os := range []string{"linux", "windows"} {
			f := diag.RunSection.In(Section.In(diag.Facts{}, in), diag.RunFacts{OS: os})
			j := Judge(f)
			for _, found := range j.Findings {
				check(found.Message())
				for _, e := range found.Evidence {
					check(e.What)
				}
			}
			for _, u := range j.Unseen {
				check(u.What)
				check(u.Why)
				check(u.Unlock)
			}
		}
	}
	for _, code := range []string{"anchors", "ipv6", "web", "tls", "clock", "proxy"} {
		for _, s := range []diag.Status{diag.OK, diag.Unknown, diag.Skipped} {
			check(text.M("finding.connectivity." + code + "." + s.String()))
		}
	}
	for _, why := range []string{"anchor", "web", "tls", "proxy"} {
		check(text.M("contact." + why))
	}
}

// TestUsable: a family is left alone only where the tables say that there is
// no way out.
func TestUsable(t *testing.T) {
	route6 := []link.Route{{Family: 6, Default: true, Type: "unicast", Index: 2}}
	public6 := []link.Address{{Index: 2, Family: 6, Scope: link.Public}}
	path := func(family int, ok diag.Tri) link.Path {
		return link.Path{For: "anchor", Family: family, Reachable: ok}
	}
	for _, c := range []struct {
		name   string
		in     link.Facts
		v4, v6 bool
	}{
		{"unreadable", link.Facts{}, true, true},
		{"nothing for IPv6", link.Facts{Readable: diag.Yes}, true, false},
		{"no route", link.Facts{Readable: diag.Yes, Paths: []link.Path{path(4, diag.No), path(4, diag.No)}}, false, false},
		{"one way", link.Facts{Readable: diag.Yes, Paths: []link.Path{path(4, diag.No), path(4, diag.Yes)}}, true, false},
		{"IPv6", link.Facts{Readable: diag.Yes, Routes: route6, Addresses: public6, Paths: []link.Path{path(6, diag.Yes)}}, true, true},
		{"IPv6 prohibited", link.Facts{Readable: diag.Yes, Routes: route6, Addresses: public6, Paths: []link.Path{path(6, diag.No)}}, true, false},
		{"IPv6 route, private address", link.Facts{Readable: diag.Yes, Routes: route6, Addresses: []link.Address{{Family: 6, Scope: link.Private}}}, true, false},
	} {
		f := link.Section.In(diag.Facts{}, c.in)
		if usable(f, 4) != c.v4 || usable(f, 6) != c.v6 {
			t.Errorf("%s: v4 %v v6 %v", c.name, usable(f, 4), usable(f, 6))
		}
	}
}

func TestRivals(t *testing.T) {
	def := func(index, metric int) link.Route {
		return link.Route{Family: 4, Default: true, Type: "unicast", Index: index, Metric: metric}
	}
	links := []link.Link{{Index: 2, Name: "eth0"}, {Index: 3, Name: "wlan0"}}
	if got := rivals(link.Facts{Links: links, Routes: []link.Route{def(2, 0), def(2, 9)}}, 4); got != nil {
		t.Errorf("one link is no rival: %v", got)
	}
	if got := rivals(link.Facts{Links: links, Routes: []link.Route{def(3, 600), def(2, 100)}}, 4); len(got) != 2 || got[0].Name != "eth0" {
		t.Errorf("%v", got)
	}
}
