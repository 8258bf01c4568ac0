package deep

import (
	"math"

	"deskside/diag"
	"deskside/diag/text"
)

// Finding codes of the check "path".
const (
	CodeLoss   = "path.loss"
	CodeMTU    = "path.mtu"
	CodeFrames = "path.frames"
	CodeUplink = "path.uplink"
	CodeLoad   = "path.load"
)

// Judge says what the path is like. Where the first tier has proven what is
// wrong, there was no need to look.
func Judge(all diag.Facts) (j diag.Judgement) {
	f, run := Section.Of(all), diag.RunSection.Of(all)
	if run.OS != "" && run.OS != "linux" {
		j.Miss("path.system")
		j.Add(CodeLoss, diag.Unknown, nil)
		return j
	}
	if run.CutBy != "" {
		j.Add(CodeLoss, diag.Skipped, nil)
		return j
	}
	deaf := Deaf(run)
	if deaf {
		j.Miss("path.busy")
		j.Add(CodeLoss, diag.Unknown, nil)
	} else {
		f.judgeLoss(&j)
	}
	f.judgeSizes(&j)
	f.judgeUplink(&j)
	if deaf {
		j.Add(CodeLoad, diag.Unknown, nil)
	} else {
		f.judgeLoad(&j)
	}
	if f.Load.Bytes == 0 {
		j.Clear = text.M("check.path.unloaded") // quick when idle says nothing of a full line
	}
	return j
}

// Deaf reports that this program was kept from the processor for so long, at
// worst, that answers within its patience may have lain unheard. Shorter
// delays are among what the statistics bear: they touch one round of twenty,
// and show at the first hop, which has to be steady. What the kernel itself
// measured (sizes, who sends) is as true as ever.
func Deaf(run diag.RunFacts) bool {
	const late = 500 // ms, half of the patience for one packet
	return run.DeepLateMS >= late
}

func (f Facts) judgeLoss(j *diag.Judgement) {
	switch l, lossy := f.Loss(); {
	case lossy:
		j.Add(CodeLoss, l.Severity(), text.Args{"Rate": l.Rate(), "Lost": l.Lost, "Sent": l.Sent}, f.Seen()...)
	case f.measured():
		j.Add(CodeLoss, diag.OK, text.Args{"RTT": Spoken(f.Ends[0].Median())}, f.Seen()...)
	default:
		j.Miss("path.loss")
		j.Add(CodeLoss, diag.Unknown, nil)
	}
}

// Severity: from one packet in ten on, calls break up and pages hang (ITU-T
// G.1010 asks for less than 3 % for talking).
func (l Loss) Severity() diag.Status {
	if l.Rate() >= 10 {
		return diag.Fail
	}
	return diag.Warn
}

// Seen is every hop and far end with what it answered.
func (f Facts) Seen() (out []diag.Evidence) {
	for _, h := range f.Hops {
		if h.Sent > 0 {
			what := text.M("evidence.path.hop", "TTL", h.TTL, "From", h.From, "RTT", tenth(h.Median()), "Lost", h.Lost, "Sent", h.Sent)
			out = append(out, diag.Evidence{What: what, Source: "udp, icmp error queue", AtMS: h.AtMS})
		}
	}
	for _, e := range f.Ends {
		if e.Sent > 0 {
			what := text.M("evidence.path.end", "Address", e.Address, "Port", e.Port, "RTT", tenth(e.Median()), "Lost", e.Lost, "Sent", e.Sent)
			out = append(out, diag.Evidence{What: what, Source: "tcp connect", AtMS: e.AtMS})
		}
	}
	return out
}

func (f Facts) judgeSizes(j *diag.Judgement) {
	m, _, vanish := f.Blackhole()
	switch {
	case vanish:
		j.Add(CodeMTU, diag.Fail, f.Words(), m.Seen()...)
	case f.Whole():
		whole := f.MTU
		if !whole.Whole() {
			whole = f.MTU6
		}
		j.Add(CodeMTU, diag.OK, text.Args{"Size": min(whole.Link, ethernet)}, whole.Seen()...)
	default:
		j.Miss("path.mtu")
		j.Add(CodeMTU, diag.Unknown, nil)
	}
	if f.MTU.Mismatch() {
		j.Add(CodeFrames, diag.Warn, text.Args{"Link": f.MTU.Link}, f.MTU.Frames())
	}
}

