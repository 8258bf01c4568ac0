package fixes

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/host/fake"
	"deskside/diag/link"
)

func TestGlibcVersion(t *testing.T) {
	for said, want := range map[string]string{
		"getent (Debian GLIBC 2.36-9+deb12u13) 2.36\nCopyright": "2.36",
		"getent (GNU libc) 2.41\n":                              "2.41",
		"getent (Ubuntu GLIBC 2.9-4ubuntu6) 2.9":                "2.9",
		"getent (SUSE glibc) x":                                 "",
		"usage: getent [options] database [key]\n":              "", // Alpine's script
		"": "",
	} {
		got := ""
		if v, ok := glibcVersion([]byte(said)); ok {
			got = v.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	if (version{2, 9}).before(version{2, 36}) == (version{2, 36}).before(version{2, 9}) || (version{3, 0}).before(version{2, 36}) {
		t.Error("versions are out of order")
	}
}

// libc is a machine whose getent says this.
func libc(said string) host.Host {
	return &fake.Host{System: "linux", Commands: map[string]host.Output{"getent --version": {Stdout: []byte(said)}}}
}

// An option is set where the C library knows it and the file is nobody's.
func TestOptionsOfResolvConf(t *testing.T) {
	const new, old, other = "getent (GNU libc) 2.41\n", "getent (GNU libc) 2.35\n", "usage: getent"
	v6only := func(f diag.Facts) diag.Facts {
		return link.Section.In(f, link.Facts{Routes: []link.Route{{Family: 6, Default: true, Type: "unicast"}}})
	}
	onItself := func(f diag.Facts) diag.Facts {
		d := dns.Section.Of(f)
		d.Servers = []dns.Server{{Role: dns.Configured, Address: "127.0.0.53", Scope: link.Loopback}}
		return dns.Section.In(f, d)
	}
	same := func(f diag.Facts) diag.Facts { return f }
	for name, c := range map[string]struct {
		fix, cause, libc, owner, file, want string
		options                             []string
		facts                               func(diag.Facts) diag.Facts
	}{
		"over TCP":               {"dns-use-vc", "dns.udp53_blocked", new, dns.OwnerPlain, "nameserver 192.0.2.1\n", "nameserver 192.0.2.1\noptions use-vc\n", nil, same},
		"no line end":            {"dns-use-vc", "dns.large_dropped", new, dns.OwnerPlain, "nameserver 192.0.2.1", "nameserver 192.0.2.1\noptions use-vc\n", nil, same},
		"carriage returns":       {"dns-use-vc", "dns.udp53_blocked", old, dns.OwnerPlain, "# x\r\nnameserver 192.0.2.1 \r\n", "# x\r\nnameserver 192.0.2.1 \r\noptions use-vc\n", nil, same},
		"options that are there": {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerPlain, "options edns0\nnameserver 192.0.2.1\n", "options edns0\nnameserver 192.0.2.1\noptions no-aaaa\n", []string{"edns0"}, same},
		"a container's":          {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerContainer, "nameserver 192.0.2.1\n", "nameserver 192.0.2.1\noptions no-aaaa\n", nil, same},
		"set already":            {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerPlain, "nameserver 192.0.2.1\noptions no-aaaa\n", "refuse.not_needed", []string{"no-aaaa"}, same},
		"too old":                {"dns-no-aaaa", "dns.aaaa_timeout", old, dns.OwnerPlain, "nameserver 192.0.2.1\n", "refuse.libc_old", nil, same},
		"another library":        {"dns-no-aaaa", "dns.aaaa_timeout", other, dns.OwnerPlain, "nameserver 192.0.2.1\n", "refuse.libc_unknown", nil, same},
		"needs IPv6":             {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerPlain, "nameserver 192.0.2.1\n", "refuse.only_ipv6", nil, v6only},
		"asks itself":            {"dns-use-vc", "dns.udp53_blocked", new, dns.OwnerPlain, "nameserver 127.0.0.53\n", "refuse.dns_stub", nil, onItself},
		"NetworkManager's":       {"dns-use-vc", "dns.udp53_blocked", new, dns.OwnerNM, "nameserver 192.0.2.1\n", "refuse.dns_owner", nil, same},
		"resolved's":             {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerResolved, "nameserver 192.0.2.1\n", "refuse.dns_owner", nil, same},
		"somebody's":             {"dns-no-aaaa", "dns.aaaa_timeout", new, dns.OwnerUnknown, "nameserver 192.0.2.1\n", "refuse.dns_owner_unknown", nil, same},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			e.root = t.TempDir()
			write(t, e.root+resolvConf, c.file)
			facts := c.facts(dnsCase(dns.Conf{Exists: diag.Yes, Owner: c.owner, Options: c.options}, nil))
			real := e.Host
			e.Host = libc(c.libc)
			p, err := e.Plan(context.Background(), c.fix, facts, caused(c.cause))
			e.Host = real
			edited(t, e, p, err, resolvConf, c.file, c.want)
		})
	}
}

