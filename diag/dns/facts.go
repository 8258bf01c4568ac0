// Package dns looks at name resolution as this PC really does it: resolver
// configuration and who owns it, every configured server over UDP and TCP, a
// control resolver, and getent as ground truth.
package dns

import (
	"deskside/diag"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "dns"}

// Facts are the configuration and what every server said.
type Facts struct {
	Conf    Conf     `json:"resolv_conf"`
	NSS     NSS      `json:"nsswitch"`
	Hosts   Hosts    `json:"hosts"`
	Stub    *Stub    `json:"stub,omitempty"` // a name service on this PC, where programs ask one
	Servers []Server `json:"servers,omitempty"`
	Lookups []Lookup `json:"lookups,omitempty"`
	DoH     []DoH    `json:"over_https,omitempty"` // where nothing else may be used
}

// Conf is /etc/resolv.conf as glibc reads it: resolv.conf(5).
type Conf struct {
	AtMS     float64  `json:"at_ms" privacy:"none"`
	Exists   diag.Tri `json:"exists" privacy:"none"` // No: missing, or a link that leads nowhere
	Link     string   `json:"link,omitempty" privacy:"path"`
	Dangling bool     `json:"dangling" privacy:"none"`
	Owner    string   `json:"owner" privacy:"none"`           // an Owner… constant; empty when nobody looked
	Servers  []string `json:"servers,omitempty" privacy:"ip"` // the first three, as glibc uses them
	Extra    int      `json:"extra_servers,omitempty" privacy:"none"`
	// Passed are servers that the file names and the system passes over: those
	// behind the third, and those on lines that a person can read and glibc
	// cannot (carriage returns, a byte order mark, a port). At most three.
	Passed  []string `json:"passed_over,omitempty" privacy:"ip"`
	Search  []string `json:"search,omitempty" privacy:"domain"`
	Options []string `json:"options,omitempty" privacy:"none"`
	Invalid int      `json:"invalid_lines,omitempty" privacy:"none"` // lines that glibc ignores though they are no comments
	Why     string   `json:"why,omitempty" privacy:"none"`           // why it could not be read: permission, os, error
	// Closed says whom the file itself shuts out, whatever this process may
	// read: a Closed… constant. The C library takes it for an empty one then.
	Closed string `json:"closed,omitempty" privacy:"none"`
}

// Whom resolv.conf shuts out.
const (
	ClosedUsers = "users"     // the superuser alone may read it
	ClosedAll   = "everybody" // it is a directory
)

// Who keeps /etc/resolv.conf as it is. What a stranger edits there, an owner
// other than OwnerPlain overwrites sooner or later.
const (
	OwnerPlain      = "plain"
	OwnerResolved   = "systemd-resolved"
	OwnerNM         = "networkmanager"
	OwnerResolvconf = "resolvconf"
	OwnerDHCPCD     = "dhcpcd"
	OwnerDHClient   = "dhclient"
	OwnerTailscale  = "tailscale"
	OwnerConnman    = "connman"
	OwnerContainer  = "container" // Docker, Podman, WSL: written from outside at every start
	OwnerUnknown    = "unknown"   // a link to somewhere nobody here knows
)

// NSS is the "hosts" line of /etc/nsswitch.conf.
type NSS struct {
	Sources []string `json:"sources,omitempty" privacy:"none"`
	HasDNS  diag.Tri `json:"has_dns" privacy:"none"` // dns or resolve is among them
}

// Hosts is /etc/hosts where it matters: entries for names that we probe.
type Hosts struct {
	Readable diag.Tri     `json:"readable" privacy:"none"` // Yes: read, or there is none; No: Why says why
	Why      string       `json:"why,omitempty" privacy:"none"`
	Lines    int          `json:"lines" privacy:"none"`
	Entries  []HostsEntry `json:"entries,omitempty"` // at most 32
}

// HostsEntry is one line that names a probed name.
type HostsEntry struct {
	Line  int        `json:"line" privacy:"none"` // counted from 1
	Name  string     `json:"name" privacy:"probename"`
	IP    string     `json:"ip" privacy:"ip"`
	Scope link.Scope `json:"scope" privacy:"none"`
	// InDNS: name servers know addresses for the name (No: they say there are
	// none). Agrees: IP is one of them. Compared while gathering, because a
	// redacted report replaces the digits; Maybe until somebody answered.
	InDNS  diag.Tri `json:"in_dns" privacy:"none"`
	Agrees diag.Tri `json:"dns_agrees" privacy:"none"`
}

// Stub is a local resolver and what stands behind it.
type Stub struct {
	Kind      string   `json:"kind" privacy:"none"`    // systemd-resolved, dnsmasq, unbound
	Running   diag.Tri `json:"running" privacy:"none"` // systemd-resolved answers on D-Bus
	Upstreams []string `json:"upstreams,omitempty" privacy:"ip"`
	Source    string   `json:"source,omitempty" privacy:"none"` // dbus, /run/systemd/resolve/resolv.conf
	Strict    diag.Tri `json:"tls_only" privacy:"none"`         // its files say DNSOverTLS=yes: it asks over TLS or not at all
}

