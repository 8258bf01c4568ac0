package gateway

import (
	"math"
	"sort"

	"deskside/diag"
	"deskside/diag/text"
)

const (
	// enough samples to speak of at all.
	enough = 5
	// tooSlow is ChromeOS's limit for a gateway's answer, milliseconds
	// (chromium network_diagnostics, gateway_can_be_pinged_routine.cc).
	tooSlow = 1500
	// tooLossy is the failure rate above which ChromeOS suspects trouble
	// (http_firewall_routine.cc).
	tooLossy = 0.2
)

// latency never fails: what it measures annoys, it does not break.
func (v view) latency(j *diag.Judgement) {
	asked, waiting := false, false
	for _, r := range v.inUse() {
		e := r.Echo
		switch {
		case e.Skipped == "permission":
			if !asked {
				j.Miss("gateway.echo")
			}
			asked = true
		case e.Sent == 0 && e.Skipped == "":
			waiting = true
		case e.Received > 0:
			args := text.Args{"Router": r.Address, "RTT": round(median(e.RTTMS)), "Lost": e.Sent - e.Received, "Sent": e.Sent}
			what := text.M("evidence.gateway.echo", "Router", r.Address, "RTT", args["RTT"], "Worst", round(worst(e.RTTMS)), "Lost", args["Lost"], "Count", e.Sent)
			status := diag.OK
			if e.Received >= enough && median(e.RTTMS) > tooSlow || lossy(e) {
				status = diag.Warn
			}
			j.Add(CodeLatency, status, args, diag.Evidence{What: what, Source: "icmp echo", AtMS: e.AtMS})
			return
		}
	}
	if waiting && !diag.RunSection.Of(v.all).Ended("gateway.echo") {
		j.Add(CodeLatency, diag.Unknown, nil)
		return
	}
	var seen []diag.Evidence
	for _, r := range v.inUse() {
		if e := r.Echo; e.Sent > 0 {
			seen = append(seen, diag.Evidence{What: text.M("evidence.gateway.mute", "Router", r.Address), Source: "icmp echo", AtMS: e.AtMS})
		}
	}
	j.Add(CodeLatency, diag.Skipped, nil, seen...)
}

// lossy reports loss that is more than chance: the lower end of the 95 %
// interval of the loss rate (Wilson, J. Am. Stat. Assoc. 22, 1927) is above
// [tooLossy]. Answers to the first few and none after are a router that
// limits echo, not a bad line.
func lossy(e Echo) bool {
	if e.Sent < enough || e.Received == 0 || len(e.Lost) == 0 || e.Lost[0] == e.Received {
		return false
	}
	return wilsonLow(len(e.Lost), e.Sent) > tooLossy
}

func wilsonLow(hits, of int) float64 {
	const z = 1.96
	n, p := float64(of), float64(hits)/float64(of)
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := append([]float64{}, x...)
	sort.Float64s(s)
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func worst(x []float64) float64 {
	most := 0.0
	for _, v := range x {
		most = max(most, v)
	}
	return most
}

// round keeps a tenth of a millisecond.
func round(ms float64) float64 { return math.Round(ms*10) / 10 }
