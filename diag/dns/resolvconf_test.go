package dns

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// The table was made by running getent under strace with each file, glibc
// 2.36: want is where its queries went, none meaning 127.0.0.1.
func TestResolvConfLikeGlibc(t *testing.T) {
	for _, c := range []struct {
		name, file, want string
		invalid          int
	}{
		{"plain", "nameserver 127.0.0.9\n", "127.0.0.9", 0},
		{"carriage return", "nameserver 127.0.0.9\r\n", "", 1},
		{"carriage return after a blank", "nameserver 127.0.0.9 \r\n", "127.0.0.9", 0},
		{"byte order mark", "\xef\xbb\xbfnameserver 127.0.0.9\n", "", 1},
		{"byte order mark spoils one line", "\xef\xbb\xbf# x\nnameserver 127.0.0.9\n", "127.0.0.9", 1},
		{"leading blank", " nameserver 127.0.0.9\n", "", 1},
		{"tab", "nameserver\t127.0.0.9\n", "127.0.0.9", 0},
		{"upper case", "NAMESERVER 127.0.0.9\n", "", 1},
		{"two parts", "nameserver 127.9\n", "127.0.0.9", 0},
		{"octal", "nameserver 0177.0.0.011\n", "127.0.0.9", 0},
		{"hexadecimal", "nameserver 0x7f000009\n", "127.0.0.9", 0},
		{"comment behind a blank", "nameserver 127.0.0.9 # x\n", "127.0.0.9", 0},
		{"comment without a blank", "nameserver 127.0.0.9#x\n", "", 1},
		{"four", "nameserver 127.0.0.1\nnameserver 127.0.0.2\nnameserver 127.0.0.3\nnameserver 127.0.0.4\n", "127.0.0.1 127.0.0.2 127.0.0.3", 0},
		{"no line end", "nameserver 127.0.0.9", "127.0.0.9", 0},
		{"empty", "", "", 0},
		{"IPv6", "nameserver ::1\n", "::1", 0},
		{"scope", "nameserver fe80::1%lo\n", "fe80::1%lo", 0},
		{"brackets", "nameserver [::1]\n", "", 1},
		{"port", "nameserver 127.0.0.9:53\n", "", 1},
		{"five parts", "nameserver 1.2.3.4.5\nnameserver 127.0.0.9\n", "127.0.0.9", 1},
		{"comments", "; nameserver 127.0.0.8\n#x\n\nnameserver 127.0.0.9\n", "127.0.0.9", 0},
		{"NUL ends a line", "nameserver 127.0.0.9\x00zz\nnameserver 127.0.0.10\n", "127.0.0.9 127.0.0.10", 0},
		{"nothing behind the word", "nameserver\nnameserver \n", "", 2},
		{"unknown word", "nameservers 127.0.0.9\n", "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseResolvConf([]byte(c.file))
			if strings.Join(got.Servers, " ") != c.want || got.Invalid != c.invalid {
				t.Errorf("servers %v, %d invalid; want %q, %d", got.Servers, got.Invalid, c.want, c.invalid)
			}
		})
	}
}