// Server is one resolver and its answers.
type Server struct {
	Address string     `json:"address" privacy:"ip"`
	Scope   link.Scope `json:"scope" privacy:"none"`
	Role    string     `json:"role" privacy:"none"` // configured (resolv.conf), implied, passed over, upstream (behind the stub), control (configuration file)
	Order   int        `json:"order" privacy:"none"`
	Queries []Query    `json:"queries,omitempty"`
	// TLS is the outcome of connecting to port 853: Answered, Closed, Silent …
	// Tried only where nothing else may be used.
	TLS string `json:"tls,omitempty" privacy:"none"`
}

// Roles of a server.
const (
	Configured = "configured"
	Implied    = "implied" // 127.0.0.1, which glibc asks when resolv.conf names no server
	Passed     = "passed"  // resolv.conf names it, and the system passes over it
	Upstream   = "upstream"
	Control    = "control"
)

// Query is one question and its fate. Resends are part of the same query.
type Query struct {
	Proto   string       `json:"proto" privacy:"none"` // udp, tcp
	Kind    string       `json:"kind" privacy:"none"`  // a Kind… constant
	Name    string       `json:"name" privacy:"probename"`
	Type    string       `json:"type" privacy:"none"` // A, AAAA, DNSKEY
	NoCheck bool         `json:"cd,omitempty" privacy:"none"`
	Outcome string       `json:"outcome" privacy:"none"`
	Rcode   string       `json:"rcode,omitempty" privacy:"none"`   // NOERROR, NXDOMAIN, SERVFAIL, REFUSED …
	Cut     bool         `json:"tc,omitempty" privacy:"none"`      // truncated: the answer did not fit the packet
	Recased bool         `json:"recased,omitempty" privacy:"none"` // the answer changed the letters' case of the question
	Errors  []int        `json:"ede,omitempty" privacy:"none"`     // extended errors, RFC 8914
	IPs     []string     `json:"ips,omitempty" privacy:"ip"`
	Scopes  []link.Scope `json:"scopes,omitempty" privacy:"none"` // of IPs
	AtMS    float64      `json:"at_ms" privacy:"none"`
	TookMS  float64      `json:"took_ms" privacy:"none"`
	Errno   string       `json:"errno,omitempty" privacy:"none"`

	// ToldBy is who on the way said meanwhile that it knows no way to the
	// server (ICMP net or host unreachable), on Linux.
	ToldBy    string  `json:"told_by,omitempty" privacy:"ip"`
	Sends     int     `json:"sends,omitempty" privacy:"none"`         // how often the question went out
	LastMS    float64 `json:"since_last_ms,omitempty" privacy:"none"` // from the last time it did to the answer
	Plain     bool    `json:"plain,omitempty" privacy:"none"`         // answered only when asked without EDNS (RFC 6891)
	ConnectMS float64 `json:"connect_ms,omitempty" privacy:"none"`    // the TCP handshake: one round trip to this server
	Bytes     int     `json:"bytes,omitempty" privacy:"none"`         // of the answer
	// AsKnown is set for KindKnown: are these the addresses that the name has
	// everywhere? Compared while gathering; Maybe for an answer without any.
	AsKnown diag.Tri `json:"as_known,omitempty" privacy:"none"`
	// Rival is a second, different answer to this very packet, and the server
	// does not give both when it is asked over TCP: one of the two came from
	// somebody else. Its addresses, or only that there was one.
	Rival       bool         `json:"rival,omitempty" privacy:"none"`
	RivalIPs    []string     `json:"rival_ips,omitempty" privacy:"ip"`
	RivalScopes []link.Scope `json:"rival_scopes,omitempty" privacy:"none"`
}

// Outcomes of a query. Nothing is recorded for a query that was cut.
const (
	Answered  = "answered"    // a well-formed answer to this question, whatever the rcode
	Silent    = "silent"      // no answer for the whole budget
	Closed    = "closed"      // ECONNREFUSED: a host is there, no name service
	Denied    = "denied"      // EPERM, EACCES: this PC's own rules
	NoRoute   = "unreachable" // ENETUNREACH, EHOSTUNREACH
	Malformed = "malformed"   // something came back, but no answer to this question
	Failed    = "failed"      // this PC could not ask: no socket to be had
)

// Lookup is getent ahosts for a name: what this PC's programs see.
type Lookup struct {
	Name    string   `json:"name" privacy:"probename"`
	Outcome string   `json:"outcome" privacy:"none"` // Found, NotFound, Slow, Missing
	IPs     []string `json:"ips,omitempty" privacy:"ip"`
	AtMS    float64  `json:"at_ms" privacy:"none"`
	TookMS  float64  `json:"took_ms" privacy:"none"`
}

// Outcomes of a lookup. Nothing is recorded for one that was cut.
const (
	Found    = "found"
	NotFound = "notfound"
	Slow     = "slow"    // no result within the probe's 3 s
	Missing  = "missing" // no getent on this PC
)

// Kinds of a question.
const (
	KindName   = "name"   // a name that must resolve
	KindRandom = "random" // a name that must not exist
	KindMore   = "more"   // a further name that must resolve
	KindKnown  = "known"  // ipv4only.arpa, whose addresses are the same everywhere (RFC 7050)
	KindSearch = "search" // a probed name with a search suffix, as the C library tries it first
	KindLarge  = "large"  // the root's keys: more than 512 bytes, less than 1232
)
