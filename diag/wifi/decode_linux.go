package wifi

import "golang.org/x/sys/unix"

// iface is one answer to NL80211_CMD_GET_INTERFACE.
type iface struct {
	index, phy int
	name       string
	kind       uint32 // NL80211_IFTYPE_*
	ssid       []byte
	mac        []byte
	freq       int
	width      int
}

func decodeInterface(b []byte) (i iface) {
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_ATTR_IFINDEX:
			i.index = int(uintOf(v))
		case unix.NL80211_ATTR_WIPHY:
			i.phy = int(uintOf(v))
		case unix.NL80211_ATTR_IFNAME:
			i.name = cstring(v)
		case unix.NL80211_ATTR_IFTYPE:
			i.kind = uint32(uintOf(v))
		case unix.NL80211_ATTR_SSID:
			i.ssid = v
		case unix.NL80211_ATTR_MAC:
			i.mac = v
		case unix.NL80211_ATTR_WIPHY_FREQ:
			i.freq = int(uintOf(v))
		case unix.NL80211_ATTR_CHANNEL_WIDTH:
			i.width = channelWidth[uint32(uintOf(v))]
		}
	}
	return i
}

// channelWidth gives MHz for NL80211_CHAN_WIDTH_*; 80+80 is 160.
var channelWidth = map[uint32]int{
	unix.NL80211_CHAN_WIDTH_20_NOHT: 20, unix.NL80211_CHAN_WIDTH_20: 20, unix.NL80211_CHAN_WIDTH_40: 40,
	unix.NL80211_CHAN_WIDTH_80: 80, unix.NL80211_CHAN_WIDTH_80P80: 160, unix.NL80211_CHAN_WIDTH_160: 160,
	unix.NL80211_CHAN_WIDTH_320: 320,
}

// modes names the interface types that matter; the others have none.
var modes = map[uint32]string{
	unix.NL80211_IFTYPE_STATION: "station", unix.NL80211_IFTYPE_AP: "ap", unix.NL80211_IFTYPE_MONITOR: "monitor",
	unix.NL80211_IFTYPE_MESH_POINT: "mesh", unix.NL80211_IFTYPE_ADHOC: "adhoc", unix.NL80211_IFTYPE_P2P_CLIENT: "station",
	unix.NL80211_IFTYPE_P2P_GO: "ap",
}

// phy is what a radio can do, collected over the split parts of a wiphy dump.
type phy struct {
	index  int
	name   string
	bands  map[int]bool
	newest int
}

func decodePhy(b []byte) phy {
	p := phy{index: -1, bands: map[int]bool{}}
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_ATTR_WIPHY:
			p.index = int(uintOf(v))
		case unix.NL80211_ATTR_WIPHY_NAME:
			p.name = cstring(v)
		case unix.NL80211_ATTR_WIPHY_BANDS:
			for _, band := range attrs(v) {
				p.band(band)
			}
		}
	}
	return p
}

func (p *phy) band(b []byte) {
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_BAND_ATTR_FREQS:
			for _, channel := range attrs(v) {
				p.channel(channel)
			}
		case unix.NL80211_BAND_ATTR_HT_CAPA:
			p.newest = max(p.newest, 4)
		case unix.NL80211_BAND_ATTR_VHT_CAPA:
			p.newest = max(p.newest, 5)
		case unix.NL80211_BAND_ATTR_IFTYPE_DATA:
			for _, data := range attrs(v) {
				for cap := range attrs(data) {
					switch cap {
					case unix.NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY:
						p.newest = max(p.newest, 6)
					case unix.NL80211_BAND_IFTYPE_ATTR_EHT_CAP_PHY:
						p.newest = max(p.newest, 7)
					}
				}
			}
		}
	}
}

func (p *phy) channel(b []byte) {
	freq, disabled := 0, false
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_FREQUENCY_ATTR_FREQ:
			freq = int(uintOf(v))
		case unix.NL80211_FREQUENCY_ATTR_DISABLED:
			disabled = true
		}
	}
	if band := Band(freq); band != 0 && !disabled {
		p.bands[band] = true
	}
}

// decodeStation fills in what the driver counted for one peer.
func decodeStation(b []byte, l *Link) {
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_ATTR_MAC:
			l.BSSID = address(v)
		case unix.NL80211_ATTR_STA_INFO:
			for info, v := range attrs(v) {
				l.count(info, v)
			}
		}
	}
}

func (l *Link) count(info uint16, v []byte) {
	switch info {
	case unix.NL80211_STA_INFO_SIGNAL_AVG:
		l.Signal = int8Of(v) // smoothed: one frame in a fade is no weak link
	case unix.NL80211_STA_INFO_SIGNAL:
		if l.Signal == 0 {
			l.Signal = int8Of(v)
		}
	case unix.NL80211_STA_INFO_TX_BITRATE:
		l.TxMbit, l.Generation = rate(v)
	case unix.NL80211_STA_INFO_RX_BITRATE:
		l.RxMbit, _ = rate(v)
	case unix.NL80211_STA_INFO_CONNECTED_TIME:
		l.ConnectedS = int(uintOf(v))
	case unix.NL80211_STA_INFO_INACTIVE_TIME:
		l.InactiveMS = int(uintOf(v))
	case unix.NL80211_STA_INFO_TX_PACKETS:
		l.TxPackets = uintOf(v)
	case unix.NL80211_STA_INFO_RX_PACKETS:
		l.RxPackets = uintOf(v)
	case unix.NL80211_STA_INFO_TX_RETRIES:
		l.TxRetries = uintOf(v)
	case unix.NL80211_STA_INFO_TX_FAILED:
		l.TxFailed = uintOf(v)
	case unix.NL80211_STA_INFO_BEACON_LOSS:
		l.BeaconLoss = uintOf(v)
	}
}

// rate gives Mbit/s (the kernel counts in 100 kbit/s) and the generation that
// the kind of modulation belongs to.
func rate(b []byte) (mbit float64, generation int) {
	for kind, v := range attrs(b) {
		switch kind {
		case unix.NL80211_RATE_INFO_BITRATE32:
			mbit = float64(uintOf(v)) / 10
		case unix.NL80211_RATE_INFO_BITRATE:
			if mbit == 0 {
				mbit = float64(uintOf(v)) / 10
			}
		case unix.NL80211_RATE_INFO_MCS:
			generation = 4
		case unix.NL80211_RATE_INFO_VHT_MCS:
			generation = 5
		case unix.NL80211_RATE_INFO_HE_MCS:
			generation = 6
		case unix.NL80211_RATE_INFO_EHT_MCS:
			generation = 7
		}
	}
	return mbit, generation
}
