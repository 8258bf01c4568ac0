package fixes

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/host/fake"
	"deskside/diag/link"
)

// dnsCase is a machine whose resolver does not answer, with a control
// resolver that does.
func dnsCase(conf dns.Conf, stub *dns.Stub) diag.Facts {
	f := dns.Section.In(diag.Facts{}, dns.Facts{Conf: conf, Stub: stub, Servers: []dns.Server{
		server(dns.Configured, "192.0.2.1", "", ""), server(dns.Control, "192.0.2.6", "NOERROR", "NXDOMAIN")}})
	return link.Section.In(f, link.Facts{Links: []link.Link{{Index: 2, Name: "eth0", Plain: true, Up: true}}})
}

func caused(id string) diag.Diagnosis { return diag.Diagnosis{Causes: []diag.Cause{{ID: id}}} }

// Where another program keeps resolv.conf it is left alone, and the commands
// for that program are given, with the server to use in them.
func TestResolvConfOfOthersIsLeftAlone(t *testing.T) {
	for owner, tool := range map[string]string{
		dns.OwnerResolved: "resolvectl dns eth0 192.0.2.6", dns.OwnerNM: "nmcli device modify eth0", dns.OwnerResolvconf: "resolvconf -a",
		dns.OwnerDHCPCD: "dhcpcd", dns.OwnerDHClient: "dhclient", dns.OwnerTailscale: "tailscale", dns.OwnerConnman: "connmanctl",
		dns.OwnerUnknown: "ls -l",
	} {
		e := newEngine(t)
		e.root = t.TempDir()
		write(t, e.root+resolvConf, "nameserver 192.0.2.1\n")
		facts := dnsCase(dns.Conf{Exists: diag.Yes, Owner: owner, Servers: []string{"192.0.2.1"}}, nil)
		_, err := e.Plan(context.Background(), "dns-set-servers", facts, caused("dns.server_silent"))
		var no *Refusal
		if !errors.As(err, &no) || !strings.HasPrefix(no.Why.Key, "refuse.dns_owner") || !strings.Contains(strings.Join(no.ByHand, "\n"), tool) {
			t.Errorf("%s: %v, by hand %q", owner, err, no)
		}
	}
}

// A link into the runtime folder of a program is replaced only when that
// program is gone, and undo gives the link back.
func TestLinkOfAProgramThatIsGone(t *testing.T) {
	const stubFile = "/run/systemd/resolve/stub-resolv.conf"
	for name, c := range map[string]struct {
		cause   string
		running diag.Tri
		folder  bool // the program's runtime folder exists
		want    bool
	}{
		"resolved runs":                    {"dns.stub_down", diag.Yes, true, false},
		"resolved does not run":            {"dns.stub_down", diag.No, true, true},
		"nobody knows, its port refuses":   {"dns.stub_down", diag.Maybe, true, true},
		"nobody knows, never started":      {"dns.resolvconf_dangling", diag.Maybe, false, true},
		"nobody knows, but it was started": {"dns.resolvconf_dangling", diag.Maybe, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			e.root = t.TempDir()
			must(t, os.MkdirAll(e.root+"/etc", 0o755))
			symlink(t, ".."+stubFile, e.root+resolvConf)
			if c.folder {
				write(t, e.root+stubFile, "# This is managed by systemd-resolved. Do not edit.\nnameserver 127.0.0.53\noptions edns0\nsearch lan\n")
			}
			before := tree(t, e.root)
			facts := dnsCase(dns.Conf{Owner: dns.OwnerResolved, Link: ".." + stubFile}, &dns.Stub{Running: c.running})
			p, err := e.Plan(context.Background(), "dns-set-servers", facts, caused(c.cause))
			if !c.want {
				var no *Refusal
				if !errors.As(err, &no) {
					t.Errorf("planned %+v, %v", p, err)
				}
				return
			}
			must(t, err)
			tx, err := e.Apply(context.Background(), p, nil)
			must(t, err)
			b, err := os.ReadFile(e.root + resolvConf)
			must(t, err)
			if want := "nameserver 192.0.2.6\n"; !strings.Contains(string(b), want) || strings.Contains(string(b), "#") {
				t.Errorf("got %q", b)
			}
			_, err = e.Rollback(context.Background(), tx.ID)
			must(t, err)
			if after := tree(t, e.root); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
		})
	}
}

