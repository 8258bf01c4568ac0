package cause

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/deep"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/privacy"
	"deskside/diag/target"
	"deskside/diag/witness"
)

// asking is a fault about which a person can tell something.
type asking struct {
	name   string
	facts  diag.Facts
	rivals []string // what an answer may name beside what is named without one
}

func (a asking) told(answers ...diag.Answer) diag.Facts { return witness.With(a.facts, answers) }

// routerOnline: the router finds names and passes nothing on.
func routerOnline(p *pc) {
	p.silentBeyond(1)
	p.dns.Servers[0] = server(dns.Configured, router, link.Private, dns.Query{Proto: "udp", Kind: dns.KindRandom, Name: "qwertz.com", Type: "A", Outcome: dns.Answered, Rcode: "NXDOMAIN"})
}

func routerSilent(p *pc) {
	p.silentBeyond(0)
	p.gw.Routers[0].Answers, p.gw.Routers[0].Echo = diag.No, gateway.Echo{Sent: 5}
}

func askedCases() []asking {
	var out []asking
	add := func(name string, change func(*pc), rivals ...string) {
		p := healthyPC()
		change(p)
		out = append(out, asking{name, p.facts(), rivals})
	}
	add("the cable is out", func(p *pc) { p.link.Links[1].Carrier = false; p.silentBeyond(0) })
	add("nobody hands out addresses", func(p *pc) {
		p.noAddress()
		p.lan.DHCP = lan.DHCP{Client: "networkd", Planned: true, Index: 2, Sent: 2}
	})
	add("two devices have the address", func(p *pc) {
		p.lan.Own = []lan.Own{{Address: "192.168.1.50", Index: 2, MACs: []string{"02:00:5e:10:00:01"}}}
		p.silentBeyond(1)
	})
	add("a tunnel swallows everything", func(p *pc) {
		p.tunnelled()
		p.silentBeyond(0)
		p.net.Bound = []internet.Connect{{Address: anchorA, Index: 2, Family: 4, Outcome: internet.Connected}}
	})
	add("the router is off", routerSilent)
	add("nothing comes back, and nobody may ask on the wire", func(p *pc) {
		p.silentBeyond(0)
		p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
		p.gw.Routers[0].Answers, p.gw.Routers[0].Echo = diag.Maybe, gateway.Echo{Skipped: "permission"}
	})
	add("two devices answer as the router", func(p *pc) { p.gw.Routers[0].MACs = []string{"02:00:5e:10:00:01", "02:00:5e:10:00:02"} })
	add("the router passes nothing on", routerOnline)
	add("a stray device or a dead line", (*pc).muteRouter, "gw.no_forward")
	add("the socket wants a name", func(p *pc) {
		p.noAddress()
		p.lan.Port, p.lan.MayAsk, p.lan.DHCP.Client = lan.Port{Client: "NetworkManager", Waits: diag.Yes}, diag.No, "networkd"
	})
	add("the router's line is down", func(p *pc) {
		p.silentBeyond(0)
		p.gw.Hops = []gateway.Hop{{TTL: 2, Family: 4, Outcome: gateway.Unreachable, From: router, Router: true, Type: 3}}
		for i := range p.net.Anchors {
			p.net.Anchors[i].Outcome = internet.NoNetwork
		}
	})
	add("silent beyond the router", func(p *pc) { p.silentBeyond(1) }, "gw.no_forward")
	add("silent beyond the provider", func(p *pc) { p.silentBeyond(2) })
	add("the proxy is dead", func(p *pc) {
		p.net.Proxies = []internet.Proxy{{Variable: "https_proxy", URL: "http://192.168.1.9:3128/", Outcome: internet.Refused}}
	})
	add("secure connections are opened", func(p *pc) { p.net.TLS[0].Now, p.net.TLS[0].Then = internet.UnknownCA, internet.UnknownCA })

	out = append(out,
		asking{name: "somebody else fills the line", facts: deep.Section.In(healthyPC().facts(), fullLine())},
		asking{name: "one shop is silent", facts: target.Section.In(healthyPC().facts(), target.Facts{Targets: []target.Target{shop(stopped(internet.Timeout))}})},
		asking{name: "one shop is closed", facts: target.Section.In(healthyPC().facts(), target.Facts{Targets: []target.Target{shop(stopped(internet.Refused))}})},
	)
	return out
}