// What a person meant, where glibc passes over it.
func TestResolvConfPassedOver(t *testing.T) {
	for file, want := range map[string]string{
		"nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\n":                                "192.0.2.1 192.0.2.2",
		"\xef\xbb\xbfnameserver 192.0.2.1\n":                                              "192.0.2.1",
		" nameserver 192.0.2.1\nNameServer 192.0.2.2\n":                                   "192.0.2.1 192.0.2.2",
		"nameserver 192.0.2.1:53\nnameserver [2001:db8::1]:53\nnameserver 192.0.2.2#53\n": "192.0.2.1 2001:db8::1 192.0.2.2",
		"nameserver=192.0.2.1\nnameservers: 192.0.2.2, 192.0.2.3\n":                       "192.0.2.1 192.0.2.2",
		"nameserver fe80::1%eth0\r\n":                                                     "fe80::1%eth0",
		"nameserver dns.example\nnameserver 1.2.3.4.5\nnameserver\n":                      "",
		"#nameserver 192.0.2.1\n; nameserver 192.0.2.1\n":                                 "",
		"dns 192.0.2.1\n": "",
		strings.Repeat("nameserver 192.0.2.1\n", 3) + "nameserver 192.0.2.4\nnameserver 192.0.2.5\nnameserver 192.0.2.6\nnameserver 192.0.2.7\n": "192.0.2.4 192.0.2.5 192.0.2.6",
	} {
		if got := strings.Join(parseResolvConf([]byte(file)).Passed, " "); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

func TestResolvConfRest(t *testing.T) {
	c := parseResolvConf([]byte("domain one.example extra\nsearch a.example  b.example\noptions ndots:2 use-vc ndots:x my-secret\noptions edns0\nsortlist 10.0.0.0\n" +
		strings.Repeat("nameserver 192.0.2.1\n", 5)))
	if !reflect.DeepEqual(c.Search, []string{"a.example", "b.example"}) || !reflect.DeepEqual(c.Options, []string{"ndots:2", "use-vc", "edns0"}) {
		t.Errorf("search %v, options %v", c.Search, c.Options)
	}
	if c.Extra != 2 || c.Invalid != 0 || !c.Has("use-vc") || c.Has("rotate") {
		t.Errorf("%+v", c)
	}
}

func TestNSS(t *testing.T) {
	for _, c := range []struct {
		file, want string
		dns        diag.Tri
	}{
		{"hosts: files dns\n", "files dns", diag.Yes},
		{"hosts:\tfiles mdns4_minimal [NOTFOUND=return] dns # x\n", "files mdns4_minimal dns", diag.Yes},
		{"  hosts : files[ NOTFOUND = return ]resolve", "files resolve", diag.Yes},
		{"hosts: files\n", "files", diag.No},
		{"hosts: files myhostname mymachines\n", "files myhostname mymachines", diag.No},
		{"hosts: files sss\n", "files sss", diag.Maybe},
		{"hosts: files Say\"anything\" dns\n", "files other dns", diag.Yes},
		{"passwd: files\n", "", diag.Yes},
		{"#hosts: files\n", "", diag.Yes},
		{"", "", diag.Yes},
	} {
		got := parseNSS([]byte(c.file))
		if strings.Join(got.Sources, " ") != c.want || got.HasDNS != c.dns {
			t.Errorf("%q: %v %v, want %q %v", c.file, got.Sources, got.HasDNS, c.want, c.dns)
		}
	}
}

func TestHosts(t *testing.T) {
	want := map[string]bool{"example.com": true, "wikipedia.org": true}
	got := parseHosts([]byte("127.0.0.1 localhost\n# 192.0.2.9 example.com\n192.0.2.1\tEXAMPLE.com www.example.com\r\n"+
		"nonsense example.com\n0.0.0.0 ads.example wikipedia.org. # x example.com\n::1 notexample.com\n192.0.2.3 # example.com\nexample.com\nfe80::1%eth0 example.com"), want)
	if got.Lines != 9 || len(got.Entries) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, e := range []HostsEntry{
		{Line: 3, Name: "example.com", IP: "192.0.2.1", Scope: "public"},
		{Line: 5, Name: "wikipedia.org", IP: "0.0.0.0", Scope: "null"},
		{Line: 9, Name: "example.com", IP: "fe80::1%eth0", Scope: "link-local"},
	} {
		if got.Entries[i] != e {
			t.Errorf("entry %+v, want %+v", got.Entries[i], e)
		}
	}
}

// An ad-block list of 100,000 lines must not be felt: 30 ms here. The bound
// leaves room for the race detector and a busy machine; what it catches is
// work that grows faster than the file.
func TestHugeFilesAreQuick(t *testing.T) {
	var b strings.Builder
	for range 100_000 {
		b.WriteString("0.0.0.0 telemetry.tracker-example.net\n")
	}
	b.WriteString("192.0.2.1 example.com\n")
	begin := time.Now()
	h := parseHosts([]byte(b.String()), map[string]bool{"example.com": true, "wikipedia.org": true, "detectportal.firefox.com": true, "nmcheck.gnome.org": true})
	middle := time.Since(begin)
	c := parseResolvConf([]byte(strings.Repeat("nameserver 192.0.2.1 # again\n", 100_000)))
	took := time.Since(begin)
	if h.Lines != 100_001 || len(h.Entries) != 1 || c.Extra != 99_997 {
		t.Errorf("%d lines, %d entries, %d extra", h.Lines, len(h.Entries), c.Extra)
	}
	t.Logf("hosts %v, resolv.conf %v", middle, took-middle)
	if took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestOwner(t *testing.T) {
	for _, c := range []struct{ name, link, head, exists, want string }{
		{"nobody", "", "nameserver 192.0.2.1\n", "", OwnerPlain},
		{"resolved's stub", "../run/systemd/resolve/stub-resolv.conf", "", "", OwnerResolved},
		{"NetworkManager by link", "/run/NetworkManager/resolv.conf", "", "", OwnerNM},
		{"resolvconf by link", "/run/resolvconf/resolv.conf", "", "", OwnerResolvconf},
		{"a link to elsewhere", "/etc/my-resolv.conf", "", "", OwnerUnknown},
		{"NetworkManager by header", "", "# Generated by NetworkManager\n", "run/NetworkManager/x", OwnerNM},
		{"header of a program that is gone", "", "# Generated by NetworkManager\n", "", OwnerPlain},
		{"dhcpcd", "", "# Generated by dhcpcd from eth0.dhcp\n", "run/dhcpcd/pid", OwnerDHCPCD},
		{"Docker", "", "# Generated by Docker Engine.\n", "", OwnerContainer},
		{"WSL", "", "# This file was automatically generated by WSL. To stop\n", "", OwnerContainer},
		{"tailscale", "", "# resolv.conf(5) file generated by tailscale\n", "run/tailscale/x", OwnerTailscale},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &fake.Host{Files: fstest.MapFS{}}
			if c.exists != "" {
				h.Files[c.exists] = &fstest.MapFile{}
			}
			if got := ownerOf(h, c.link, []byte(c.head)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	mounted := &fake.Host{Files: fstest.MapFS{"proc/self/mountinfo": {Data: []byte("1 2 0:3 / /etc/resolv.conf rw - ext4 /dev/sda rw\n")}}}
	if got := ownerOf(mounted, "", nil); got != OwnerContainer {
		t.Errorf("a file mounted from outside: %q", got)
	}
}

func TestGetent(t *testing.T) {
	got := parseGetent([]byte("203.0.113.80   STREAM example.com\n203.0.113.80   DGRAM\n\nx y\n2001:db8::1 RAW\n"))
	if !reflect.DeepEqual(got, []string{"203.0.113.80", "2001:db8::1"}) {
		t.Errorf("%v", got)
	}
}

func FuzzResolvConf(f *testing.F) {
	f.Add([]byte("nameserver 127.1\nsearch a\noptions x\n\xef\xbb\xbf\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := parseResolvConf(b)
		if len(c.Servers) > maxServers {
			t.Errorf("%d servers", len(c.Servers))
		}
		for _, s := range c.Servers {
			if a, err := netip.ParseAddr(s); err != nil || a.String() != s {
				t.Errorf("%q is no address in its usual form", s)
			}
		}
	})
}

func FuzzHosts(f *testing.F) {
	f.Add([]byte("192.0.2.1 example.com # x\n"), "example.com")
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		h := parseHosts(b, map[string]bool{canonical(name): true})
		if len(h.Entries) > maxEntries {
			t.Errorf("%d entries", len(h.Entries))
		}
		for _, e := range h.Entries {
			if e.Name != canonical(name) || e.Line < 1 || e.Line > h.Lines {
				t.Errorf("%+v of %d lines", e, h.Lines)
			}
		}
	})
}

func FuzzNSS(f *testing.F) {
	f.Add([]byte("hosts: files [!UNAVAIL=return] dns"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range parseNSS(b).Sources {
			if s == "" || strings.ContainsAny(s, "[ \t\n") {
				t.Errorf("source %q", s)
			}
		}
	})
}

func FuzzGetent(f *testing.F) {
	f.Add([]byte("203.0.113.80   STREAM example.com\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		seen := map[string]bool{}
		for _, ip := range parseGetent(b) {
			if seen[ip] {
				t.Errorf("%s twice", ip)
			}
			seen[ip] = true
		}
	})
}

func TestProbedNames(t *testing.T) {
	got := probedNames(config.Probe{
		Names: []string{"Example.com.", ""},
		Web:   []config.Web{{URL: "http://portal.example:8080/x"}, {URL: "http://192.0.2.1/"}},
		HTTPS: []string{"https://WWW.example.org/", "https://[2001:db8::1]/"},
	})
	if want := map[string]bool{"example.com": true, "portal.example": true, "www.example.org": true}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
