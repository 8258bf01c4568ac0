package wifi

import (
	"math"
	"strconv"
	"strings"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

const (
	// Airtime from which a channel counts as congested: voice guides ask for
	// less than 50 % (Zebra voice-WLAN guide, wifi.md 3). An estimate that
	// nothing calibrates must be clearer than that.
	congested        = 0.50
	congestedGuessed = 0.70
	// From this age on the list of networks is called old (cfg80211 drops
	// entries after 30 s; neighbours come and go more slowly).
	oldListMS = 10_000
)

// Judge is pure: adapter, association, signal, congestion, security. A PC
// without Wi-Fi, or with Wi-Fi idle beside a cable, is healthy.
func Judge(facts diag.Facts) (j diag.Judgement) {
	f := Section.Of(facts)
	at := func(e diag.Evidence) diag.Evidence { e.AtMS = f.AtMS; return e }
	if f.Looked != diag.Yes {
		j.Add("wifi.adapter", diag.Unknown, nil)
		j.Miss("wifi.system")
		return j
	}
	if len(f.Adapters) == 0 {
		judgeNoAdapter(&j, f)
		return j
	}
	wired := onCable(link.Section.Of(facts))
	if blocked, args := f.blocked(); blocked != "" {
		status := diag.Fail
		if wired {
			status = diag.Skipped
		}
		j.Add("wifi.adapter", status, args, at(evidence("/sys/class/rfkill", "evidence.wifi."+blocked, "Iface", f.Adapters[0].Iface)))
		return j
	}
	j.Add("wifi.adapter", diag.OK, text.Args{"Iface": f.Adapters[0].Iface}, at(f.describe(f.Adapters[0])))
	switch {
	case f.Air == "":
		j.Add("wifi.link", diag.Unknown, nil)
		j.Miss("wifi.unasked")
	case f.Air != Asked && f.Link == nil:
		j.Add("wifi.link", diag.Unknown, nil)
		j.Miss("wifi." + string(f.Air))
	case f.Link == nil && (wired || !f.station()):
		j.Add("wifi.link", diag.Skipped, nil)
	case f.Link == nil:
		j.Add("wifi.link", diag.Fail, text.Args{"Count": f.Heard()})
	default:
		j.Add("wifi.link", diag.OK, linkArgs(*f.Link), at(rates(*f.Link)))
		judgeSignal(&j, f, at)
		judgeAir(&j, f, at)
		judgeSecurity(&j, f, at)
	}
	return j
}

func judgeNoAdapter(j *diag.Judgement, f Facts) {
	if f.Driverless > 0 {
		j.Add("wifi.adapter", diag.Warn, text.Args{"Count": f.Driverless}, evidence("/sys/bus/pci", "evidence.wifi.driverless"))
		return
	}
	j.Add("wifi.adapter", diag.Skipped, nil)
}

// onCable: another link could carry the PC's traffic.
func onCable(l link.Facts) bool {
	for _, x := range l.Links {
		if x.Plain && x.Kind != "wifi" && x.Up && x.Carrier {
			return true
		}
	}
	return false
}

// blocked names the switch when every adapter is switched off.
func (f Facts) blocked() (string, text.Args) {
	which := ""
	for _, a := range f.Adapters {
		switch {
		case a.Hard:
			which = "hard"
		case a.Soft && which == "":
			which = "soft"
		case !a.Soft:
			return "", nil
		}
	}
	return which, text.Args{"Iface": f.Adapters[0].Iface}
}

// station: some adapter is there to join networks, not to make one.
func (f Facts) station() bool {
	for _, a := range f.Adapters {
		if a.Mode == "station" || a.Mode == "" {
			return true
		}
	}
	return false
}

// SignalGrade is good, fair, poor or bad for a strength in dBm on a frequency
// in MHz; empty when the strength is not known. Android's thresholds per band
// (wifi.md 3; 6 GHz taken as 5 GHz).
func SignalGrade(dbm, freq int) string {
	bounds := [3]int{-57, -70, -77}
	if Band(freq) == 2 {
		bounds = [3]int{-60, -73, -80}
	}
	switch {
	case dbm >= 0 || dbm < -120:
		return ""
	case dbm >= bounds[0]:
		return "good"
	case dbm >= bounds[1]:
		return "fair"
	case dbm >= bounds[2]:
		return "poor"
	}
	return "bad"
}

func judgeSignal(j *diag.Judgement, f Facts, at func(diag.Evidence) diag.Evidence) {
	status, known := map[string]diag.Status{"good": diag.OK, "fair": diag.OK, "poor": diag.Warn, "bad": diag.Fail}[SignalGrade(f.Link.Signal, f.Link.Freq)]
	if !known {
		j.Aside("wifi.signal", diag.Unknown, nil)
		j.Miss("wifi.signal")
		return
	}
	j.Add("wifi.signal", status, linkArgs(*f.Link), at(evidence("nl80211 station", "evidence.wifi.signal", "Signal", f.Link.Signal, "Band", Band(f.Link.Freq))))
}

func judgeAir(j *diag.Judgement, f Facts, at func(diag.Evidence) diag.Evidence) {
	load, limit := f.Load, congested
	if load.Tier == Guessed {
		limit = congestedGuessed
	}
	args := text.Args{"Channel": f.Link.Channel, "Percent": int(math.Round(100 * load.Used)), "Count": load.Networks}
	seen := at(evidence("nl80211 scan, survey", "evidence.wifi.load_"+string(load.Tier), "Percent", args["Percent"], "Channel", f.Link.Channel, "Count", load.Networks))
	switch {
	case load.Tier == NoTier:
		j.Aside("wifi.congestion", diag.Unknown, nil)
		j.Miss("wifi.alone")
	case load.Used >= limit:
		j.Add("wifi.congestion", diag.Warn, args, seen)
	default:
		j.Add("wifi.congestion", diag.OK, args, seen)
	}
	switch {
	case load.Tier == NoTier:
	case f.ListAgeMS < 0:
		j.Miss("wifi.neighbours")
	case f.ListAgeMS > oldListMS:
		j.Miss("wifi.old", "Count", int(f.ListAgeMS/1000))
	}
}

func judgeSecurity(j *diag.Judgement, f Facts, at func(diag.Evidence) diag.Evidence) {
	for _, b := range f.BSS {
		if !b.Own {
			continue
		}
		status := diag.OK
		switch word := b.Security; {
		case word == "unknown" || word == "":
			j.Aside("wifi.security", diag.Unknown, nil)
			return
		case word == "open", word == "wep", word == "wpa1", b.TKIP:
			status = diag.Warn
		}
		name := securityName(b.Security, b.TKIP)
		j.Add("wifi.security", status, text.Args{"Security": name, "SSID": b.SSID},
			at(evidence("nl80211 scan", "evidence.wifi.security", "Security", name)))
		return
	}
	j.Aside("wifi.security", diag.Unknown, nil)
	j.Miss("wifi.own")
}

// securityName is how the protection is called on a router's box; these names
// are the same in every language.
func securityName(word string, tkip bool) string {
	if word == "open" {
		return word
	}
	kinds, enterprise := strings.CutSuffix(word, "-enterprise")
	kinds = strings.ReplaceAll(kinds, "wpa1", "wpa")
	name := strings.ToUpper(strings.ReplaceAll(kinds, "+", "/"))
	if enterprise {
		name += " Enterprise"
	}
	if tkip {
		name += " (TKIP)"
	}
	return name
}

func linkArgs(l Link) text.Args {
	return text.Args{"SSID": l.SSID, "Channel": l.Channel, "Signal": l.Signal, "Band": Band(l.Freq), "Iface": l.Iface}
}

func rates(l Link) diag.Evidence {
	return evidence("nl80211 station", "evidence.wifi.link", "SSID", l.SSID, "Channel", l.Channel, "Band", Band(l.Freq),
		"Tx", mbit(l.TxMbit), "Rx", mbit(l.RxMbit))
}

func mbit(rate float64) string { return strconv.FormatFloat(rate, 'f', -1, 64) }

func (f Facts) describe(a Adapter) diag.Evidence {
	driver := a.Driver
	if driver == "" {
		driver = "?"
	}
	return evidence("/sys/class/net", "evidence.wifi.adapter", "Iface", a.Iface, "Driver", driver)
}

func evidence(source, key string, pairs ...any) diag.Evidence {
	return diag.Evidence{What: text.M(key, pairs...), Source: source}
}