// Seen is the boundary: the largest packets that arrived, the smallest that
// vanished, and what became of packets outside of connections.
func (m MTU) Seen() (out []diag.Evidence) {
	low, high, split := bounds(m.Trials)
	for _, t := range m.Trials {
		if t.Outcome == Passed && t.Size == low || split && t.Outcome == Stalled && t.Size == high {
			what := text.M("evidence.path.size."+t.Outcome, "Size", t.Size, "Address", m.Address, "Retrans", t.Retrans, "Unacked", t.Unacked)
			out = append(out, diag.Evidence{What: what, Source: "tcp_info", AtMS: m.AtMS})
		}
	}
	return append(out, m.lonely()...)
}

// Frames is what the first hop did with large frames.
func (m MTU) Frames() diag.Evidence {
	return diag.Evidence{What: text.M("evidence.path.frames", "Link", m.Link, "Small", smallest), Source: "udp, icmp error queue", AtMS: m.AtMS}
}

func (f Facts) judgeUplink(j *diag.Judgement) {
	u := f.Uplink
	h, hog := f.Hog()
	switch {
	case hog:
		j.Add(CodeUplink, diag.Warn, u.Words(h), u.Seen(h))
		switch {
		case h.Datagrams:
			j.Miss("path.sender")
		case h.PID == 0:
			j.Miss("path.owner")
		}
	case u.WindowMS > 0:
		j.Add(CodeUplink, diag.OK, text.Args{"KBits": int(float64(u.TxBytes) * 8 / u.WindowMS)})
	default:
		j.Miss("path.uplink")
		j.Add(CodeUplink, diag.Unknown, nil)
	}
}

// Seen is the traffic of who fills the line.
func (u Uplink) Seen(h Filler) diag.Evidence {
	args, key := u.Words(h), "evidence.path.talker"
	if args["Now"], args["Least"] = tenth(h.RTTMS), tenth(h.MinRTTMS); h.Datagrams {
		key = "evidence.path.datagrams"
	}
	return diag.Evidence{What: text.Message{Key: key, Args: args}, Source: "inet_diag, link counters", AtMS: u.AtMS}
}

func (f Facts) judgeLoad(j *diag.Judgement) {
	near, far, full := f.Queue()
	switch idle, loaded, enough := f.Load.Bloat(); {
	case f.Load.Bloated():
		j.Add(CodeLoad, diag.Warn, f.Load.Words(), f.Load.Seen())
	case full:
		j.Add(CodeLoad, diag.Warn, text.Args{"Idle": Spoken(near), "Loaded": Spoken(far)}, f.Seen()...)
	case enough:
		j.Add(CodeLoad, diag.OK, text.Args{"Idle": Spoken(idle), "Loaded": Spoken(loaded)}, f.Load.Seen())
	default:
		if f.Load.Skipped != "" {
			j.Miss("path.load." + f.Load.Skipped)
		}
		j.Add(CodeLoad, diag.Skipped, nil) // a load that is over at once is a line that is quick
	}
}

// Words are what is said of a loaded line.
func (l Load) Words() text.Args {
	idle, loaded, _ := l.Bloat()
	return text.Args{"Idle": Spoken(idle), "Loaded": Spoken(loaded)}
}

// Seen is the load and what it did.
func (l Load) Seen() diag.Evidence {
	args := l.Words()
	args["KB"], args["Address"] = l.Bytes/1000, l.Address
	return diag.Evidence{What: text.Message{Key: "evidence.path.loaded", Args: args}, Source: "tcp connect under load", AtMS: l.AtMS}
}

// Held is the load where it was held up and nobody had to wait longer for it.
func (l Load) Held() diag.Evidence {
	args := l.Words()
	args["KB"], args["Address"], args["Took"] = l.Bytes/1000, l.Address, tenth(l.TookMS/1000)
	return diag.Evidence{What: text.Message{Key: "evidence.path.held", Args: args}, Source: "tcp connect under load", AtMS: l.AtMS}
}

// Spoken is a time in whole milliseconds, as a person says it: below one, 0
// would read as if nothing had been measured.
func Spoken(ms float64) any {
	if ms = math.Round(ms); ms >= 1 {
		return int(ms)
	}
	return text.M("path.instant")
}

// tenth rounds to a tenth of a millisecond.
func tenth(ms float64) float64 { return math.Round(ms*10) / 10 }
