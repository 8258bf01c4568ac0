package dns

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"deskside/diag/host"
)

const (
	// trrOnly is network.trr.mode for name service over HTTPS and nothing else
	// (wiki.mozilla.org/Trusted_Recursive_Resolver).
	trrOnly = "3"
	// trrDefault is what Firefox asks when no server is named
	// (modules/libpref/init/StaticPrefList.yaml, network.trr.default_provider_uri).
	trrDefault = "https://mozilla.cloudflare-dns.com/dns-query"
)

func orDefault(address string) string {
	if address == "" {
		return trrDefault
	}
	return address
}

// ParseFirefoxPolicy returns the server that a policies.json makes the only
// one, or "". It is pure and never fails.
func ParseFirefoxPolicy(b []byte) string {
	var file struct {
		Policies struct {
			DNSOverHTTPS *struct {
				Enabled     bool
				ProviderURL string
				Fallback    *bool
			}
			Preferences map[string]json.RawMessage
		} `json:"policies"`
	}
	if json.Unmarshal(b, &file) != nil {
		return ""
	}
	p := file.Policies
	if set := p.DNSOverHTTPS; set != nil && set.Enabled && set.Fallback != nil && !*set.Fallback {
		return orDefault(set.ProviderURL)
	}
	value := func(name string) string { // plain in old versions, an object with a status in newer ones
		var of struct{ Value any }
		var plain any
		if json.Unmarshal(p.Preferences[name], &of) == nil && of.Value != nil {
			return fmt.Sprint(of.Value)
		}
		if json.Unmarshal(p.Preferences[name], &plain) == nil && plain != nil {
			return fmt.Sprint(plain)
		}
		return ""
	}
	if value("network.trr.mode") == trrOnly {
		return orDefault(value("network.trr.uri"))
	}
	return ""
}

var pref = regexp.MustCompile(`(?m)^\s*user_pref\("([^"]+)",\s*(?:"((?:[^"\\\n]|\\.)*)"|([^)"\s]+))\s*\)\s*;`)

// ParsePrefs reads a profile's prefs.js or user.js. It is pure and never fails.
func ParsePrefs(b []byte) map[string]string {
	out := map[string]string{}
	for _, m := range pref.FindAllSubmatch(b, -1) {
		out[string(m[1])] = string(m[2]) + string(m[3])
	}
	return out
}

// dohForwarders are small name servers for one PC, and the files that say whom
// they ask.
var dohForwarders = []struct {
	by    string
	files []string
}{
	{"cloudflared", []string{"/etc/cloudflared/config.yml", "/etc/cloudflared/config.yaml", "/usr/local/etc/cloudflared/config.yml", "/etc/default/cloudflared"}},
	{"https_dns_proxy", []string{"/etc/default/https-dns-proxy", "/etc/default/https_dns_proxy", "/etc/systemd/system/https_dns_proxy.service", "/lib/systemd/system/https_dns_proxy.service"}},
}

func forwarderDoH(h host.Host) []DoH {
	var out []DoH
	for _, f := range dohForwarders {
		files(h, f.files, func(file string, b []byte) {
			for _, address := range ParseQueryURLs(b) {
				out = append(out, DoH{By: f.by, File: file, URL: address})
			}
		})
	}
	files(h, []string{"/etc/dnscrypt-proxy/dnscrypt-proxy.toml", "/etc/dnscrypt-proxy.toml"}, func(file string, b []byte) {
		for _, s := range ParseDNSCrypt(b) {
			s.By, s.File = "dnscrypt-proxy", file
			out = append(out, s)
		}
	})
	return out
}

// queryURL is an address that name service is asked at: by custom its path
// ends so (RFC 8484, 4.1.1, examples).
var queryURL = regexp.MustCompile(`https://[^\s"',\]]+/(?:dns-query|resolve|query)[^\s"',\]]*`)

// ParseQueryURLs returns the addresses in a configuration that are not
// commented out. It is pure and never fails.
func ParseQueryURLs(b []byte) []string {
	var out []string
	for line := range bytes.Lines(b) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		for _, m := range queryURL.FindAll(line, -1) {
			out = append(out, string(m))
		}
	}
	return out
}

// ParseDNSCrypt returns the servers of a dnscrypt-proxy.toml that stand in it
// themselves, as stamps, and are in use. Those that it knows by a name only are
// in a list that it fetches and keeps for itself.
func ParseDNSCrypt(b []byte) []DoH {
	var file struct {
		Names  []string `toml:"server_names"`
		Static map[string]struct {
			Stamp string `toml:"stamp"`
		} `toml:"static"`
	}
	if toml.Unmarshal(b, &file) != nil {
		return nil
	}
	var out []DoH
	for _, name := range file.Names {
		if d, ok := ParseStamp(file.Static[name].Stamp); ok {
			out = append(out, d)
		}
	}
	return out
}

// ParseStamp reads a DNS stamp of a server over HTTPS (dnscrypt.info/stamps-
// specifications, 0x02): properties, address, hashes of certificates, host
// name, path.
func ParseStamp(stamp string) (DoH, bool) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimPrefix(stamp, "sdns://"), "="))
	if err != nil || len(b) < 9 || b[0] != 0x02 {
		return DoH{}, false
	}
	b = b[9:]
	next := func() (field string, more bool) {
		if len(b) == 0 || len(b) < 1+int(b[0]&0x7f) {
			b = nil
			return "", false
		}
		size := int(b[0] & 0x7f)
		field, more = string(b[1:1+size]), b[0]&0x80 != 0 // the upper bit: another one of the same follows
		b = b[1+size:]
		return field, more
	}
	address, _ := next()
	for more := true; more; {
		_, more = next()
	}
	name, _ := next()
	where, _ := next()
	if name == "" || strings.ContainsAny(name, "/@ ") || !strings.HasPrefix(where, "/") {
		return DoH{}, false
	}
	d := DoH{URL: "https://" + name + where}
	if h, _, err := net.SplitHostPort(address); err == nil {
		address = h
	}
	if a, err := netip.ParseAddr(strings.Trim(address, "[]")); err == nil {
		d.Address = a.String()
	}
	return d, true
}
