package cause

import (
	"deskside/diag"
	"deskside/diag/text"
)

// fromFinding is a rule for what one check can tell all by itself: the
// finding is the gate, and gives severity, words and evidence.
func fromFinding(id, code string, explains ...string) Rule {
	wrong := func(s *scene) diag.Tri {
		f := s.findings[code]
		return diag.TriOf(f.Status == diag.Warn || f.Status == diag.Fail)
	}
	return Rule{
		ID: id, Severity: diag.Fail,
		Level:    func(s *scene) diag.Status { return s.findings[code].Status },
		Gate:     []Clue{wrong},
		For:      []Weighed{{proof, always}},
		Explains: append([]string{code}, explains...),
		Args:     func(s *scene) text.Args { return s.findings[code].Args },
		Evidence: func(s *scene) []diag.Evidence { return s.findings[code].Evidence },
	}
}

// wifiRules: the radio link as it is used now. A bad one loses packets of
// everything above it. Thresholds and their sources are in package wifi.
var wifiRules = []Rule{
	fromFinding("wifi.weak_signal", "wifi.signal", append([]string{"gateway.latency", "dns.resolves", "dns.servers", "connectivity.anchors"}, beyondNames...)...),
	fromFinding("wifi.congested", "wifi.congestion", "gateway.latency"),
	fromFinding("wifi.insecure", "wifi.security"),
}

// diskRules have nothing to do with the network and stand beside whatever is
// wrong with it.
var diskRules = []Rule{
	fromFinding("disk.read_only", "disk.readonly"),
	fromFinding("disk.full", "disk.space"),
	fromFinding("disk.inodes_full", "disk.inodes"),
}
