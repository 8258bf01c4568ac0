package wifi

import (
	"net"

	"golang.org/x/sys/unix"
)

// heard is one BSS of a scan dump with its raw elements kept.
type heard struct {
	bssid        []byte
	freq         int // MHz on which it was heard
	capability   uint16
	mbm          int // 1/100 dBm
	ageMS        float64
	associated   bool
	probe, beacn []byte
}

func decodeBSS(b []byte) (h heard, ok bool) {
	for kind, v := range attrs(b) {
		if kind != unix.NL80211_ATTR_BSS {
			continue
		}
		ok = true
		for kind, v := range attrs(v) {
			switch kind {
			case unix.NL80211_BSS_BSSID:
				h.bssid = v
			case unix.NL80211_BSS_FREQUENCY:
				h.freq = int(uintOf(v))
			case unix.NL80211_BSS_CAPABILITY:
				h.capability = uint16(uintOf(v))
			case unix.NL80211_BSS_SIGNAL_MBM:
				h.mbm = int32Of(v)
			case unix.NL80211_BSS_SEEN_MS_AGO:
				h.ageMS = float64(uintOf(v))
			case unix.NL80211_BSS_STATUS:
				h.associated = uintOf(v) == unix.NL80211_BSS_STATUS_ASSOCIATED
			case unix.NL80211_BSS_INFORMATION_ELEMENTS:
				h.probe = v
			case unix.NL80211_BSS_BEACON_IES:
				h.beacn = v
			}
		}
	}
	return h, ok
}

// elements takes the newest set, and from the beacon what that lacks: a probe
// response names a hidden network, a beacon carries the load.
func (h heard) elements() Elements {
	e := ParseElements(h.probe)
	beacon := ParseElements(h.beacn)
	if h.probe == nil {
		return beacon
	}
	if e.Load == nil {
		e.Load = beacon.Load
	}
	if !e.HasSSID || e.hidden() {
		if beacon.HasSSID {
			e.SSID, e.HasSSID = beacon.SSID, true
		}
	}
	return e
}

// bss puts one heard network into facts.
func (h heard) bss() BSS {
	e := h.elements()
	out := BSS{BSSID: address(h.bssid), Own: h.associated, AgeMS: h.ageMS, Source: "nl80211",
		Signal: h.mbm / 100, Load: e.Load, Country: e.Country, Generation: e.Generation(h.freq)}
	out.SSID, out.Hidden = ShowSSID(e.SSID)
	out.Freq, out.Width, out.Centre = e.Width(h.freq)
	out.Channel = ChannelOf(out.Freq)
	out.Security, out.TKIP = e.Security(h.capability)
	return out
}

func decodeSurvey(b []byte) (s Survey, ok bool) {
	for kind, v := range attrs(b) {
		if kind != unix.NL80211_ATTR_SURVEY_INFO {
			continue
		}
		for kind, v := range attrs(v) {
			switch kind {
			case unix.NL80211_SURVEY_INFO_FREQUENCY:
				s.Freq = int(uintOf(v))
			case unix.NL80211_SURVEY_INFO_NOISE:
				s.Noise = int8Of(v)
			case unix.NL80211_SURVEY_INFO_IN_USE:
				s.InUse = true
			case unix.NL80211_SURVEY_INFO_TIME:
				s.Time = uintOf(v)
			case unix.NL80211_SURVEY_INFO_TIME_BUSY:
				s.Busy, s.HasB = uintOf(v), true
			case unix.NL80211_SURVEY_INFO_TIME_RX:
				s.Rx = uintOf(v)
			case unix.NL80211_SURVEY_INFO_TIME_TX:
				s.Tx = uintOf(v)
			case unix.NL80211_SURVEY_INFO_TIME_BSS_RX:
				s.OwnRx = uintOf(v)
			}
		}
	}
	return s, s.Freq != 0 // a row without a channel is the whole radio's (iwlwifi)
}

func address(b []byte) string {
	if len(b) != 6 {
		return ""
	}
	return net.HardwareAddr(b).String()
}
