package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
)

// SYN retransmission: one second after the first, then two more (RFC 6298,
// 2.1 and 5.5). A connect that took about that long on a line whose quickest
// one did not lost its first packet.
const (
	quickMS, synAgainMS, synAgainEndMS = 150, 950, 1400
)

// lineLoses: what is there answers only when it is asked again, on a line that
// is quick otherwise. Whoever stays silent then may not have been reached, so
// silence proves nothing against one of them.
func lineLoses(s *scene) diag.Tri {
	quickest, again := 0.0, false
	connect := func(took float64) {
		if quickest == 0 || took < quickest {
			quickest = took
		}
		again = again || took >= synAgainMS && took < synAgainEndMS
	}
	for _, a := range s.net.Anchors {
		if a.Outcome == internet.Connected {
			connect(a.TookMS)
		}
	}
	for _, srv := range s.dns.Servers {
		for _, q := range srv.Queries {
			switch {
			case q.Outcome != dns.Answered:
			case q.Proto == "tcp" && q.ConnectMS > 0:
				connect(q.ConnectMS)
			case q.Proto == "udp":
				again = again || q.Sends > 1 && !q.Plain && q.LastMS > 0 && q.LastMS < resendMS-50
			}
		}
	}
	return diag.TriOf(again && quickest > 0 && quickest < quickMS)
}