// fullLine: quick and steady to the router, slow and swinging beyond it, while
// this PC sends next to nothing.
func fullLine() deep.Facts {
	series := func(quick, late float64) deep.Series {
		s := deep.Series{Sent: 20}
		for i := range 20 {
			s.RTTMS = append(s.RTTMS, quick+late*float64(i)/20)
		}
		return s
	}
	return deep.Facts{
		Hops:   []deep.Hop{{TTL: 1, From: router, Scope: link.Private, Series: series(1, 1)}},
		Ends:   []deep.End{{Address: anchorA, Port: 443, Family: 4, Series: series(30, 900)}, {Address: anchorB, Port: 443, Family: 4, Series: series(30, 900)}},
		Uplink: deep.Uplink{Readable: diag.Yes, WindowMS: 5000, TxBytes: 4000, RxBytes: 4000},
	}
}

// TestAnswers: what a person says moves a fault up, down, or out of its pair.
func TestAnswers(t *testing.T) {
	yes := func(id string) diag.Answer { return diag.Answer{Question: id, Said: diag.Yes} }
	no := func(id string) diag.Answer { return diag.Answer{Question: id, Said: diag.No} }
	pair := []string{"gw.no_forward", "gw.no_nat"}
	for _, tt := range []struct {
		in     string
		told   []diag.Answer
		want   []string
		advice string // of the first cause; "" is its own
		open   []string
	}{
		{"the router passes nothing on", nil, pair, "", []string{"other_device"}},
		{"the router passes nothing on", []diag.Answer{yes("other_device")}, pair[:1], "forward_for_others", nil},
		{"the router passes nothing on", []diag.Answer{no("other_device")}, []string{"gw.no_nat", "gw.no_forward"}, "nat_for_nobody", nil},
		{"the router passes nothing on", []diag.Answer{no("router_light"), no("line_light")}, pair, "", []string{"other_device"}}, // not asked here, so nothing
		{"the router is off", nil, []string{"gw.arp_failed"}, "", []string{"router_light", "other_device"}},
		{"the router is off", []diag.Answer{no("router_light")}, []string{"gw.arp_failed"}, "router_power", []string{"other_device"}},
		{"the router is off", []diag.Answer{yes("router_light"), yes("other_device")}, []string{"gw.arp_failed"}, "router_for_others", nil},
		{"the router is off", []diag.Answer{yes("router_light"), no("other_device")}, []string{"gw.arp_failed"}, "router_for_nobody", nil},
		{"silent beyond the router", []diag.Answer{yes("other_device")}, []string{"wan.silent_beyond_hop", "gw.no_forward"}, "line_for_others", []string{"line_light"}},
		{"silent beyond the router", []diag.Answer{no("other_device"), yes("line_light")}, []string{"wan.silent_beyond_hop"}, "line_down", nil},
		{"silent beyond the provider", nil, []string{"wan.silent_beyond_hop"}, "", []string{"other_device"}}, // no light tells of what is behind the line
		{"silent beyond the provider", []diag.Answer{yes("other_device")}, []string{"wan.silent_beyond_hop"}, "line_for_others", nil},
		{"a stray device or a dead line", nil, []string{"gw.duplicate", "wan.silent_beyond_hop"}, "", []string{"other_device", "changed", "line_light"}},
		{"a stray device or a dead line", []diag.Answer{no("other_device"), yes("line_light")}, []string{"wan.silent_beyond_hop", "gw.duplicate"}, "line_down", []string{"changed"}},
		{"the socket wants a name", []diag.Answer{yes("managed")}, []string{"link.auth_8021x"}, "socket_own", nil},
		{"the cable is out", []diag.Answer{yes("link_light")}, []string{"link.no_carrier"}, "link_lit", []string{"router_light"}},
		{"the proxy is dead", []diag.Answer{yes("managed")}, []string{"proxy.dead"}, "proxy_wanted", nil},
		{"somebody else fills the line", []diag.Answer{no("others_busy")}, []string{"perf.uplink_saturated_other"}, "busy_hidden", nil},
		{"one shop is silent", []diag.Answer{no("elsewhere")}, []string{"svc.target_down"}, "service_blamed", nil},
	} {
		i := slices.IndexFunc(askedCases(), func(a asking) bool { return a.name == tt.in })
		causes := Explain(askedCases()[i].told(tt.told...), nil).Causes
		if got := ids(causes); !slices.Equal(got, tt.want) {
			t.Errorf("%s, told %v: %v, want %v", tt.in, tt.told, got, tt.want)
			continue
		}
		if got := causes[0].Advice.Key; got != map[bool]string{true: "", false: "advice." + tt.advice}[tt.advice == ""] {
			t.Errorf("%s, told %v: advice %q, want %q", tt.in, tt.told, got, tt.advice)
		}
		if got := open(causes); !slices.Equal(got, tt.open) {
			t.Errorf("%s, told %v: still asks %v, want %v", tt.in, tt.told, got, tt.open)
		}
	}
}

