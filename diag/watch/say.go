package watch

import (
	"fmt"
	"time"

	"deskside/diag/text"
)

// Message says what happened, when and how long: one sentence.
func (i Incident) Message() text.Message {
	key := "ui.watch.incident.over"
	switch {
	case i.Left:
		key = "ui.watch.incident.left"
	case i.Open && i.Lasts == 0:
		key = "ui.watch.incident.opened"
	case i.Open:
		key = "ui.watch.incident.open"
	case i.EndUnseen:
		key = "ui.watch.incident.unseen"
	}
	return text.M(key, "At", clockOf(i.Began), "What", i.What(), "Long", Long(i.Lasts))
}

// Whole is Message and what became of the search for the cause.
func (i Incident) Whole() text.Message {
	return text.M("ui.watch.incident.whole", "Incident", i.Message(), "Cause", i.Verdict.Message())
}

// What is the incident without its time.
func (i Incident) What() text.Message {
	switch i.Kind {
	case Slow:
		return text.M("ui.watch.slow."+i.Where.String(), "Usual", Took(i.Usual), "Now", Took(i.Now))
	case Losses:
		return text.M("ui.watch.losses."+i.Where.String(), "Lost", i.Lost, "Asked", i.Asked)
	}
	key := "ui.watch.what." + i.Where.String()
	if i.FromStart {
		key += "_start"
	}
	return text.M(key)
}

// Withdrawal says why an incident was none.
func (i Incident) Withdrawal() text.Message {
	return text.M("ui.watch.incident.withdrawn", "At", clockOf(i.Began), "Station", i.Where.Label())
}

// Message says the cause, or why there is none.
func (v Verdict) Message() text.Message {
	if v.Naming == Named {
		return text.M("ui.watch.naming.named", "Title", v.Title)
	}
	return text.M("ui.watch.naming." + string(v.Naming))
}

// Message says what was noticed.
func (g Gap) Message() text.Message {
	key, long := "ui.watch.gap."+string(g.Kind), g.Long
	if g.Kind == ClockSet {
		key = "ui.watch.gap.forward"
		if long < 0 {
			key, long = "ui.watch.gap.back", -long
		}
	}
	return text.M(key, "At", clockOf(g.At), "Long", Long(long), "From", g.From.Message(), "To", g.To.Message())
}

// Message is a way out for a person: what it is, and its name here.
func (w Way) Message() text.Message {
	key := "ui.watch.way.unknown"
	switch w.Kind {
	case "ether", "wifi", "tun", "wireguard", "ppp":
		key = "ui.watch.way." + w.Kind
	case "veth":
		key = "ui.watch.way.ether"
	}
	return text.M(key, "Name", w.Name)
}

// Usual says what a station's usual time is.
func Usual(s Station, median time.Duration) text.Message {
	return text.M("ui.watch.short.answered", "Station", s.Label(), "Last", Took(median))
}

// Label is the station's name for a person.
func (s Station) Label() text.Message { return text.M("ui.watch.station." + s.String()) }

// clockOf is the time of day; what is older than a day has other means.
func clockOf(t time.Time) string { return t.Format("15:04:05") }

// Long says a duration in its two largest units.
func Long(d time.Duration) text.Message {
	s := int(d.Round(time.Second) / time.Second)
	min, h, days := s/60, s/3600, s/86400
	switch {
	case min == 0:
		return text.M("ui.watch.long.s", "S", s)
	case h == 0:
		return text.M("ui.watch.long.min", "Min", min, "S", s%60)
	case days == 0:
		return text.M("ui.watch.long.h", "H", h, "Min", min%60)
	}
	return text.M("ui.watch.long.d", "D", days, "H", h%24)
}

// Took says a round trip without false precision: "0.4 ms", "23 ms", "1.2 s".
func Took(d time.Duration) string {
	v := float64(d) / float64(time.Millisecond)
	switch {
	case v < 0.05:
		return "<0.1 ms"
	case v < 9.95:
		return fmt.Sprintf("%.1f ms", v)
	case v < 999.5:
		return fmt.Sprintf("%.0f ms", v)
	}
	return fmt.Sprintf("%.1f s", v/1000)
}

// Head is one line about a station: what it does now, and how it did.
func (v View) Head(s Station) text.Message {
	st := &v.Stats[s]
	pairs := []any{
		"Station", s.Label(), "Last", Took(st.Last.RTT), "Median", Took(st.Quantile(0.5)), "P95", Took(st.Quantile(0.95)), "Loss", text.Percent(st.Loss() * 100),
	}
	switch {
	case v.Mute[s]:
		return text.M("ui.watch.head.mute", pairs...)
	case st.Asked == 0 && len(v.Samples) > 0:
		return text.M("ui.watch.head.unasked", pairs...)
	case st.Answers() == 0 && v.Ended:
		return text.M("ui.watch.head.silent", pairs...)
	case st.Answers() == 0:
		return text.M("ui.watch.head.never", pairs...)
	case st.Last.State == Lost:
		return text.M("ui.watch.head.lost", pairs...)
	case st.Last.State == Unasked:
		return text.M("ui.watch.head.quiet", pairs...)
	}
	return text.M("ui.watch.head.answered", pairs...)
}

// Short is the same in two words, for a line that names all stations.
func (v View) Short(s Station) text.Message {
	key := "ui.watch.short.answered"
	switch last := v.Stats[s].Last; {
	case !v.Mute[s] && v.Stats[s].Asked > 0 && v.Stats[s].Answers() == 0:
		key = "ui.watch.short.never"
	case v.Mute[s] || last.State == Unasked:
		key = "ui.watch.short.mute"
	case last.State == Lost:
		key = "ui.watch.short.lost"
	}
	return text.M(key, "Station", s.Label(), "Last", Took(v.Stats[s].Last.RTT))
}

// Summary is one line about a station over the whole watch.
func (v View) Summary(s Station) text.Message {
	st := &v.Stats[s]
	pairs := []any{
		"Station", s.Label(), "Count", st.Asked, "Asked", st.Asked, "Lost", st.Lost, "Loss", text.Percent(st.Loss() * 100),
		"Min", Took(st.Min), "Median", Took(st.Quantile(0.5)), "P95", Took(st.Quantile(0.95)), "Max", Took(st.Max),
	}
	switch {
	case v.Mute[s]:
		return text.M("ui.watch.summary.mute", pairs...)
	case st.Asked == 0:
		return text.M("ui.watch.summary.unasked", pairs...)
	case st.Answers() == 0:
		return text.M("ui.watch.summary.silent", pairs...)
	}
	return text.M("ui.watch.summary.station", pairs...)
}
