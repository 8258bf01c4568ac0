package cause

import (
	"slices"
	"testing"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/wifi"
)

// segmentCase breaks a healthy PC, and wants exactly these causes.
type segmentCase struct {
	name   string
	break_ func(*pc)
	want   []string
}

func (c segmentCase) run(t *testing.T) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		p := healthyPC()
		c.break_(p)
		if got := ids(Explain(p.facts(), nil).Causes); !slices.Equal(got, append([]string{}, c.want...)) {
			t.Errorf("causes %v, want %v", got, c.want)
		}
	})
}

// muteRouter: the router is there, nothing passes it, and it does not speak.
func (p *pc) muteRouter() {
	p.silentBeyond(0)
	p.gw.Hops = []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Silent}, {TTL: 2, Family: 4, Outcome: gateway.Silent}}
	p.lan.MayAsk = diag.No
}

// Who may not ask the wire cannot tell a stray device from a dead line, and
// says so by naming both.
func TestPoser(t *testing.T) {
	for _, c := range []segmentCase{
		{"a stray device or a dead line", (*pc).muteRouter, []string{"gw.duplicate", "wan.silent_beyond_hop"}},
		{"an administrator has asked, and it is the line", func(p *pc) { p.muteRouter(); p.lan.MayAsk = diag.Yes }, []string{"wan.silent_beyond_hop"}},
		{"the router speaks, so it is one", func(p *pc) { p.muteRouter(); p.silentBeyond(0); p.gw.Hops = healthyPC().gw.Hops[:1] }, []string{"wan.silent_beyond_hop"}},
		{"the settings came from the network", func(p *pc) { p.muteRouter(); p.lan.DHCP.Client = "dhclient" }, []string{"addr.dhcp_rogue", "gw.duplicate", "wan.silent_beyond_hop"}},
		{"an earlier lease names another router, which is there", func(p *pc) {
			p.muteRouter()
			p.lan.DHCP.Routed = true
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true, Answers: diag.Yes}}
		}, []string{"addr.dhcp_rogue"}},
		{"an earlier lease names another router, which is gone", func(p *pc) {
			p.muteRouter()
			p.lan.DHCP.Routed = true
			p.lan.Others = []lan.Other{{Address: "192.168.1.254", Index: 2, Known: "lease", Inside: true}}
		}, []string{"addr.dhcp_rogue", "gw.duplicate", "wan.silent_beyond_hop"}},
	} {
		c.run(t)
	}
	p := healthyPC()
	p.muteRouter()
	for _, c := range Explain(p.facts(), nil).Causes {
		if c.Confidence >= 0.7 {
			t.Errorf("%s with confidence %v, though nobody could ask", c.ID, c.Confidence)
		}
	}
}

// elsewhere: the router that is set is not there, and nobody answers.
func (p *pc) elsewhere() {
	p.silentBeyond(0)
	p.gw.Routers[0].Answers, p.gw.Routers[0].OwnARP = diag.No, true
	p.lan.MayAsk = diag.Yes
}

// A fixed address of another network is one only if the network here shows
// itself, and nobody else is of that other one.
func TestForeigner(t *testing.T) {
	offer := lan.Offer{Server: "10.0.0.1", Address: "10.0.0.60", Router: "10.0.0.1", Foreign: true}
	for _, c := range []segmentCase{
		{"the server here hands out others", func(p *pc) { p.elsewhere(); p.lan.DHCP.Offers = []lan.Offer{offer} }, []string{"addr.static_foreign"}},
		{"others talk of another network", func(p *pc) { p.elsewhere(); p.lan.Heard = []lan.Heard{{Index: 2, Outside: 2}} }, []string{"addr.static_foreign"}},
		{"one device does", func(p *pc) { p.elsewhere(); p.lan.Heard = []lan.Heard{{Index: 2, Outside: 1}} }, []string{"gw.arp_failed"}},
		{"a neighbour is of this PC's own", func(p *pc) { p.elsewhere(); p.lan.Heard = []lan.Heard{{Index: 2, Outside: 3, Inside: 1}} }, []string{"gw.arp_failed"}},
		{"the address came from a server", func(p *pc) {
			p.elsewhere()
			p.link.Addresses[0].Leased = true
			p.lan.DHCP.Offers = []lan.Offer{offer}
		}, []string{"route.gw_wrong"}},
		{"a client is set up that may not tell lifetimes", func(p *pc) {
			p.elsewhere()
			p.lan.DHCP.Client, p.lan.DHCP.Offers = "dhclient", []lan.Offer{offer}
		}, []string{"route.gw_wrong"}},
		{"the server hands out this PC's own network, with another router", func(p *pc) {
			p.elsewhere()
			p.lan.DHCP.Offers = []lan.Offer{{Server: "192.168.1.2", Address: "192.168.1.60", Router: "192.168.1.254"}}
		}, []string{"route.gw_wrong"}},
		{"others talk of another network, and the router is there", func(p *pc) { p.lan.Heard = []lan.Heard{{Index: 2, Outside: 9}} }, nil},
		{"nobody says a word", (*pc).elsewhere, []string{"gw.arp_failed"}},
	} {
		c.run(t)
	}
}

