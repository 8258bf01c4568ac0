package cause

import (
	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// localRules: this PC itself stops its packets. A full connection table looks
// exactly like a firewall, so it is asked first.
var localRules = []Rule{
	{
		ID: "res.conntrack_full", Severity: diag.Fail, Final: true,
		Gate:     []Clue{sendingDenied, tableFull},
		For:      []Weighed{{proof, always}},
		Explains: beyondRoute, Over: []string{"fw.*", "gw.*", "wan.*", "dns.*"},
		Args: func(s *scene) text.Args { return text.Args{"Entries": s.net.Tracked.Count, "Max": s.net.Tracked.Max} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(0, "/proc/sys/net/netfilter", "evidence.res.conntrack", "Entries", s.net.Tracked.Count, "Max", s.net.Tracked.Max)}
		},
	},
	{
		ID: "fw.local_egress", Severity: diag.Fail, Final: true,
		Gate:     []Clue{either(sendingDenied, droppedSilently), unless(tableFull), unless(proxyWorks), pathThere},
		For:      []Weighed{{proof, sendingDenied}, {proof, droppedSilently}},
		Explains: beyondGateway, Over: []string{"fw.upstream_port_block", "gw.*", "wan.*", "dns.*", "tls.*"},
		Args: func(s *scene) text.Args { return text.Args{"What": s.deniedWhat()} },
		Evidence: func(s *scene) []diag.Evidence {
			if s.net.Retrans.Delta > 0 && sendingDenied(s) != diag.Yes {
				return []diag.Evidence{s.seen(0, "TcpExt:TCPRetransFail", "evidence.fw.retrans", "Delta", s.net.Retrans.Delta)}
			}
			return []diag.Evidence{s.seen(s.deniedAt(), "sendto", "evidence.fw.denied", "What", s.deniedWhat())}
		},
	},
}

// sendingDenied: the kernel answered EPERM or EACCES to a send that the
// routing table allows: an output rule, or a full connection table.
func sendingDenied(s *scene) diag.Tri {
	if anchorsAnswer(s) == diag.Yes && !s.dnsDenied() {
		return diag.No
	}
	for _, h := range s.gw.Hops {
		if h.Outcome == gateway.Denied {
			return diag.Yes
		}
	}
	for _, a := range s.net.Anchors {
		if a.Outcome == internet.Denied {
			return diag.Yes
		}
	}
	if s.dnsDenied() {
		return diag.Yes
	}
	return diag.No
}

// dnsDenied: questions to a configured name server may not even leave.
func (s *scene) dnsDenied() bool {
	for _, srv := range s.dns.Servers {
		if srv.Role == dns.Configured && srv.State() == dns.StateDenied {
			return true
		}
	}
	return false
}

// droppedSilently: connects time out and the kernel counted its own failed
// retransmissions. A drop on the path does not add to TCPRetransFail.
func droppedSilently(s *scene) diag.Tri {
	if !s.net.Retrans.Known {
		return diag.Maybe
	}
	if s.net.Retrans.Delta == 0 {
		return diag.No
	}
	return anchorsAll(internet.Timeout, internet.Denied)(s)
}

// tableFull: 98 % of nf_conntrack_max, from which on new flows are dropped in
// bursts.
func tableFull(s *scene) diag.Tri {
	t := s.net.Tracked
	if !t.Known || t.Max == 0 {
		return diag.Maybe
	}
	return diag.TriOf(t.Count*100 >= t.Max*98)
}

// pathThere: the routing table would send to some anchor.
func pathThere(s *scene) diag.Tri {
	out := diag.Maybe
	for _, p := range s.anchorPaths() {
		if p.Reachable == diag.Yes {
			if l, ok := s.link.Link(p.Index); !ok || l.Carrier || l.Kind == string(link.Loopback) {
				return diag.Yes
			}
		}
		out = diag.No
	}
	return out
}

// deniedWhat names what is blocked: everything, web ports, or name service.
func (s *scene) deniedWhat() text.Message {
	switch {
	case anchorsAnswer(s) == diag.Yes && s.dnsDenied():
		return text.M("cause.fw.what.dns")
	case sendingDenied(s) != diag.Yes:
		return text.M("cause.fw.what.web")
	}
	return text.M("cause.fw.what.all")
}

func (s *scene) deniedAt() float64 {
	for _, h := range s.gw.Hops {
		if h.Outcome == gateway.Denied {
			return h.AtMS
		}
	}
	return 0
}