// edited applies a plan for one file and takes it back; want is the content
// in between, or why there is no plan.
func edited(t *testing.T, e *Engine, p Plan, err error, file, was, want string) {
	t.Helper()
	var no *Refusal
	if errors.As(err, &no) {
		if no.Why.Key != want {
			t.Errorf("refused: %v, want %q", err, want)
		}
		return
	}
	must(t, err)
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	if b, err := os.ReadFile(e.root + file); err != nil || string(b) != want {
		t.Errorf("got %q, %v; want %q", b, err, want)
	}
	_, err = e.Rollback(context.Background(), tx.ID)
	must(t, err)
	if b, err := os.ReadFile(e.root + file); err != nil || string(b) != was {
		t.Errorf("after rollback %q, %v", b, err)
	}
}

// The commands given for the owner of the file make the same change.
func TestOptionsByHand(t *testing.T) {
	for owner, want := range map[string]string{
		dns.OwnerNM: "+ipv4.dns-options use-vc", dns.OwnerDHCPCD: "/etc/resolv.conf.tail", dns.OwnerResolvconf: "/etc/resolvconf/resolv.conf.d/tail",
	} {
		got := strings.Join(settingOption(&fake.Host{}, Case{Facts: dnsCase(dns.Conf{}, nil)}, "use-vc")(owner), "\n")
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s", owner, got)
		}
	}
}

func TestSearchDrop(t *testing.T) {
	silent := func(name string) dns.Query {
		return dns.Query{Proto: "udp", Kind: dns.KindSearch, Name: name, Type: "A", Outcome: dns.Silent}
	}
	gone := with(silent("www.example.dead.example"))
	for name, c := range map[string]struct {
		search  []string
		queries []dns.Query
		file    string
		want    string
	}{
		"the only one":     {[]string{"dead.example"}, gone, "search dead.example\nnameserver 192.0.2.1\n", "search .\nnameserver 192.0.2.1\n"},
		"one of two":       {[]string{"dead.example", "good.example"}, gone, "nameserver 192.0.2.1\nsearch dead.example\tgood.example", "nameserver 192.0.2.1\nsearch good.example"},
		"a domain":         {[]string{"dead.example"}, gone, "domain dead.example # ours\nnameserver 192.0.2.1\n", "search .\nnameserver 192.0.2.1\n"},
		"the last counts":  {[]string{"dead.example"}, gone, "search old.example\nsearch dead.example\n", "search old.example\nsearch .\n"},
		"part of another":  {[]string{"example", "dead.example"}, gone, "search example dead.example\n", "search example\n"},
		"it is gone":       {[]string{"dead.example"}, gone, "search good.example\n", "refuse.conf_changed"},
		"nothing is dead":  {[]string{"good.example"}, with(), "search good.example\n", "refuse.not_needed"},
		"with a dot ahead": {[]string{".dead.example."}, gone, "search .dead.example. good.example\n", "search good.example\n"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			e.root = t.TempDir()
			write(t, e.root+resolvConf, c.file)
			f := dns.Facts{Conf: dns.Conf{Exists: diag.Yes, Owner: dns.OwnerPlain, Search: c.search}, Servers: []dns.Server{{Role: dns.Configured, Address: "192.0.2.1", Queries: c.queries}}}
			p, err := e.Plan(context.Background(), "dns-search-drop", dns.Section.In(diag.Facts{}, f), caused("dns.search_stall"))
			edited(t, e, p, err, resolvConf, c.file, c.want)
		})
	}
}