// A switch that asks who is there has locked its port only if nobody else is
// heard behind it.
func TestLockedPort(t *testing.T) {
	unnamed := func(port lan.Port, may diag.Tri) func(*pc) {
		return func(p *pc) {
			p.noAddress()
			p.lan.Port, p.lan.MayAsk = port, may
			p.lan.DHCP.Client = "networkd"
			if may == diag.Yes {
				p.lan.DHCP.Planned, p.lan.DHCP.Index, p.lan.DHCP.Sent = true, 2, 2
			}
		}
	}
	for _, c := range []segmentCase{
		{"the switch asks", unnamed(lan.Port{Index: 2, Started: 1, Requests: 1}, diag.Yes), []string{"link.auth_8021x"}},
		{"the switch says no", unnamed(lan.Port{Index: 2, Started: 1, Refused: 1}, diag.Yes), []string{"link.auth_8021x"}},
		{"the switch is silent", unnamed(lan.Port{Index: 2, Started: 2}, diag.Yes), []string{"addr.no_dhcp_server"}},
		{"the switch asked and let this PC in", unnamed(lan.Port{Index: 2, Requests: 1, Opened: true}, diag.Yes), []string{"addr.no_dhcp_server"}},
		{"the client says that it waits", unnamed(lan.Port{Client: "NetworkManager", Waits: diag.Yes}, diag.No), []string{"link.auth_8021x"}},
		{"the client says that it is in", unnamed(lan.Port{Client: "NetworkManager", Waits: diag.No}, diag.No), []string{"addr.none"}},
		{"a client is set up, and nobody may listen", unnamed(lan.Port{Client: "wpa_supplicant"}, diag.No), []string{"link.auth_8021x", "addr.none"}},
		{"a client is set up, and the switch is silent", unnamed(lan.Port{Client: "wpa_supplicant", Index: 2, Started: 2}, diag.Yes), []string{"addr.no_dhcp_server"}},
		{"the switch asks a PC with an address of its own", func(p *pc) { p.elsewhere(); p.lan.Port = lan.Port{Index: 2, Requests: 2} }, []string{"link.auth_8021x"}},
		{"the switch asks again, and all is well", func(p *pc) { p.lan.Port = lan.Port{Index: 2, Requests: 2} }, nil},
		{"the switch asks, and an address is handed out", func(p *pc) {
			unnamed(lan.Port{Index: 2, Requests: 1}, diag.Yes)(p)
			p.lan.DHCP.Offers = []lan.Offer{{Server: router, Address: "192.168.1.60", Router: router}}
		}, []string{"addr.none"}},
	} {
		c.run(t)
	}
}

// announcedBy: IPv6 is set up by routers that announced themselves, of which
// packets leave through the first, and no IPv6 anchor answers.
func (p *pc) announcedBy(first, second diag.Tri) {
	p.lan.Routers6 = []lan.Router6{{Address: "fe80::66", Index: 2, Answers: first}, {Address: "fe80::1", Index: 2, Answers: second}}
	for _, a := range []string{"2620:fe::fe", "2606::1"} {
		p.link.Paths = append(p.link.Paths, link.Path{For: "anchor", Dest: a, Family: 6, Reachable: diag.Yes, Index: 2, Gateway: "fe80::66"})
		p.net.Anchors = append(p.net.Anchors, internet.Connect{Address: a, Family: 6, Outcome: internet.Timeout})
	}
	p.link.Addresses = append(p.link.Addresses, link.Address{Index: 2, IP: "2001:db8::50", Bits: 64, Family: 6, Scope: link.Public})
}

// A stray IPv6 router is one that packets leave through and that leads
// nowhere, while another is there.
func TestStrayRouter6(t *testing.T) {
	for _, c := range []segmentCase{
		{"the one that is followed is gone", func(p *pc) { p.announcedBy(diag.No, diag.Yes) }, []string{"v6.ra_rogue"}},
		{"it gives no sign of life", func(p *pc) { p.announcedBy(diag.Maybe, diag.Yes) }, []string{"v6.ra_rogue"}},
		{"it knows no way", func(p *pc) {
			p.announcedBy(diag.Yes, diag.Yes)
			p.gw.Hops = append(p.gw.Hops, gateway.Hop{TTL: 1, Family: 6, Outcome: gateway.Unreachable, From: "fe80::66", Router: true, Type: 1})
		}, []string{"v6.ra_rogue"}},
		{"both are there, and the other one leads out", func(p *pc) { p.announcedBy(diag.Yes, diag.Yes); p.lan.Routers6[1].Leads = diag.Yes }, []string{"v6.ra_rogue"}},
		{"both lead past the first hop", func(p *pc) {
			p.announcedBy(diag.Yes, diag.Yes)
			p.lan.Routers6[1].Leads = diag.Yes
			p.gw.Hops = append(p.gw.Hops, gateway.Hop{TTL: 2, Family: 6, Outcome: gateway.Expired, From: "2001:db8:64::1", Type: 3})
		}, []string{"v6.broken"}},
		{"both are there and say nothing", func(p *pc) { p.announcedBy(diag.Yes, diag.Yes) }, []string{"v6.broken"}},
		{"both are gone", func(p *pc) { p.announcedBy(diag.No, diag.No) }, []string{"v6.broken"}},
		{"the one that is not followed is gone", func(p *pc) { p.announcedBy(diag.Yes, diag.No) }, []string{"v6.broken"}},
		{"it is gone, and IPv6 works", func(p *pc) {
			p.announcedBy(diag.No, diag.Yes)
			for i := range p.net.Anchors {
				p.net.Anchors[i].Outcome = internet.Connected
			}
		}, nil},
	} {
		c.run(t)
	}
}

