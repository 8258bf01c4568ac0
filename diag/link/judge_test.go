package link

import (
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/text"
)

func factsOf(f Facts) diag.Facts { return Section.In(diag.Facts{}, f) }

func TestJudgeWithoutTables(t *testing.T) {
	for _, c := range []struct {
		facts  Facts
		unseen string
	}{
		{Facts{}, ""}, // not looked yet: nothing to unlock
		{Facts{Readable: diag.No, Why: "EPERM"}, "unseen.link.tables.kernel.what"},
		{Facts{Readable: diag.No, Why: notHere}, "unseen.link.tables.system.what"},
	} {
		j := Judge(factsOf(c.facts))
		if j.Status() != diag.Unknown || len(j.Findings) != 3 {
			t.Errorf("%+v: %+v", c.facts, j)
		}
		got := ""
		if len(j.Unseen) > 0 {
			got = j.Unseen[0].What.Key
		}
		if got != c.unseen {
			t.Errorf("%+v: unseen %q, want %q", c.facts, got, c.unseen)
		}
	}
}

// A wired link without a cable and a Wi-Fi adapter without a network are
// different sentences.
func TestJudgeSaysWhatIsDown(t *testing.T) {
	j := Judge(factsOf(Facts{Readable: diag.Yes, Links: []Link{
		{Index: 2, Name: "eth0", Kind: "ether", Plain: true, Up: true},
		{Index: 3, Name: "wlan0", Kind: "wifi", Plain: true, Up: true},
		{Index: 4, Name: "eth1", Kind: "ether", Plain: true},
		{Index: 5, Name: "docker0", Kind: "bridge", Up: true, Carrier: true},
	}}))
	var keys []string
	for _, e := range j.Findings[0].Evidence {
		keys = append(keys, e.What.Key)
	}
	if got, want := strings.Join(keys, " "), "evidence.link.unplugged evidence.link.unassociated evidence.link.off"; got != want || j.Findings[0].Status != diag.Fail {
		t.Errorf("%v: %s, want %s", j.Findings[0].Status, got, want)
	}
}

func TestJudgeAddresses(t *testing.T) {
	up := []Link{{Index: 2, Name: "eth0", Kind: "ether", Plain: true, Up: true, Carrier: true}}
	six := []Route{{Family: 6, Default: true, Type: "unicast", Index: 2}}
	for name, c := range map[string]struct {
		addrs  []Address
		routes []Route
		want   diag.Status
	}{
		"lease":         {[]Address{{Index: 2, Family: 4, Scope: Private}}, nil, diag.OK},
		"carrier-grade": {[]Address{{Index: 2, Family: 4, Scope: CGNAT}}, nil, diag.OK},
		"self-assigned": {[]Address{{Index: 2, Family: 4, Scope: LinkLocal}}, nil, diag.Fail},
		"self-assigned and private IPv6 that leads nowhere": {[]Address{{Index: 2, Family: 4, Scope: LinkLocal}, {Index: 2, Family: 6, Scope: Private}}, nil, diag.Fail},
		"private IPv6 with a router":                        {[]Address{{Index: 2, Family: 6, Scope: Private}}, six, diag.OK},
		"only fe80":                                         {[]Address{{Index: 2, Family: 6, Scope: LinkLocal}}, nil, diag.Fail},
		"somebody else has it":                              {[]Address{{Index: 2, Family: 6, Scope: Public, State: "duplicate"}}, six, diag.Fail},
		"on another link":                                   {[]Address{{Index: 9, Family: 4, Scope: Private}}, nil, diag.Fail},
	} {
		j := Judge(factsOf(Facts{Readable: diag.Yes, Links: up, Addresses: c.addrs, Routes: c.routes}))
		if got := j.Findings[1].Status; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Every sentence the judge can say is in the catalogue and takes the values
// the judge gives it.
func TestSentences(t *testing.T) {
	p := text.New("en")
	two := []Link{{Index: 2, Name: "eth0", Kind: "ether", Plain: true, Up: true, Carrier: true, SpeedMb: 1000, Duplex: "full"}, {Index: 3, Name: "wlan0", Kind: "wifi", Plain: true}}
	addrs := []Address{{Index: 2, IP: "192.0.2.5", Family: 4, Scope: Private}}
	for _, f := range []Facts{
		{}, {Readable: diag.No, Why: "EPERM"}, {Readable: diag.No, Why: notHere}, {Readable: diag.Yes},
		{Readable: diag.Yes, Links: two}, {Readable: diag.Yes, Links: two[1:]},
		{Readable: diag.Yes, Links: two, Addresses: addrs},
		{Readable: diag.Yes, Links: two, Addresses: addrs, Paths: []Path{{For: "anchor", Dest: "203.0.113.1", Family: 4, Reachable: diag.Yes, Index: 2, Gateway: "192.0.2.1"}}},
		{Readable: diag.Yes, Links: two, Addresses: addrs, Paths: []Path{{For: "anchor", Dest: "203.0.113.1", Family: 4, Reachable: diag.No, Errno: "EACCES"}, {For: "anchor", Dest: "2001:db8::1", Family: 6, Reachable: diag.Yes, Index: 2}}},
		{Readable: diag.Yes, Links: two, Addresses: addrs, Routes: []Route{{Family: 4, Default: true, Type: "unicast", Index: 2}}},
		{Readable: diag.Yes, Links: two, Addresses: []Address{{Index: 2, IP: "169.254.1.1", Family: 4, Scope: LinkLocal}, {Index: 2, IP: "192.0.2.5", Family: 4, State: "duplicate"}}},
	} {
		j := Judge(factsOf(f))
		var said []text.Message
		for _, x := range j.Findings {
			said = append(said, x.Message())
			for _, e := range x.Evidence {
				said = append(said, e.What)
			}
		}
		for _, u := range j.Unseen {
			said = append(said, u.What, u.Why)
		}
		for _, m := range said {
			if s := p.T(m); strings.Contains(s, "[") || strings.Contains(s, "<no value>") {
				t.Errorf("%s: %q", m.Key, s)
			}
		}
	}
}

func FuzzSSHEnds(f *testing.F) {
	for _, s := range []string{"", "192.0.2.9 50000 192.0.2.50 22", "fe80::1%eth0 1 ::1 22", "a b c d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		client, server, ok := sshEnds(s)
		if ok && (!client.IsValid() || !server.IsValid()) {
			t.Errorf("%q: %v %v", s, client, server)
		}
	})
}
