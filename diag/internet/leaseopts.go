package internet

import (
	"encoding/hex"
	"path"
	"strings"

	"deskside/diag/host"
)

// leaseOpt is an option of a DHCP lease whose value is an address of the web,
// and the names that files give it.
type leaseOpt []string

var (
	// optWPAD is option 252 (draft-ietf-wrec-wpad-01, 4.4.1): dhclient.conf(5)
	// has no name of its own for it, so people give it one of these.
	optWPAD = leaseOpt{"unknown-252", "wpad", "wpad-url", "proxy-autoconfig", "auto-proxy-config", "local-proxy-config", "OPTION_252"}
	// optCaptive is option 114, where the network says who is signed in
	// (RFC 8910, 2.1).
	optCaptive = leaseOpt{"unknown-114", "default-url", "captive-portal", "v4-captive-portal", "CAPTIVE_PORTAL", "OPTION_114"}
)

// leaseOption reads an option of the newest lease: dhclient.leases(5), where
// the last one counts, and systemd-networkd's files, NAME=value with the bytes
// of private options in hex.
func leaseOption(h host.Host, names leaseOpt) string {
	value := ""
	for _, dir := range []string{"/var/lib/dhcp", "/var/lib/dhclient", "/var/lib/NetworkManager", "/run/systemd/netif/leases"} {
		entries, _ := h.ReadDir(dir) // not every PC has every client
		for _, e := range entries {
			b, err := h.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				continue
			}
			if v := ParseLease(b, names); v != "" {
				value = v
			}
		}
	}
	return value
}

// ParseLease finds an option in a lease file. It is pure and never fails.
func ParseLease(b []byte, names []string) string {
	value := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "lease") && strings.HasSuffix(line, "{") {
			value = "" // a newer one: what the older said is over
			continue
		}
		key, rest, ok := strings.Cut(strings.TrimPrefix(line, "option "), " ")
		raw := !strings.HasPrefix(line, "option ")
		if raw {
			key, rest, ok = strings.Cut(line, "=")
		}
		for _, name := range names {
			if ok && key == name {
				value = printable(strings.TrimSuffix(strings.TrimSpace(rest), ";"), raw && strings.HasPrefix(key, "OPTION_"))
			}
		}
	}
	return value
}

// printable undoes the ways in which files write a text: in quotes, or as
// bytes in hex with or without colons. Some servers end it with a zero or a
// line's end; both are no part of an address.
func printable(s string, inHex bool) string {
	if quoted := unquoted(s); quoted != s {
		s = strings.NewReplacer(`\012`, "", `\000`, "", `\n`, "").Replace(quoted)
	} else if b, err := hex.DecodeString(strings.ReplaceAll(s, ":", "")); err == nil && (inHex || strings.Contains(s, ":")) {
		s = string(b)
	}
	return strings.Trim(s, " \t\r\n\x00")
}