func TestHostsLine(t *testing.T) {
	const hosts = "127.0.0.1 localhost\r\n127.0.1.1 pc www.example.com\r\n10.6.6.6 www.example.com\r\n# end"
	for name, c := range map[string]struct {
		entry dns.HostsEntry
		line  any
		want  string // new content, or a refusal
	}{
		"the line": {dns.HostsEntry{Line: 3, Name: "www.example.com", IP: "10.6.6.6"}, 3,
			"127.0.0.1 localhost\r\n127.0.1.1 pc www.example.com\r\n# 10.6.6.6 www.example.com\r\n# end"},
		"from a saved report": {dns.HostsEntry{Line: 3, Name: "www.example.com", IP: "10.6.6.6"}, 3.0,
			"127.0.0.1 localhost\r\n127.0.1.1 pc www.example.com\r\n# 10.6.6.6 www.example.com\r\n# end"},
		"one the PC lives by": {dns.HostsEntry{Line: 2, Name: "www.example.com", IP: "127.0.1.1"}, 2, "refuse.hosts_shared"},
		"it moved":            {dns.HostsEntry{Line: 4, Name: "www.example.com", IP: "10.6.6.6"}, 4, "refuse.hosts_changed"},
		"it is gone":          {dns.HostsEntry{Line: 9, Name: "www.example.com", IP: "10.6.6.6"}, 9, "refuse.hosts_changed"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			e.root = t.TempDir()
			write(t, e.root+hostsFile, hosts)
			write(t, e.root+"/etc/hostname", "pc\n")
			facts := dns.Section.In(diag.Facts{}, dns.Facts{Hosts: dns.Hosts{Entries: []dns.HostsEntry{c.entry}}})
			d := caused("dns.hosts_override")
			d.Causes[0].Args = map[string]any{"Line": c.line}
			p, err := e.Plan(context.Background(), "hosts-comment-line", facts, d)
			var no *Refusal
			if errors.As(err, &no) {
				if no.Why.Key != c.want {
					t.Errorf("refused: %v", err)
				}
				return
			}
			must(t, err)
			_, err = e.Apply(context.Background(), p, nil)
			must(t, err)
			if b, err := os.ReadFile(e.root + hostsFile); err != nil || string(b) != c.want {
				t.Errorf("got %q, %v", b, err)
			}
		})
	}
}

// plainUser is this machine without the superuser.
type plainUser struct{ host.Local }

func (plainUser) Euid() int { return 1000 }

func TestWithoutRightsOrOnAnotherSystem(t *testing.T) {
	e := newEngine(t)
	e.root = t.TempDir()
	write(t, e.root+resolvConf, "nameserver 192.0.2.1\n")
	facts := dnsCase(dns.Conf{Exists: diag.Yes, Owner: dns.OwnerPlain, Servers: []string{"192.0.2.1"}}, nil)
	d := caused("dns.server_silent")
	for want, h := range map[string]host.Host{"refuse.root": plainUser{}, "refuse.system": &fake.Host{System: "windows"}} {
		e.Host = h
		offers := e.Offers(context.Background(), facts, d)
		if len(offers) != 1 || offers[0].Refusal == nil || offers[0].Refusal.Why.Key != want {
			t.Errorf("want %s, got %+v", want, offers)
		}
	}
	e.Host = &fake.Host{System: "windows"}
	if _, err := e.Apply(context.Background(), Plan{}, nil); err == nil {
		t.Error("applied on windows")
	}
}

// When a later step cannot be done, the earlier ones are taken back.
func TestFailingStepTakesBackTheOthers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a", "a\n")
	write(t, dir+"/open/b", "b\n")
	before := tree(t, dir)
	p, err := editPlan(dir+"/a", dir+"/open/b")
	must(t, err)
	chmod(t, dir+"/open", 0o777) // others could swap the file under our hands: refused when it is reached
	e := newEngine(t)
	tx, err := e.Apply(context.Background(), p, nil)
	var failed *Failed
	if !errors.As(err, &failed) || tx.State != RolledBack {
		t.Errorf("got %v %v", tx, err)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	chmod(t, dir+"/open", 0o755)
	p, err = editPlan(dir+"/a", dir+"/open/b")
	must(t, err)
	if _, err := e.Apply(context.Background(), p, nil); err != nil {
		t.Errorf("the next one: %v", err)
	}
}
