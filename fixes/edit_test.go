package fixes

import (
	"reflect"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/link"
)

func TestWithServers(t *testing.T) {
	two := []string{"192.0.2.1", "2001:db8::1"}
	const lines = "nameserver 192.0.2.1\nnameserver 2001:db8::1\n"
	for name, c := range map[string]struct{ in, want string }{
		"empty":                {"", lines},
		"none, no newline":     {"search lan", "search lan\n" + lines},
		"in the first place":   {"# me\nnameserver 9.9.9.9\noptions edns0\nnameserver 8.8.8.8\n", "# me\n" + lines + "options edns0\n"},
		"last, no newline":     {"search lan\nnameserver 9.9.9.9", "search lan\n" + lines},
		"carriage returns":     {"search lan\r\nnameserver 9.9.9.9\r\n", "search lan\r\n" + lines},
		"a tab":                {"nameserver\t9.9.9.9 # here\n", lines},
		"only looks like one":  {"#nameserver 9.9.9.9\n nameserver 9.9.9.9\nnameservers 1\n", "#nameserver 9.9.9.9\n nameserver 9.9.9.9\nnameservers 1\n" + lines},
		"mark before the word": {"\ufeffnameserver 9.9.9.9\n", "\ufeffnameserver 9.9.9.9\n" + lines},
	} {
		if got := string(withServers([]byte(c.in), two)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestReordered(t *testing.T) {
	rank := func(s string) int { return map[string]int{"9.9.9.9": 2, "1.1.1.1": 0}[s] }
	for name, c := range map[string]struct{ in, want string }{
		"two":               {"nameserver 9.9.9.9\nnameserver 1.1.1.1\n", "nameserver 1.1.1.1\nnameserver 9.9.9.9\n"},
		"around other":      {"search a\nnameserver 9.9.9.9\noptions b\nnameserver 1.1.1.1\n# end\n", "search a\nnameserver 1.1.1.1\noptions b\nnameserver 9.9.9.9\n# end\n"},
		"no final newline":  {"nameserver 9.9.9.9 # old\nnameserver 1.1.1.1", "nameserver 1.1.1.1\nnameserver 9.9.9.9 # old"},
		"already":           {"nameserver 1.1.1.1\nnameserver 9.9.9.9\n", "nameserver 1.1.1.1\nnameserver 9.9.9.9\n"},
		"equals keep order": {"nameserver 1.1.1.1\nnameserver 8.8.8.8\n", "nameserver 1.1.1.1\nnameserver 8.8.8.8\n"},
	} {
		if got := string(reordered([]byte(c.in), rank)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestCommentKeepsEveryOtherByte(t *testing.T) {
	for in, want := range map[string]string{
		"10.0.0.1 a.example\r\n":     "# 10.0.0.1 a.example\r\n",
		"\ufeff10.0.0.1 a.example\n": "\ufeff# 10.0.0.1 a.example\n",
		"10.0.0.1 a.example":         "# 10.0.0.1 a.example",
	} {
		if got := comment(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// server with what it answered to a known and to an impossible name.
func server(role, address, name, random string) dns.Server {
	s := dns.Server{Role: role, Address: address}
	for kind, rcode := range map[string]string{dns.KindName: name, dns.KindRandom: random} {
		q := dns.Query{Kind: kind, Outcome: dns.Answered, Rcode: rcode}
		if rcode == "NOERROR" {
			q.IPs = []string{"192.0.2.80"}
		}
		if rcode == "" {
			q.Outcome = dns.Silent
		}
		s.Queries = append(s.Queries, q)
	}
	return s
}

func TestWorkingServers(t *testing.T) {
	dead := server(dns.Configured, "192.0.2.1", "", "")
	liar := server(dns.Configured, "192.0.2.2", "NOERROR", "NOERROR")
	empty := server(dns.Configured, "192.0.2.3", "NXDOMAIN", "NXDOMAIN")
	good := server(dns.Configured, "192.0.2.4", "NOERROR", "NXDOMAIN")
	behind := server(dns.Upstream, "192.0.2.5", "NOERROR", "NXDOMAIN")
	control := server(dns.Control, "192.0.2.6", "NOERROR", "NXDOMAIN")
	for name, c := range map[string]struct {
		servers []dns.Server
		want    []string
		from    string
	}{
		"another configured one": {[]dns.Server{dead, good, control}, []string{"192.0.2.4"}, dns.Configured},
		"one behind the stub":    {[]dns.Server{dead, behind, control}, []string{"192.0.2.5"}, dns.Upstream},
		"one that is passed over": {[]dns.Server{dead, control, server(dns.Passed, "192.0.2.8", "NOERROR", "NXDOMAIN")},
			[]string{"192.0.2.8"}, dns.Passed},
		"one that is passed over and nobody asked, before a stranger": {[]dns.Server{dead, {Role: dns.Control, Address: "192.0.2.7"}, {Role: dns.Passed, Address: "192.0.2.8"}},
			[]string{"192.0.2.8"}, untried},
		"a control resolver": {[]dns.Server{dead, control}, []string{"192.0.2.6"}, dns.Control},
		"never a liar":       {[]dns.Server{liar, control}, []string{"192.0.2.6"}, dns.Control},
		"never one without names": {[]dns.Server{empty, control},
			[]string{"192.0.2.6"}, dns.Control},
		"one nobody asked": {[]dns.Server{dead, {Role: dns.Control, Address: "192.0.2.7"}},
			[]string{"192.0.2.7"}, untried},
		"a stub that was not asked is no way out": {[]dns.Server{{Role: dns.Configured, Address: "127.0.0.53"}}, nil, ""},
		"nobody": {[]dns.Server{dead, liar, empty}, nil, ""},
	} {
		got, from := workingServers(dns.Facts{Servers: c.servers})
		if !reflect.DeepEqual(got, c.want) || from != c.from {
			t.Errorf("%s: got %v from %q", name, got, from)
		}
	}
}

// A server that leads names inside is left out where that is the fault, and
// stays where it may be what a company wants.
func TestBelieved(t *testing.T) {
	inside := server(dns.Configured, "192.0.2.1", "NOERROR", "NXDOMAIN")
	for i := range inside.Queries {
		if len(inside.Queries[i].IPs) > 0 {
			inside.Queries[i].IPs, inside.Queries[i].Scopes = []string{"10.1.2.3"}, []link.Scope{link.Private}
		}
	}
	control := server(dns.Control, "192.0.2.6", "NOERROR", "NXDOMAIN")
	for i := range control.Queries {
		for range control.Queries[i].IPs {
			control.Queries[i].Scopes = append(control.Queries[i].Scopes, link.Public)
		}
	}
	f := dns.Section.In(diag.Facts{}, dns.Facts{Servers: []dns.Server{inside, control}})
	for cause, want := range map[string]string{"dns.answer_forged": "192.0.2.6", "dns.server_silent": "192.0.2.1"} {
		if got, _ := workingServers(believed(Case{Cause: diag.Cause{ID: cause}, Facts: f})); !reflect.DeepEqual(got, []string{want}) {
			t.Errorf("%s: %v, want %s", cause, got, want)
		}
	}
}

func TestDhclientTakesTheLastLeaseOfEachLink(t *testing.T) {
	const leases = `lease {
  interface "eth0";
  fixed-address 192.168.1.50;
  option routers 192.168.1.254;
}
lease {
  interface "eth0";
  option routers 192.168.1.1,192.168.1.2;
  expire never;
}
lease {
  interface "eth1";
  option routers 10.0.0.1;
}
`
	var got []string
	for _, g := range dhclientRouters(leases) {
		got = append(got, g.dev+" "+g.addr.String())
	}
	if want := []string{"eth0 192.168.1.1", "eth1 10.0.0.1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

// look1 is a look at one check with one finding, and the causes named.
func look1(s diag.Status, causes ...diag.Cause) diag.Assessment {
	return diag.Assessment{
		Checks: []diag.CheckResult{{ID: "dns", Status: s, Judgement: diag.Judgement{Findings: []diag.Finding{
			{Code: "dns.resolves", Status: s}, {Code: "dns.hosts", Status: diag.OK}}}}},
		Diagnosis: diag.Diagnosis{Causes: causes},
	}
}

func TestCompare(t *testing.T) {
	mine := diag.Cause{ID: "dns.server_silent", Explains: []string{"dns.resolves"}}
	other := diag.Cause{ID: "route.no_default"}
	broken := look1(diag.Fail, mine)
	worse := look1(diag.OK)
	worse.Checks[0].Findings[1].Status = diag.Fail
	for name, c := range map[string]struct {
		after diag.Assessment
		want  Better
	}{
		"healthy":                      {look1(diag.OK), Cured},
		"the next cause shows":         {look1(diag.Fail, other), Cured},
		"still there":                  {broken, Same},
		"still there, not first":       {look1(diag.Fail, other, mine), Same},
		"cannot tell any more":         {look1(diag.Unknown), Same},
		"what was ok fails":            {worse, Worse},
		"worse though the cause stays": {func() diag.Assessment { w := worse; w.Diagnosis = broken.Diagnosis; return w }(), Worse},
	} {
		if got := Compare(broken, c.after, mine.ID); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