// A link that came and went lately is a warning; what fails now has a reason
// of its own. One that does so right now may be the reason.
func TestFlapping(t *testing.T) {
	often := []link.Losses{{Index: 2, Times: 6, WindowS: 600, Often: true}}
	now := []link.Change{{Index: 2, WindowMS: 1000, Flaps: 4}}
	for _, c := range []segmentCase{
		{"lately", func(p *pc) { p.link.Losses = often }, []string{"link.flapping"}},
		{"once or twice", func(p *pc) { p.link.Losses = []link.Losses{{Index: 2, Times: 2, WindowS: 600}} }, nil},
		{"lately, and the provider is silent", func(p *pc) { p.link.Losses = often; p.silentBeyond(2) }, []string{"wan.silent_beyond_hop", "link.flapping"}},
		{"right now, and nothing answers", func(p *pc) { p.link.Change = now; p.elsewhere() }, []string{"link.flapping"}},
	} {
		c.run(t)
	}
}

// A handshake that is old is no fault of its own: an idle tunnel has one.
func TestHandshake(t *testing.T) {
	wg := func(age float64) func(*pc) {
		return func(p *pc) {
			p.tunnelled()
			p.link.Links[2].Kind = "wireguard"
			p.link.WireGuard = []link.WireGuard{{Index: 3, Readable: diag.Yes, Peers: 1, AgeS: age}}
		}
	}
	for _, c := range []segmentCase{
		{"a tunnel that works", wg(30), nil},
		{"an idle one", wg(4000), nil},
		{"nothing answers through it, and no other way could be tried", func(p *pc) {
			wg(4000)(p)
			p.silentBeyond(0)
		}, []string{"route.vpn_dead"}},
		{"it never shook hands", func(p *pc) { wg(-1)(p); p.silentBeyond(0) }, []string{"route.vpn_dead"}},
		{"it shook hands a moment ago, and nothing answers", func(p *pc) {
			wg(30)(p)
			p.silentBeyond(0)
			p.net.Bound = []internet.Connect{{Address: anchorA, Index: 2, Family: 4, Outcome: internet.Timeout}}
		}, []string{"wan.silent_beyond_hop"}},
	} {
		c.run(t)
	}
	p := healthyPC()
	wg(4000)(p)
	p.silentBeyond(0)
	if found := Explain(p.facts(), nil).Causes; len(found) > 0 && found[0].Confidence < 0.9 {
		t.Errorf("%v, though the far end has not spoken for an hour", found[0].Confidence)
	}
}

// A radio link is named as the reason where packets to the router suffer; as a
// weak signal where they do not; never as both.
func TestWeakRadio(t *testing.T) {
	slow := []diag.CheckResult{{ID: "gateway", Judgement: diag.Judgement{Findings: []diag.Finding{{Code: "gateway.latency", Status: diag.Warn}}}}}
	weak := diag.CheckResult{ID: "wifi", Judgement: diag.Judgement{Findings: []diag.Finding{{Code: "wifi.signal", Status: diag.Warn}}}}
	for name, c := range map[string]struct {
		radio wifi.Link
		check []diag.CheckResult
		want  []string
	}{
		"weak, and the router is slow":              {wifi.Link{Signal: -80}, append(slow, weak), []string{"link.wifi_weak"}},
		"weak, and the router is not":               {wifi.Link{Signal: -80}, []diag.CheckResult{weak}, []string{"wifi.weak_signal"}},
		"much is sent again, and the router slow":   {wifi.Link{Signal: -60, TxPackets: 1000, TxRetries: 600}, slow, []string{"link.wifi_weak"}},
		"little is sent again, and the router slow": {wifi.Link{Signal: -60, TxPackets: 1000, TxRetries: 100}, slow, nil},
		"too little was sent to say":                {wifi.Link{TxPackets: 100, TxRetries: 90}, slow, nil},
	} {
		p := healthyPC()
		p.link.Links[1] = link.Link{Index: 2, Name: "wlan0", Kind: "wifi", Plain: true, Up: true, Carrier: true}
		c.radio.Iface = "wlan0"
		p.wifi.Link = &c.radio
		if got := ids(Explain(p.facts(), c.check).Causes); !slices.Equal(got, append([]string{}, c.want...)) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	p := healthyPC() // the same radio, and packets go over the cable
	p.wifi.Link = &wifi.Link{Iface: "wlan0", Signal: -80}
	if got := ids(Explain(p.facts(), slow).Causes); len(got) > 0 {
		t.Errorf("%v, though the radio carries nothing", got)
	}
}
