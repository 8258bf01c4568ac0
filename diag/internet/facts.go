// Package internet looks past the router: TCP to anchors, known web answers,
// certificates at two times, proxies, the clock. It is the remote half of the
// connectivity check.
package internet

import (
	"deskside/diag"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "internet"}

// Facts are what the world outside answered.
type Facts struct {
	Asked   Asked     `json:"asked"`
	Anchors []Connect `json:"anchors,omitempty"` // by the routing table
	Bound   []Connect `json:"bound,omitempty"`   // the same through one interface each, where several have a default route
	Web     []Web     `json:"web,omitempty"`
	TLS     []TLS     `json:"tls,omitempty"`
	Proxies []Proxy   `json:"proxies,omitempty"`
	Scripts []PAC     `json:"proxy_scripts,omitempty"`  // that name proxies
	Captive *Captive  `json:"captive_portal,omitempty"` // asked only where no known page came
	Retrans Retrans   `json:"tcp_retrans_fail"`
	Tracked Tracked   `json:"conntrack"`
	// BindDenied: the kernel did not let this process choose the interface
	// (SO_BINDTODEVICE needs CAP_NET_RAW before Linux 5.7), so Bound is empty.
	BindDenied bool `json:"bind_denied,omitempty" privacy:"none"`
	// ClockLimitS is the configured threshold for the clock, in seconds.
	ClockLimitS float64 `json:"clock_limit_s,omitempty" privacy:"none"`
}

// Asked counts what this run set out to ask, so that a judge can tell "all
// have ended" from "some were cut". Zero of a kind: there was nothing to ask,
// or no route for its family.
type Asked struct {
	Known    bool `json:"known" privacy:"none"` // the counts below were made
	Anchors4 int  `json:"anchors4" privacy:"none"`
	Anchors6 int  `json:"anchors6" privacy:"none"`
	Web      int  `json:"web" privacy:"none"`     // directly
	Proxied  int  `json:"proxied" privacy:"none"` // distinct proxies to be tried
	TLS      int  `json:"tls" privacy:"none"`
}

// Outcome of a connection attempt.
type Outcome string

// What can become of a connection. Nothing is recorded for an attempt that
// was cut: absent is unknown.
const (
	Connected Outcome = "connected"
	Refused   Outcome = "refused"     // ECONNREFUSED: a host is there, the port is closed
	Timeout   Outcome = "timeout"     // silence for the whole budget
	NoNetwork Outcome = "unreachable" // ENETUNREACH, EHOSTUNREACH
	Denied    Outcome = "denied"      // EPERM, EACCES: this PC's own rules
	NoName    Outcome = "noname"      // the name did not resolve anywhere
	Broken    Outcome = "broken"      // reset, EOF, or an answer that is not the protocol
	Exhausted Outcome = "exhausted"   // EADDRNOTAVAIL, EMFILE, ENFILE
)

// Connect is one TCP connect.
type Connect struct {
	Address string  `json:"address" privacy:"ip"`
	Port    int     `json:"port" privacy:"none"`
	Family  int     `json:"family" privacy:"none"`
	Index   int     `json:"index,omitempty" privacy:"none"` // link it was bound to; 0: by the routing table
	Outcome Outcome `json:"outcome" privacy:"none"`
	Errno   string  `json:"errno,omitempty" privacy:"none"`
	AtMS    float64 `json:"at_ms" privacy:"none"`
	TookMS  float64 `json:"took_ms" privacy:"none"`
}

// Web is one plain-HTTP request whose answer is known beforehand, made
// directly (no proxy), on a fresh connection, redirects not followed.
type Web struct {
	URL      string     `json:"url" privacy:"url"`
	Proxy    string     `json:"proxy,omitempty" privacy:"url"` // set when asked through this proxy
	Address  string     `json:"address,omitempty" privacy:"ip"`
	Scope    link.Scope `json:"scope,omitempty" privacy:"none"`
	Resolver string     `json:"resolved_by,omitempty" privacy:"none"` // literal, configured, control, hosts
	Outcome  Outcome    `json:"outcome" privacy:"none"`
	Errno    string     `json:"errno,omitempty" privacy:"none"`
	Status   int        `json:"status,omitempty" privacy:"none"`
	Match    diag.Tri   `json:"match" privacy:"none"`             // Yes: the answer known beforehand came
	Redirect string     `json:"redirect,omitempty" privacy:"url"` // Location of a 30x
	Foreign  bool       `json:"redirect_foreign" privacy:"none"`  // Redirect leads to another host than asked
	Relayed             // by whom, and what was added
	HasDate  bool       `json:"has_date" privacy:"none"`         // the answer carried a valid Date
	SkewS    float64    `json:"skew_s,omitempty" privacy:"none"` // server's clock minus ours, seconds, half the round trip taken off, the Age of a cached answer added
	AtMS     float64    `json:"at_ms" privacy:"none"`
	TookMS   float64    `json:"took_ms" privacy:"none"`
}

// TLS is one handshake, its chain verified twice: at our time and at the
// server's (diagnosis after Go's x509, which reports Expired before
// UnknownAuthority).
type TLS struct {
	URL      string  `json:"url" privacy:"url"`
	Address  string  `json:"address,omitempty" privacy:"ip"`
	Resolver string  `json:"resolved_by,omitempty" privacy:"none"`
	Outcome  Outcome `json:"outcome" privacy:"none"`
	Dialed   bool    `json:"tcp_connected" privacy:"none"` // the TCP connect worked; what failed came after it
	Errno    string  `json:"errno,omitempty" privacy:"none"`
	Now      Verdict `json:"verify_now,omitempty" privacy:"none"`
	Then     Verdict `json:"verify_server_time,omitempty" privacy:"none"` // empty when no server time is known
	Issuer   string  `json:"issuer,omitempty" privacy:"free"`
	Alert    bool    `json:"alert,omitempty" privacy:"none"` // the server itself ended the handshake, in TLS's own words (RFC 8446, 6)
	// Added: the authority that makes the chain trusted was put on this PC by
	// hand. Scope is that of Address: an inner site may well be signed by it.
	Added  diag.Tri   `json:"authority_added,omitempty" privacy:"none"`
	Scope  link.Scope `json:"scope,omitempty" privacy:"none"`
	AtMS   float64    `json:"at_ms" privacy:"none"`
	TookMS float64    `json:"took_ms" privacy:"none"`
}

// Verdict of a chain verification.
type Verdict string

// Verdicts.
const (
	Trusted     Verdict = "trusted"
	Expired     Verdict = "expired"
	NotYetValid Verdict = "not_yet_valid"
	UnknownCA   Verdict = "unknown_authority"
	WrongName   Verdict = "wrong_name"
	BadChain    Verdict = "bad"
	NoRoots     Verdict = "no_roots" // this PC has no list of trusted authorities to verify against
)

// Retrans is TcpExt:TCPRetransFail before the connects and at least 1.1 s
// after: a local silent drop adds to it, a drop on the path does not.
type Retrans struct {
	Known bool  `json:"known" privacy:"none"`
	Delta int64 `json:"delta" privacy:"none"`
}

// Tracked is the connection-tracking table: full looks like a firewall.
type Tracked struct {
	Known bool `json:"known" privacy:"none"`
	Count int  `json:"count" privacy:"none"`
	Max   int  `json:"max" privacy:"none"`
}
