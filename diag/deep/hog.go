package deep

import "deskside/diag/text"

const (
	// hogShare of the link's own bytes makes a program the one that fills it.
	hogShare = 0.6
	// hogLeast is 64 kbit/s: less fills no line worth the name.
	hogLeast = 8000
	// queued and queuedTimes: a program's packets wait when they take 20 ms and
	// three times longer than at best. A queue that is managed well stays
	// around 5 ms (CoDel, RFC 8289, 4.2).
	queued      = 20
	queuedTimes = 3
	// quiet: the PC sends less than 256 kbit/s. This run's own packets are up to
	// half of that.
	quiet = 32000
)

// Filler is who fills the line.
type Filler struct {
	Talker
	Datagrams bool    // it keeps no connections that could be counted: who it is cannot be seen
	WaitMS    float64 // how long packets wait because of it
}

// Hog is the program on this PC that fills the line: it sends most of what the
// link sends, and packets wait in a queue. Either its own connection tells (its
// round trip is far above the least that it has seen in five minutes,
// tcp_min_rtt_wlen), or the line is seen to be full.
func (f Facts) Hog() (Filler, bool) {
	if t, ok := f.Uplink.Hog(); ok {
		return Filler{Talker: t, WaitMS: t.Queue()}, true
	}
	near, far, full := f.Queue()
	if !full || f.Uplink.WindowMS == 0 {
		return Filler{}, false
	}
	if t, ok := f.Uplink.Most(); ok {
		return Filler{Talker: t, WaitMS: far - near}, true
	}
	rest := Talker{Bytes: f.Uplink.TxBytes}
	for _, t := range f.Uplink.Talkers {
		rest.Bytes -= t.Bytes
	}
	most := float64(rest.Bytes) >= hogShare*float64(f.Uplink.TxBytes)
	return Filler{Talker: rest, Datagrams: true, WaitMS: far - near}, most && f.Uplink.perSecond(rest) >= quiet
}

// Hog is a program that sends most, and whose own packets wait.
func (u Uplink) Hog() (Talker, bool) {
	t, most := u.Most()
	return t, most && t.Queue() > queued && t.RTTMS >= queuedTimes*t.MinRTTMS
}

// Most is the program that sends most of what the link sends, and enough to
// fill one.
func (u Uplink) Most() (Talker, bool) {
	if len(u.Talkers) == 0 || u.WindowMS == 0 {
		return Talker{}, false
	}
	t := u.Talkers[0]
	return t, u.perSecond(t) >= hogLeast && float64(t.Bytes) >= hogShare*float64(u.TxBytes)
}

// Bloats: what it sends makes everybody wait.
func (h Filler) Bloats() bool { return h.WaitMS > bloated }

// Queue is how long its packets wait on the way, milliseconds.
func (t Talker) Queue() float64 { return t.RTTMS - t.MinRTTMS }

func (u Uplink) perSecond(t Talker) float64 { return float64(t.Bytes) / max(1, u.WindowMS) * 1000 }

// KBits is a talker's rate.
func (u Uplink) KBits(t Talker) int { return int(u.perSecond(t) * 8 / 1000) }

// Share is a talker's part of all that the link sends, in percent.
func (u Uplink) Share(t Talker) int {
	return min(100, int(100*float64(t.Bytes)/float64(max(1, u.TxBytes))+0.5))
}

// Quiet reports that this PC itself hardly uses the line.
func (u Uplink) Quiet() bool {
	return u.WindowMS > 0 && float64(max(u.TxBytes, u.RxBytes))/u.WindowMS*1000 < quiet
}

// Words are what is said of who fills the line.
func (u Uplink) Words(h Filler) text.Args {
	who := text.M("path.program", "Name", h.Name, "PID", h.PID)
	switch {
	case h.Datagrams:
		who = text.M("path.datagrams")
	case h.PID == 0:
		who = text.M("path.someone")
	}
	return text.Args{"Who": who, "KBits": u.KBits(h.Talker), "Share": u.Share(h.Talker), "Queue": int(h.WaitMS)}
}
