// Package deep is the second tier: what takes seconds, sends more than a
// handful of packets, or loads the line. It looks for loss and delay along the
// path, packets that vanish because of their size, and who fills the line.
//
// Nothing here runs before the first tier has ended, and only when asked for
// by a person; the one exception is the search for lost large packets, when
// connections were seen that open and then stall.
package deep

import (
	"deskside/diag"
	"deskside/diag/link"
)

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "deep"}

// Facts are what the path did while it was watched.
type Facts struct {
	Hops   []Hop  `json:"hops,omitempty"` // those that spoke, nearest first
	Ends   []End  `json:"ends,omitempty"`
	MTU    MTU    `json:"mtu"`  // IPv4
	MTU6   MTU    `json:"mtu6"` // IPv6
	Uplink Uplink `json:"uplink"`
	Load   Load   `json:"load"`
	// Before is there when a watch saw the line before it became slow.
	Before *Before `json:"before,omitempty"`
}

// Before is what a watch saw of a line that became slow: medians of the round
// trips, in milliseconds, before and now. 0: did not answer.
type Before struct {
	NearMS    float64 `json:"near_ms" privacy:"none"` // to the router
	FarMS     float64 `json:"far_ms" privacy:"none"`  // to an anchor
	NearNowMS float64 `json:"near_now_ms" privacy:"none"`
	FarNowMS  float64 `json:"far_now_ms" privacy:"none"`
}

// Series is many packets to one place, one at a time.
type Series struct {
	Sent  int       `json:"sent" privacy:"none"`
	Lost  int       `json:"lost" privacy:"none"`             // no answer within the patience for one packet
	RTTMS []float64 `json:"rtt_ms,omitempty" privacy:"none"` // of those that were answered, in order
	AtMS  float64   `json:"at_ms" privacy:"none"`
}

// Hop is a station on the way that says "time exceeded".
type Hop struct {
	TTL    int        `json:"ttl" privacy:"none"`
	From   string     `json:"from" privacy:"ip"`
	Scope  link.Scope `json:"from_scope" privacy:"none"`
	Series `json:"series"`
}

// End is a far end that takes TCP connections: an anchor. Every packet of its
// series is the opening of one connection, so that no filter for rarer
// traffic and no limit on ICMP is mistaken for loss.
type End struct {
	Address string `json:"address" privacy:"ip"`
	Port    int    `json:"port" privacy:"none"`
	Family  int    `json:"family" privacy:"none"`
	Series  `json:"series"`
}

// MTU is the search for the largest packet that gets through.
type MTU struct {
	Link    int     `json:"link" privacy:"none"` // MTU of the link towards Address, bytes
	Family  int     `json:"family" privacy:"none"`
	Address string  `json:"address,omitempty" privacy:"ip"`
	Port    int     `json:"port,omitempty" privacy:"none"`
	Trials  []Trial `json:"trials,omitempty"`
	Near    []Near  `json:"near,omitempty"`
	Lone    []Lone  `json:"lone,omitempty"` // only where connections stall
	AtMS    float64 `json:"at_ms" privacy:"none"`
}

// Trial is one TCP connection whose packets are at most so large.
type Trial struct {
	Size    int     `json:"size" privacy:"none"`           // IP packet, bytes
	Outcome string  `json:"outcome" privacy:"none"`        // Passed, Stalled, Unopened
	Retrans int     `json:"retransmitted" privacy:"none"`  // segments sent again (TCP_INFO tcpi_total_retrans)
	Unacked int     `json:"unacknowledged" privacy:"none"` // segments nobody confirmed (tcpi_unacked)
	Way     string  `json:"way" privacy:"none"`            // Up: we send large packets; TLS: both sides do
	TookMS  float64 `json:"took_ms" privacy:"none"`
}

// Outcomes of a trial.
const (
	Passed   = "passed"   // everything arrived
	Stalled  = "stalled"  // the connection opened, and its large packets vanished without a word
	Unopened = "unopened" // no connection: says nothing about sizes
)

// Ways of a trial.
const (
	Up  = "upload"
	TLS = "tls"
)

// Near is one packet to the router, made only on links with large frames.
type Near struct {
	Size     int  `json:"size" privacy:"none"`
	Answered bool `json:"answered" privacy:"none"`
}

// Uplink is who sent how much during the window.
type Uplink struct {
	Readable diag.Tri `json:"readable" privacy:"none"` // No: the kernel's list of connections could not be read
	WindowMS float64  `json:"window_ms" privacy:"none"`
	TxBytes  int64    `json:"tx_bytes" privacy:"none"` // through the link of the default route
	RxBytes  int64    `json:"rx_bytes" privacy:"none"`
	Talkers  []Talker `json:"talkers,omitempty"` // those who sent most beyond the local network, at most five
	AtMS     float64  `json:"at_ms" privacy:"none"`
}

// Talker is one program, or what could not be told apart.
type Talker struct {
	PID      int     `json:"pid,omitempty" privacy:"none"` // 0: other users' programs show only to root
	Name     string  `json:"name,omitempty" privacy:"proc"`
	Bytes    int64   `json:"bytes" privacy:"none"`      // that the far side confirmed (tcpi_bytes_acked)
	RTTMS    float64 `json:"rtt_ms" privacy:"none"`     // now, of its largest connection
	MinRTTMS float64 `json:"min_rtt_ms" privacy:"none"` // the least of the last minutes (tcpi_min_rtt)
}

// Load is the line under a small load of our own.
type Load struct {
	Skipped  string    `json:"skipped,omitempty" privacy:"none"` // declined, metered, busy, nowhere; empty when it ran
	Address  string    `json:"address,omitempty" privacy:"ip"`
	Bytes    int64     `json:"bytes" privacy:"none"` // confirmed by the far side
	TookMS   float64   `json:"took_ms" privacy:"none"`
	IdleMS   []float64 `json:"idle_ms,omitempty" privacy:"none"`   // round trips just before
	LoadedMS []float64 `json:"loaded_ms,omitempty" privacy:"none"` // round trips while the line was loaded
	NearMS   []float64 `json:"near_ms,omitempty" privacy:"none"`   // the same to the first hop
	AtMS     float64   `json:"at_ms" privacy:"none"`
}

// Why there was no load.
const (
	Declined = "declined" // the person asked for a longer look without it
	Metered  = "metered"  // NetworkManager says that this connection costs by volume
	Busy     = "busy"     // something fills the line already
	Nowhere  = "nowhere"  // no configured web endpoint took a connection
)
