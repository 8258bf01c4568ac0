package dns

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"deskside/diag"
	"deskside/diag/host/fake"
)

func TestParseFirefoxPolicy(t *testing.T) {
	for policy, want := range map[string]string{
		`{"policies": {"DNSOverHTTPS": {"Enabled": true, "ProviderURL": "https://d.example/q", "Fallback": false}}}`:                                 "https://d.example/q",
		`{"policies": {"DNSOverHTTPS": {"Enabled": true, "Fallback": false}}}`:                                                                       trrDefault,
		`{"policies": {"DNSOverHTTPS": {"Enabled": true, "ProviderURL": "https://d.example/q"}}}`:                                                    "",
		`{"policies": {"DNSOverHTTPS": {"Enabled": false, "Fallback": false}}}`:                                                                      "",
		`{"policies": {"Preferences": {"network.trr.mode": {"Value": 3, "Status": "locked"}, "network.trr.uri": {"Value": "https://d.example/q"}}}}`: "https://d.example/q",
		`{"policies": {"Preferences": {"network.trr.mode": 3, "network.trr.uri": "https://d.example/q"}}}`:                                           "https://d.example/q",
		`{"policies": {"Preferences": {"network.trr.mode": {"Value": 2}}}}`:                                                                          "",
		`{"policies": {}}`: "", `[]`: "", ``: "",
	} {
		if got := ParseFirefoxPolicy([]byte(policy)); got != want {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}

// stamp makes a DNS stamp of a server over HTTPS from its parts.
func stamp(address, name, path string, hashes ...string) string {
	b := append([]byte{2}, make([]byte, 8)...)
	field := func(s string, more byte) { b = append(append(b, byte(len(s))|more), s...) }
	field(address, 0)
	if len(hashes) == 0 {
		hashes = []string{""}
	}
	for i, h := range hashes {
		more := byte(0x80)
		if i == len(hashes)-1 {
			more = 0
		}
		field(h, more)
	}
	field(name, 0)
	field(path, 0)
	return "sdns://" + base64.RawURLEncoding.EncodeToString(b)
}

func TestParseStamp(t *testing.T) {
	for s, want := range map[string]DoH{
		stamp("192.0.2.53", "d.example", "/dns-query"):                 {URL: "https://d.example/dns-query", Address: "192.0.2.53"},
		stamp("[2001:db8::53]:8443", "d.example", "/q", "hash", "two"): {URL: "https://d.example/q", Address: "2001:db8::53"},
		stamp("", "d.example:8443", "/q"):                              {URL: "https://d.example:8443/q"},
	} {
		if got, ok := ParseStamp(s); !ok || got != want {
			t.Errorf("%s: %+v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "sdns://", "sdns://AQ", "sdns://AgAAAAAAAAAA", stamp("", "", "/q"), stamp("", "d.example", "q"), stamp("", "a/b", "/q")} {
		if got, ok := ParseStamp(s); ok {
			t.Errorf("%s: %+v", s, got)
		}
	}
}

// Who depends on a server, and who only likes it better.
func TestReadDoH(t *testing.T) {
	const away, here = "192.0.2.53", "127.0.0.1"
	prefs := "home/anna/.mozilla/firefox/x.default/prefs.js"
	for name, c := range map[string]struct {
		files  map[string]string
		server string
		want   string
	}{
		"nobody":                    {nil, away, ""},
		"Firefox, by policy":        {map[string]string{"etc/firefox/policies/policies.json": `{"policies": {"Preferences": {"network.trr.mode": 3, "network.trr.uri": "https://d.example/q"}}}`}, away, "firefox https://d.example/q"},
		"Firefox, by hand":          {map[string]string{prefs: "user_pref(\"network.trr.mode\", 3);\nuser_pref(\"network.trr.uri\", \"https://d.example/q\");\n"}, away, "firefox https://d.example/q anna"},
		"Firefox, preferred":        {map[string]string{prefs: "user_pref(\"network.trr.mode\", 2);\n"}, away, ""},
		"cloudflared":               {map[string]string{"etc/cloudflared/config.yml": "proxy-dns: true\nproxy-dns-upstream:\n - https://192.0.2.1/dns-query\n# - https://192.0.2.2/dns-query\n"}, here, "cloudflared https://192.0.2.1/dns-query"},
		"cloudflared, not asked":    {map[string]string{"etc/cloudflared/config.yml": "proxy-dns-upstream: [https://192.0.2.1/dns-query]\n"}, away, ""},
		"https_dns_proxy":           {map[string]string{"etc/default/https_dns_proxy": "OPTIONS='-b 192.0.2.9 -r https://d.example/dns-query?x'\n"}, here, "https_dns_proxy https://d.example/dns-query?x"},
		"dnscrypt-proxy":            {map[string]string{"etc/dnscrypt-proxy/dnscrypt-proxy.toml": "server_names = ['mine', 'listed']\n[static.mine]\nstamp = '" + stamp("192.0.2.7", "d.example", "/q") + "'\n[static.other]\nstamp='x'\n"}, here, "dnscrypt-proxy https://d.example/q"},
		"dnscrypt-proxy, all lists": {map[string]string{"etc/dnscrypt-proxy/dnscrypt-proxy.toml": "server_names = ['listed']\n"}, here, ""},
	} {
		h := &fake.Host{Env: map[string]string{"SUDO_UID": "1000"}, Files: fstest.MapFS{"etc/passwd": {Data: []byte("anna:x:1000:1000::/home/anna:/bin/sh\n")}}}
		for file, content := range c.files {
			h.Files[file] = &fstest.MapFile{Data: []byte(content)}
		}
		got := ""
		for _, d := range readDoH(h, Conf{Servers: []string{c.server}}) {
			got = d.By + " " + d.URL
			if d.User != "" {
				got += " " + d.User
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDoHDead(t *testing.T) {
	for _, c := range []struct {
		d    DoH
		want diag.Tri
	}{
		{DoH{}, diag.Maybe}, {DoH{Outcome: Answered, Status: 200}, diag.No}, {DoH{Outcome: Answered, Status: 404}, diag.Yes},
		{DoH{Outcome: Silent}, diag.Yes}, {DoH{Outcome: Nameless}, diag.Yes}, {DoH{Outcome: Denied}, diag.Maybe}, {DoH{Outcome: Failed}, diag.Maybe},
	} {
		if got := c.d.Dead(); got != c.want {
			t.Errorf("%+v: %v", c.d, got)
		}
	}
}

// FuzzDoHFiles: no parser fails, and nothing comes out that did not go in.
func FuzzDoHFiles(f *testing.F) {
	f.Add([]byte(`{"policies": {"Preferences": {"network.trr.mode": {"Value": 3}}}}`))
	f.Add([]byte("user_pref(\"network.trr.mode\", 3);\nuser_pref(\"a\", \"b\\\"c\");"))
	f.Add([]byte("server_names = ['x']\n[static.x]\nstamp = '" + stamp("192.0.2.7:1", "d.example", "/q", "h") + "'\n"))
	f.Add([]byte("- https://192.0.2.1/dns-query # https://x/query"))
	f.Fuzz(func(t *testing.T, b []byte) {
		ParseFirefoxPolicy(b)
		for name := range ParsePrefs(b) {
			if len(name) > len(b) {
				t.Error(name)
			}
		}
		for _, u := range ParseQueryURLs(b) {
			if !slices.Contains([]string{"https://"}, u[:8]) {
				t.Error(u)
			}
		}
		for _, d := range ParseDNSCrypt(b) {
			if d.URL == "" {
				t.Error(fmt.Sprint(d))
			}
		}
		ParseStamp(string(b))
	})
}
