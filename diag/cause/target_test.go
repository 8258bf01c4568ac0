package cause

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/privacy"
	"deskside/diag/target"
	"deskside/diag/text"
)

// shop is a target that works; a change breaks it.
func shop(change func(*target.Target)) target.Target {
	t := target.Target{
		Name: "shop.example", Ports: []int{443}, Ended: true,
		Lookup:   &target.Lookup{By: dns.ByConfigured},
		Connects: []target.Connect{row(internet.Connected)},
		TLS:      &internet.TLS{URL: "https://shop.example/", Outcome: internet.Connected, Now: internet.Trusted, Issuer: "Shop CA"},
		HTTP:     &internet.Head{Outcome: internet.Connected, Status: 200},
	}
	change(&t)
	return t
}

func row(o internet.Outcome) target.Connect {
	return target.Connect{Connect: internet.Connect{Address: "203.0.113.90", Port: 443, Family: 4, Outcome: o}, Scope: link.Public, OnLink: diag.No}
}

func stopped(o internet.Outcome) func(*target.Target) {
	return func(t *target.Target) { t.Connects, t.TLS, t.HTTP = []target.Connect{row(o)}, nil, nil }
}

func shows(v internet.Verdict) func(*target.Target) {
	return func(t *target.Target) { t.TLS.Now, t.TLS.Then = v, v }
}

func answers(rcodes ...string) func(*target.Target) {
	return func(t *target.Target) {
		t.Lookup, t.Connects, t.TLS, t.HTTP = &target.Lookup{System: dns.NotFound}, nil, nil, nil
		for i, rcode := range rcodes {
			told := target.Told{Server: resolver, Role: []string{dns.Configured, dns.Control}[i], Query: dns.Query{Proto: "udp", Type: "A", Outcome: dns.Answered, Rcode: rcode}}
			if rcode == "NOERROR" {
				told.IPs, told.Scopes = []string{"203.0.113.90"}, []link.Scope{link.Public}
			}
			t.Lookup.Told = append(t.Lookup.Told, told)
		}
	}
}

var targetCases = []struct {
	name   string
	change func(*target.Target)
	break_ func(*pc) // what else is wrong
	want   string
}{
	{"works", func(*target.Target) {}, nil, ""},
	{"silent", stopped(internet.Timeout), nil, "svc.target_down"},
	{"no way there", stopped(internet.NoNetwork), nil, "svc.target_down"},
	{"closed", stopped(internet.Refused), nil, "svc.port_closed"},
	{"forbidden here", stopped(internet.Denied), nil, "svc.denied_here"},
	{"filtered", func(t *target.Target) {
		stopped(internet.Timeout)(t)
		other := row(internet.Connected)
		other.Port, other.Companion = 80, true
		t.Connects = append(t.Connects, other)
	}, nil, "svc.port_blocked"},
	{"neighbour away", func(t *target.Target) {
		stopped(internet.Timeout)(t)
		t.Connects[0].OnLink, t.Connects[0].Neighbour = diag.Yes, "failed"
	}, nil, "svc.lan_dead"},
	{"no such name", answers("NXDOMAIN", "NXDOMAIN"), nil, "svc.name_unknown"},
	{"hidden name", answers("NXDOMAIN", "NOERROR"), nil, "svc.name_withheld"},
	{"no handshake", func(t *target.Target) {
		t.TLS, t.HTTP = &internet.TLS{Outcome: internet.Timeout, Dialed: true}, nil
	}, nil, "svc.no_answer"},
	{"run out", shows(internet.Expired), nil, "svc.cert_expired"},
	{"other name", shows(internet.WrongName), nil, "svc.cert_name"},
	{"stranger", shows(internet.UnknownCA), nil, "svc.cert_untrusted"},
	{"broken", func(t *target.Target) { t.HTTP.Status = 500 }, nil, "svc.http_error"},
	{"late", func(t *target.Target) { t.HTTP.TookMS = 2500 }, nil, "svc.slow"},
	{"dead over IPv6", func(t *target.Target) {
		six := row(internet.Timeout)
		six.Family = 6
		t.Connects = append(t.Connects, six)
	}, nil, "svc.v6_dead"},
	{"proxy says no", func(t *target.Target) {
		t.Proxied = true
		t.Passage = &internet.Passage{Outcome: internet.Connected, Tunnel: &internet.Head{Outcome: internet.Connected, Status: 403}}
	}, nil, "svc.proxy_refuses"},

	{"line down", stopped(internet.Timeout), func(p *pc) { p.silentBeyond(1) }, "wan.silent_beyond_hop"},
	{"port blocked for everybody", stopped(internet.Timeout), func(p *pc) {
		p.net.Anchors[0].Outcome, p.net.Anchors[1].Outcome, p.net.TLS = internet.Timeout, internet.Timeout, nil
	}, "fw.upstream_port_block"},
	{"everybody is a stranger", shows(internet.UnknownCA), func(p *pc) {
		p.net.TLS[0].Now, p.net.TLS[0].Then = internet.UnknownCA, internet.UnknownCA
	}, "tls.intercepted"},
	{"dead over IPv6 like everybody", func(t *target.Target) {
		six := row(internet.Timeout)
		six.Family = 6
		t.Connects = append(t.Connects, six)
	}, func(p *pc) {
		p.net.Anchors = append(p.net.Anchors, internet.Connect{Address: "2620:fe::fe", Family: 6, Outcome: internet.Timeout}, internet.Connect{Address: "2606::1", Family: 6, Outcome: internet.Timeout})
	}, "v6.broken"},
	{"led astray by the hosts file", stopped(internet.Timeout), func(p *pc) {
		p.dns.Hosts.Entries = []dns.HostsEntry{{Line: 3, Name: "shop.example", IP: "10.66.66.66", Scope: link.Private, Agrees: diag.No}}
	}, "dns.hosts_override"},
}