// with is what a server did, which answered for www.example.
func with(more ...dns.Query) []dns.Query {
	return append([]dns.Query{{Proto: "udp", Kind: dns.KindName, Name: "www.example", Type: "A", Outcome: dns.Answered, Rcode: "NOERROR"}}, more...)
}

func TestSearchByHand(t *testing.T) {
	f := dns.Section.In(dnsCase(dns.Conf{}, nil), dns.Facts{Conf: dns.Conf{Search: []string{"dead.example", "good.example"}}})
	by := droppingEndings(Case{Facts: f}, []string{"dead.example"})
	for owner, want := range map[string]string{
		dns.OwnerResolved: `resolvectl domain eth0 "good.example"`, dns.OwnerNM: `ipv4.dns-search "good.example"`, dns.OwnerDHCPCD: "static domain_search=good.example",
		dns.OwnerDHClient: `supersede domain-search "good.example";`, dns.OwnerTailscale: "",
	} {
		if got := strings.Join(by(owner), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: %s", owner, got)
		}
	}
}

// What each line becomes was read off getent in a world whose name server
// knows www.example.com, glibc 2.36: on the left it finds nothing.
func TestNSSwitchReachesDNS(t *testing.T) {
	for was, want := range map[string]string{
		"hosts: files\n": "hosts: files dns\n",
		"hosts:\n":       "hosts: dns\n",
		"passwd: files\r\nhosts:\tfiles \r\nnetworks: files\r\n":               "passwd: files\r\nhosts:\tfiles dns \r\nnetworks: files\r\n",
		"hosts: files # no servers\n":                                          "hosts: files dns # no servers\n",
		"hosts: files mdns4_minimal [NOTFOUND=return]":                         "hosts: files mdns4_minimal [NOTFOUND=return] dns",
		"hosts: files [NOTFOUND=return] dns\n":                                 "hosts: files dns\n",
		"hosts: files [NOTFOUND=return]\n":                                     "hosts: files dns\n",
		"hosts: files[!SUCCESS=return] myhostname [ !UNAVAIL = return ] dns\n": "hosts: files myhostname dns\n",
		"hosts: files [SUCCESS=return] mdns4_minimal [NOTFOUND=return]\n":      "hosts: files [SUCCESS=return] mdns4_minimal [NOTFOUND=return] dns\n",
		"hosts: files resolve [!UNAVAIL=return]\n":                             "hosts: files resolve [!UNAVAIL=return] dns\n",
		"hosts: files dns\n":                                                   "",
		"hosts: dns [NOTFOUND=return] files\n":                                 "",
		"hosts: files mdns4_minimal [NOTFOUND=return] dns\n":                   "",
		"#hosts: files\n":                                                      "",
		"":                                                                     "",
	} {
		got, changed := askingServers(was)
		if want == "" {
			want = was
		}
		if got != want || changed != (want != was) {
			t.Errorf("%q: got %q, %t", was, got, changed)
		}
	}
}

func TestNSSwitchOfOthersIsLeftAlone(t *testing.T) {
	e := newEngine(t)
	e.root = t.TempDir()
	write(t, e.root+"/etc/authselect/nsswitch.conf", "hosts: files\n")
	symlink(t, e.root+"/etc/authselect/nsswitch.conf", e.root+nsswitch)
	_, err := e.Plan(context.Background(), "nsswitch-hosts-dns", diag.Facts{}, caused("dns.nss_broken"))
	var no *Refusal
	if !errors.As(err, &no) || no.Why.Key != "refuse.nsswitch_link" || !reflect.DeepEqual(no.ByHand, []string{"authselect current", "authselect apply-changes"}) {
		t.Errorf("%v", err)
	}
	must(t, os.Remove(e.root+nsswitch))
	write(t, e.root+nsswitch, "hosts: files dns\n")
	if _, err = e.Plan(context.Background(), "nsswitch-hosts-dns", diag.Facts{}, caused("dns.nss_broken")); !errors.As(err, &no) || no.Why.Key != "refuse.nsswitch_other" {
		t.Errorf("%v", err)
	}
}
