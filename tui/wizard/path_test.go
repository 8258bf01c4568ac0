package wizard

import (
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/cause"
	"deskside/diag/text"
	"deskside/tui/wizard/fake"
)

// drawn is a path as "pc+ adapter+ router! provider. names. web.": + ok,
// ~ warn, x fail, ? unknown, . out of reach, ! the break.
func drawn(hops []Hop) string {
	var out []string
	for _, h := range hops {
		sign := map[diag.Status]string{diag.OK: "+", diag.Warn: "~", diag.Fail: "x", diag.Unknown: "?", diag.Skipped: "."}[h.State]
		if h.Break {
			sign = "!"
		}
		out = append(out, h.ID+sign)
	}
	return strings.Join(out, " ")
}

func assessed(causes []string, findings map[string]diag.Status) diag.Assessment {
	a := diag.Assessment{}
	for code, s := range findings {
		a.Checks = append(a.Checks, fake.Found(strings.Split(code, ".")[0], code, s))
	}
	for _, id := range causes {
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: id, Severity: diag.Fail})
	}
	return a
}

func TestPath(t *testing.T) {
	type f = map[string]diag.Status
	cases := []struct {
		name     string
		causes   []string
		findings f
		decided  bool
		want     string
	}{
		{"nothing looked at", nil, nil, false, "pc? adapter? router? provider? names? web?"},
		{"all well", nil, f{"connectivity.address": diag.OK, "gateway.answers": diag.OK, "connectivity.anchors": diag.OK, "dns.resolves": diag.OK, "connectivity.web": diag.OK}, true,
			"pc+ adapter+ router+ provider+ names+ web+"},
		{"the router could not be asked, but packets come back", nil, f{"gateway.answers": diag.Unknown, "connectivity.anchors": diag.OK}, true,
			"pc+ adapter+ router+ provider+ names? web?"},
		{"a route alone is no proof of a router", nil, f{"connectivity.route": diag.OK, "gateway.answers": diag.Unknown}, true,
			"pc+ adapter? router? provider? names? web?"},
		{"silent name server", []string{"dns.server_silent"}, f{"connectivity.anchors": diag.OK, "dns.resolves": diag.Fail, "connectivity.web": diag.Fail}, true,
			"pc+ adapter+ router+ provider+ names! web."},
		{"not decided yet: nothing is called the break", nil, f{"connectivity.anchors": diag.OK, "dns.resolves": diag.Fail}, false,
			"pc+ adapter+ router+ provider+ namesx web?"},
		{"no router, own name server answers", []string{"gw.arp_failed"}, f{"connectivity.address": diag.OK, "gateway.answers": diag.Fail, "connectivity.anchors": diag.Fail, "dns.resolves": diag.OK}, true,
			"pc+ adapter+ router! provider. names+ web."},
		{"no cause named: the nearest failure", nil, f{"connectivity.address": diag.OK, "gateway.answers": diag.OK, "connectivity.anchors": diag.Fail, "dns.resolves": diag.Fail}, true,
			"pc+ adapter+ router+ provider! names. web."},
		{"a full disk does not break the path", []string{"disk.full"}, f{"disk.space": diag.Fail, "connectivity.anchors": diag.OK, "dns.resolves": diag.OK, "connectivity.web": diag.OK}, true,
			"pcx adapter+ router+ provider+ names+ web+"},
		{"two causes, one break", []string{"disk.full", "dns.stub_down", "proxy.dead"}, f{"connectivity.anchors": diag.OK, "dns.resolves": diag.Fail, "connectivity.web": diag.Fail}, true,
			"pc+ adapter+ router+ provider+ names! web."},
		{"this PC's own rules", []string{"fw.local_egress"}, f{"connectivity.address": diag.OK, "connectivity.anchors": diag.Fail}, true,
			"pc! adapter+ router. provider. names. web."},
		{"slow router", nil, f{"gateway.answers": diag.OK, "gateway.latency": diag.Warn, "connectivity.anchors": diag.OK}, true,
			"pc+ adapter+ router~ provider+ names? web?"},
	}
	for _, c := range cases {
		if got := drawn(Path(assessed(c.causes, c.findings), c.decided)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// offPath are the families of causes that break nothing on the way.
var offPath = []string{"disk.", "sys.", "sec.", "perf.", "mtu.", "v6."}

// Every cause in the catalogue has its place on the map, or none on purpose,
// and its sentences.
func TestEveryCauseHasItsPlaceAndWords(t *testing.T) {
	p := text.New("en")
	for _, r := range cause.Rules() {
		if r.Severity == diag.OK {
			continue // a note, not a fault
		}
		off := false
		for _, family := range offPath {
			off = off || strings.HasPrefix(r.ID, family)
		}
		if at := breakOf(r.ID); (at == "") != off {
			t.Errorf("%s breaks the path at %q", r.ID, at)
		}
		for _, part := range []string{"title", "say", "next"} {
			if key := (diag.Cause{ID: r.ID}).Message(part).Key; !p.Has(key) {
				t.Errorf("the catalogue cannot say %s", key)
			}
		}
	}
}

// TestPathPromisesNoWeb: while names are still asked about, a page that came by
// its address does not light up a hop that the verdict then takes back.
func TestPathPromisesNoWeb(t *testing.T) {
	w := &Wizard{findings: findings{running: true}}
	found := func(codes ...string) diag.Assessment {
		var c diag.CheckResult
		for _, code := range codes {
			c.Findings = append(c.Findings, diag.Finding{Code: code, Status: diag.OK})
		}
		return diag.Assessment{Checks: []diag.CheckResult{c}}
	}
	w.now = found("connectivity.web")
	if hop := w.path()[5]; hop.State != diag.Unknown || !hop.Waiting {
		t.Errorf("names are not known yet: %+v", hop)
	}
	w.now = found("connectivity.web", "dns.resolves")
	if hop := w.path()[5]; hop.State != diag.OK {
		t.Errorf("names work: %+v", hop)
	}
}