// TestAnswersChangeWhatIsSaid: the sentence read to the caller does not deny
// what they have just said, and their word ends no certainty that was measured.
func TestAnswersChangeWhatIsSaid(t *testing.T) {
	i := slices.IndexFunc(askedCases(), func(a asking) bool { return a.name == "the cable is out" })
	for said, want := range map[diag.Tri]string{
		diag.Yes: "saying.link_lit", diag.No: "cause.link.no_carrier.say", diag.Maybe: "cause.link.no_carrier.say",
	} {
		d := Explain(askedCases()[i].told(diag.Answer{Question: "link_light", Said: said}), nil)
		if got := d.Causes[0].Message("say").Key; got != want || !d.Settled {
			t.Errorf("told %v: says %q, want %q; settled %t", said, got, want, d.Settled)
		}
	}
}

// TestAnswersAreEvidence: they are quoted under what they bear on, and change
// how sure the diagnosis is of a pair that shares its probability.
func TestAnswersAreEvidence(t *testing.T) {
	p := healthyPC()
	routerOnline(p)
	two := Explain(p.facts(), nil).Causes
	if sum := two[0].Confidence + two[1].Confidence; sum > 1 || two[0].Confidence <= two[1].Confidence {
		t.Errorf("a pair that excludes each other: %g and %g", two[0].Confidence, two[1].Confidence)
	}
	if want := (diag.Question{ID: "other_device", Splits: []string{"gw.no_nat", "gw.no_forward"}}); !reflect.DeepEqual(two[1].Questions, []diag.Question{want}) || !slices.Equal(two[1].Rivals, []string{"gw.no_forward"}) {
		t.Errorf("the second of the pair: questions %v, rivals %v", two[1].Questions, two[1].Rivals)
	}
	one := Explain(witness.With(p.facts(), []diag.Answer{{Question: "other_device", Said: diag.Yes, AtMS: 4000}}), nil).Causes[0]
	last := one.Evidence[len(one.Evidence)-1]
	if last.What.Key != "evidence.told.other_device_yes" || last.Source != diag.ByAnswer || last.AtMS != 4000 {
		t.Errorf("the answer is not the last evidence: %+v", last)
	}
	if one.Confidence < 0.95 || one.Rivals != nil {
		t.Errorf("alone: %g, rivals %v", one.Confidence, one.Rivals)
	}
}

// TestAnswersSurviveTheFile: a saved report with answers, redacted or not,
// says the same.
func TestAnswersSurviveTheFile(t *testing.T) {
	for _, c := range askedCases() {
		for _, q := range QuestionIDs() {
			facts := c.told(diag.Answer{Question: q, Said: diag.Yes, AtMS: 1234.5})
			want := Explain(facts, nil)
			for _, redact := range []bool{false, true} {
				if got := Explain(reread(t, facts, redact), nil); !slices.Equal(ids(got.Causes), ids(want.Causes)) ||
					!slices.Equal(open(got.Causes), open(want.Causes)) || got.Causes[0].Advice.Key != want.Causes[0].Advice.Key {
					t.Errorf("%s, told %s, redacted %t: %v, want %v", c.name, q, redact, ids(got.Causes), ids(want.Causes))
				}
			}
		}
	}
}

func reread(t *testing.T, f diag.Facts, redact bool) diag.Facts {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out diag.Facts
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	for _, s := range []diag.Sectioned{diag.RunSection, link.Section, gateway.Section, internet.Section, lan.Section, dns.Section, target.Section, deep.Section, witness.Section} {
		if err := s.Decode(out); err != nil {
			t.Fatal(err)
		}
	}
	if redact {
		privacy.NewRedactor(nil).Facts(out)
	}
	return out
}
