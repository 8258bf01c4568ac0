package cause

import (
	"deskside/diag"
	"deskside/diag/text"
	"deskside/diag/wifi"
)

// radioOff is a rule for a radio that is switched off (rfkill), on a PC where
// nothing else carries. A PC on a cable may keep its radio off.
func radioOff(id, source string, off Clue) Rule {
	return Rule{
		ID: id, Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, off, nothingCarries, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Against:  []Weighed{{proof, cableWanted}},
		Explains: beyondLink, Over: []string{"link.*", "wifi.*", "addr.*", "route.*", "gw.*", "wan.*", "dns.*"},
		Args: func(s *scene) text.Args { return text.Args{"Link": s.silencedRadio().Iface} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(wifi.Section.Of(s.facts).AtMS, source, "evidence.link.rfkill", "Link", s.silencedRadio().Iface)}
		},
	}
}

// silencedRadio is the adapter that is blocked; a hardware switch first, since
// no software undoes it.
func (s *scene) silencedRadio() (found wifi.Adapter) {
	for _, a := range wifi.Section.Of(s.facts).Adapters {
		if a.Hard || a.Soft && found.Iface == "" {
			found = a
		}
	}
	return found
}

func radioOffHard(s *scene) diag.Tri { return diag.TriOf(s.silencedRadio().Hard) }

func radioOffSoft(s *scene) diag.Tri {
	a := s.silencedRadio()
	return diag.TriOf(a.Soft && !a.Hard)
}

// cableWanted: a link that is no radio has an address of its own, so it is the
// one that somebody misses.
func cableWanted(s *scene) diag.Tri {
	for _, l := range s.plain {
		if l.Kind != "wifi" && len(s.link.AddressesOf(l.Index)) > 0 {
			return diag.Yes
		}
	}
	return diag.No
}

// Bounds of a radio link that carries badly.
const (
	weakSignal = -75 // dBm, at and below; causes.md, link.wifi_weak
	// retriesBad is how much has to be sent again before a link counts as bad,
	// and countedFrames how many must have been sent to say so (wifi.md, grades).
	retriesBad    = 0.40
	countedFrames = 200
)

// weakRadio: the radio link to the router is poor, and packets to the router
// are lost or late. A poor signal that does no harm yet is wifi.weak_signal.
var weakRadio = Rule{
	ID: "link.wifi_weak", Severity: diag.Warn,
	Level: func(s *scene) diag.Status {
		if networkWorks(s) == diag.No {
			return diag.Fail
		}
		return diag.Warn
	},
	Gate:     []Clue{linksRead, routerByRadio, either(signalWeak, framesRepeated), routerSuffers},
	For:      []Weighed{{strong, signalWeak}, {strong, framesRepeated}, {likely, routerSuffers}},
	Explains: append([]string{"wifi.signal", "gateway.latency"}, beyondNames...),
	Over:     []string{"wifi.weak_signal", "link.errors", "wan.loss_hop", "perf.*"},
	Args:     func(s *scene) text.Args { r := s.radio(); return text.Args{"Link": r.Iface, "Signal": r.Signal} },
	Evidence: func(s *scene) []diag.Evidence {
		r := s.radio()
		out := []diag.Evidence{s.seen(wifi.Section.Of(s.facts).AtMS, "nl80211", "evidence.link.radio", "Link", r.Iface, "Signal", r.Signal, "Retries", int(100*retries(r)))}
		return append(out, s.findings["gateway.latency"].Evidence...)
	},
}

// radio is the association that packets for the router go over.
func (s *scene) radio() wifi.Link {
	if r := wifi.Section.Of(s.facts).Link; r != nil && r.Iface == s.linkName(s.router().Index) {
		return *r
	}
	return wifi.Link{}
}

func routerByRadio(s *scene) diag.Tri { return diag.TriOf(s.radio().Iface != "") }

// signalWeak: zero is not told, and no signal is that strong.
func signalWeak(s *scene) diag.Tri {
	signal := s.radio().Signal
	if signal == 0 {
		return diag.Maybe
	}
	return diag.TriOf(signal <= weakSignal)
}

func framesRepeated(s *scene) diag.Tri {
	if s.radio().TxPackets < countedFrames {
		return diag.Maybe
	}
	return diag.TriOf(retries(s.radio()) >= retriesBad)
}

func retries(r wifi.Link) float64 {
	if r.TxPackets == 0 {
		return 0
	}
	return float64(r.TxRetries+r.TxFailed) / float64(r.TxPackets)
}

// routerSuffers: packets to the router are lost or late.
func routerSuffers(s *scene) diag.Tri {
	f := s.findings["gateway.latency"]
	return diag.TriOf(f.Status == diag.Warn || f.Status == diag.Fail)
}