// TestTargets: each way in which one thing fails has its cause, and what is
// wrong below it is named instead. A redacted copy of the facts reaches the
// same, and does not hold the target.
func TestTargets(t *testing.T) {
	for _, tt := range targetCases {
		t.Run(tt.name, func(t *testing.T) {
			p := healthyPC()
			if tt.break_ != nil {
				tt.break_(p)
			}
			f := target.Section.In(p.facts(), target.Facts{Targets: []target.Target{shop(tt.change)}})
			check := func(how string, f diag.Facts) {
				want := []string{tt.want}
				if tt.want == "" {
					want = []string{}
				}
				if got := ids(Explain(f, nil).Causes); !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", how, got, want)
				}
			}
			check("as it was", f)
			privacy.NewRedactor(nil).Facts(f)
			check("redacted", f)
			b, err := json.Marshal(f)
			if err != nil || strings.Contains(string(b), "shop") || strings.Contains(string(b), "203.0.113.90") {
				t.Errorf("the redacted facts hold the target (%v): %s", err, b)
			}
		})
	}
}

// TestTargetEvidenceIsSaid: every cause shows what was seen, in words.
func TestTargetEvidenceIsSaid(t *testing.T) {
	p := text.New("en")
	for _, tt := range targetCases {
		if !strings.HasPrefix(tt.want, "svc.") {
			continue
		}
		d := Explain(target.Section.In(healthyPC().facts(), target.Facts{Targets: []target.Target{shop(tt.change)}}), nil)
		for _, c := range d.Causes {
			if len(c.Evidence) == 0 {
				t.Errorf("%s: no evidence", c.ID)
			}
			for _, e := range c.Evidence {
				if says := p.T(e.What); strings.HasPrefix(says, "[") || strings.Contains(says, "<no value>") {
					t.Errorf("%s: %s", c.ID, says)
				}
			}
			for _, part := range []string{"title", "say", "next"} {
				if says := p.T(c.Message(part)); strings.Contains(says, "<no value>") {
					t.Errorf("%s: %s", c.ID, says)
				}
			}
		}
	}
}
