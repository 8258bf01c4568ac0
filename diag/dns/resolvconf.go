package dns

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"deskside/diag"
)

// maxServers is MAXNS of glibc's resolv.h: what comes after is ignored.
const maxServers = 3

// parseResolvConf reads resolv.conf(5) the way glibc 2.36 does, quirks and
// all, since that is what this PC's programs get. Each quirk was watched with
// strace on getent:
//
//   - a keyword counts in lower case, in the first column, before a blank;
//   - a carriage return is part of the word: "nameserver 192.0.2.1\r\n" names
//     no server at all, and so does a first line behind a byte order mark;
//   - what follows the address after a blank is ignored;
//   - addresses go through inet_aton: "127.1" and "0x7f000001" are fine.
func parseResolvConf(b []byte) Conf {
	c := Conf{Exists: diag.Yes}
	for line := range strings.Lines(string(b)) {
		line, _, _ = strings.Cut(strings.TrimSuffix(line, "\n"), "\x00") // C strings end there
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if !c.take(line) {
			c.Invalid++
			c.pass(meant(line))
		}
	}
	return c
}

// take uses one line; false means that glibc ignores it.
func (c *Conf) take(line string) bool {
	word, rest := line, ""
	if i := strings.IndexAny(line, " \t"); i >= 0 {
		word, rest = line[:i], line[i:]
	}
	switch values := blankFields(rest); word {
	case "nameserver":
		return len(values) > 0 && c.addServer(values[0])
	case "domain":
		if len(values) > 0 {
			c.Search = values[:1]
		}
		return len(values) > 0
	case "search":
		c.Search = values
	case "options":
		c.Options = append(c.Options, known(values)...)
	case "sortlist":
	default:
		return strings.TrimSpace(line) == ""
	}
	return true
}

func (c *Conf) addServer(s string) bool {
	a, ok := parseServer(s)
	if !ok {
		return false
	}
	if len(c.Servers) == maxServers {
		c.Extra++
		c.pass(a)
		return true
	}
	c.Servers = append(c.Servers, a.String())
	return true
}

// pass keeps a server that the system passes over.
func (c *Conf) pass(a netip.Addr) {
	if a.IsValid() && len(c.Passed) < maxServers && !contains(c.Passed, a.String()) {
		c.Passed = append(c.Passed, a.String())
	}
}

// serverLine is a line that was meant to name a server, as a person writes it
// who has glibc's rules not in mind.
var serverLine = regexp.MustCompile(`(?i)^(?:\x{FEFF})?\s*nameservers?[\s:=]+\[?([0-9a-f:.]+(?:%[0-9a-z_.-]+)?)\]?(?:[:#][0-9]+)?[,;]?(?:\s|#|$)`)

// meant is the server on a line that glibc cannot use.
func meant(line string) netip.Addr {
	m := serverLine.FindStringSubmatch(line)
	if m == nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(m[1])
	if at := strings.LastIndexByte(m[1], ':'); err != nil && at > 0 { // with a port
		a, _ = netip.ParseAddr(m[1][:at])
	}
	return a
}

// options are those of resolv.conf(5), glibc 2.36 to 2.41; a colon means that
// a number follows. Others have no effect and are not kept: they could say
// anything, and options leave this PC in reports.
var options = []string{"ndots:", "timeout:", "attempts:", "debug", "rotate", "no-aaaa", "no-check-names", "inet6",
	"edns0", "single-request", "single-request-reopen", "no-tld-query", "use-vc", "no-reload", "trust-ad"}

func known(values []string) []string {
	var out []string
	for _, v := range values {
		name, number, colon := strings.Cut(v, ":")
		if colon {
			if _, err := strconv.ParseUint(number, 10, 16); err != nil {
				continue
			}
			name += ":"
		}
		if contains(options, name) {
			out = append(out, v)
		}
	}
	return out
}

// Has reports whether an option of resolv.conf is set ("use-vc", "no-aaaa").
func (c Conf) Has(option string) bool { return contains(c.Options, option) }

// proto is how programs of this PC ask.
func (c Conf) proto() string {
	if c.Has("use-vc") {
		return "tcp"
	}
	return "udp"
}

// blankFields splits at blanks and tabs only: glibc takes a carriage return
// for part of the word.
func blankFields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' })
}

// parseServer reads an address as glibc does: inet_aton for IPv4, inet_pton
// and an optional %scope for IPv6.
func parseServer(s string) (netip.Addr, bool) {
	if a, ok := aton(s); ok {
		return a, true
	}
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Is6() && linkName.MatchString(a.Zone())
}

// linkName is what may follow the percent sign: an interface's name or number.
// glibc keeps a server with any other scope, and can never reach it.
var linkName = regexp.MustCompile(`^[0-9A-Za-z_.-]{0,15}$`)

// aton is inet_aton(3): one to four parts, each decimal, octal (0…) or
// hexadecimal (0x…), the last one filling the bytes that are left.
func aton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var sum uint64
	for i, p := range parts {
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		n, ok := atonPart(p, bits)
		if !ok {
			return netip.Addr{}, false
		}
		sum = sum<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}), true
}

func atonPart(p string, bits int) (uint64, bool) {
	if p == "" || strings.ContainsAny(p, "_+-") || strings.HasPrefix(p, "0b") || strings.HasPrefix(p, "0o") {
		return 0, false // strconv takes these, inet_aton does not
	}
	n, err := strconv.ParseUint(strings.ToLower(p), 0, bits)
	return n, err == nil
}
