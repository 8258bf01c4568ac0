// Package wifi looks at the radio: adapter, association, signal, channel, and
// the networks that share the air.
//
// The element parser and everything that judges are pure Go for every system;
// only the reader behind gather_linux.go knows nl80211.
package wifi

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "wifi"}

// Facts are one look at the radio. Names and addresses of networks came from
// the air: SSID is escaped by [ShowSSID] before it gets here.
type Facts struct {
	AtMS       float64   `json:"at_ms" privacy:"none"`
	Looked     diag.Tri  `json:"looked" privacy:"none"` // Yes: the system was asked for adapters
	Adapters   []Adapter `json:"adapters,omitempty"`
	Driverless int       `json:"driverless,omitempty" privacy:"none"` // wireless PCI cards that no driver took
	Air        Outcome   `json:"air,omitempty" privacy:"none"`        // how asking the adapter went; empty: not asked
	Source     string    `json:"source,omitempty" privacy:"none"`     // "nl80211"
	Country    string    `json:"country,omitempty" privacy:"none"`    // regulatory domain of this PC, "00" is the world
	Link       *Link     `json:"link,omitempty"`                      // nil: not associated, or not asked
	BSS        []BSS     `json:"bss,omitempty"`                       // strongest first
	ListAgeMS  float64   `json:"list_age_ms" privacy:"none"`          // since the newest foreign network was heard; -1: none was
	Survey     []Survey  `json:"survey,omitempty"`
	Load       Load      `json:"load"`
}

// Outcome says how asking the adapter went.
type Outcome string

// Outcomes.
const (
	Asked     Outcome = "asked"
	Denied    Outcome = "denied"  // not permitted
	Missing   Outcome = "missing" // this kernel has no nl80211
	Interrupt Outcome = "error"   // the adapter did not answer as it should
)

// Adapter is one Wi-Fi interface.
type Adapter struct {
	Iface  string `json:"iface" privacy:"iface"`
	Phy    string `json:"phy" privacy:"none"`
	Driver string `json:"driver,omitempty" privacy:"none"`
	Up     bool   `json:"up" privacy:"none"`
	Soft   bool   `json:"soft_block" privacy:"none"` // rfkill: switched off by software
	Hard   bool   `json:"hard_block" privacy:"none"` // rfkill: by a switch or the firmware
	Mode   string `json:"mode,omitempty" privacy:"none"`
	Bands  []int  `json:"bands,omitempty" privacy:"none"` // 2, 5, 6: GHz the radio can use
	Newest int    `json:"generation,omitempty" privacy:"none"`
}

// Link is the association of the first adapter that has one.
type Link struct {
	Iface       string  `json:"iface" privacy:"iface"`
	SSID        string  `json:"ssid" privacy:"ssid"`
	BSSID       string  `json:"bssid" privacy:"bssid"`
	Freq        int     `json:"freq" privacy:"none"` // MHz, primary 20 MHz
	Channel     int     `json:"channel" privacy:"none"`
	Width       int     `json:"width,omitempty" privacy:"none"`      // MHz in use by the PC
	Signal      int     `json:"signal_dbm,omitempty" privacy:"none"` // 0: not told
	TxMbit      float64 `json:"tx_mbit,omitempty" privacy:"none"`
	RxMbit      float64 `json:"rx_mbit,omitempty" privacy:"none"`
	Generation  int     `json:"generation,omitempty" privacy:"none"` // of the last data frames
	ConnectedS  int     `json:"connected_s,omitempty" privacy:"none"`
	InactiveMS  int     `json:"inactive_ms,omitempty" privacy:"none"`
	TxPackets   uint64  `json:"tx_packets,omitempty" privacy:"none"` // counters since association
	TxRetries   uint64  `json:"tx_retries,omitempty" privacy:"none"`
	TxFailed    uint64  `json:"tx_failed,omitempty" privacy:"none"`
	RxPackets   uint64  `json:"rx_packets,omitempty" privacy:"none"`
	BeaconLoss  uint64  `json:"beacon_loss,omitempty" privacy:"none"`
	RadioSource string  `json:"source,omitempty" privacy:"none"`
}

// BSS is one network heard.
type BSS struct {
	SSID       string   `json:"ssid" privacy:"ssid"` // escaped; empty when hidden
	Hidden     bool     `json:"hidden,omitempty" privacy:"none"`
	BSSID      string   `json:"bssid" privacy:"bssid"`
	Own        bool     `json:"own,omitempty" privacy:"none"`   // the one this PC is associated with
	Radio      int      `json:"radio" privacy:"none"`           // equal: one device sends several networks
	Freq       int      `json:"freq" privacy:"none"`            // MHz, primary 20 MHz
	Channel    int      `json:"channel" privacy:"none"`         // 0 unknown
	Width      int      `json:"width,omitempty" privacy:"none"` // MHz; 0 unknown
	Centre     int      `json:"centre,omitempty" privacy:"none"`
	Signal     int      `json:"signal_dbm,omitempty" privacy:"none"` // 0 unknown
	Security   string   `json:"security" privacy:"none"`             // open owe wep wpa1 wpa1+wpa2 wpa2 wpa2+wpa3 wpa3 …-enterprise unknown
	TKIP       bool     `json:"tkip,omitempty" privacy:"none"`
	Generation int      `json:"generation,omitempty" privacy:"none"` // Wi-Fi 4…7; 1 b, 2 a, 3 g; 0 unknown
	Load       *BSSLoad `json:"load,omitempty"`
	Country    string   `json:"country,omitempty" privacy:"none"`
	AgeMS      float64  `json:"age_ms" privacy:"none"`
	Source     string   `json:"source" privacy:"none"`
}

// BSSLoad is what an access point says about its own channel (802.11-2020
// 9.4.2.27).
type BSSLoad struct {
	Stations int     `json:"stations" privacy:"none"`
	Used     float64 `json:"used" privacy:"none"` // 0…1 of the airtime
}

// Survey is one channel as the adapter itself measured it, milliseconds since
// it began counting.
type Survey struct {
	Freq  int    `json:"freq" privacy:"none"` // MHz
	InUse bool   `json:"in_use,omitempty" privacy:"none"`
	Noise int    `json:"noise_dbm,omitempty" privacy:"none"` // 0 unknown
	Time  uint64 `json:"time" privacy:"none"`
	Busy  uint64 `json:"busy" privacy:"none"`
	HasB  bool   `json:"has_busy" privacy:"none"`
	Rx    uint64 `json:"rx" privacy:"none"`
	Tx    uint64 `json:"tx" privacy:"none"`
	OwnRx uint64 `json:"own_rx" privacy:"none"` // frames of our own network
}

// Tier says where an airtime comes from. Numbers of different tiers are never
// compared (wifi.md 2).
type Tier string

// Tiers, most trusted first.
const (
	Measured Tier = "survey"   // by this PC's adapter
	Reported Tier = "bss_load" // by an access point on the channel
	Guessed  Tier = "estimate" // from what is heard, uncalibrated
	NoTier   Tier = "none"
)

// Load is how much of the current channel's airtime is used.
type Load struct {
	Tier     Tier    `json:"tier" privacy:"none"`
	Used     float64 `json:"used" privacy:"none"`     // 0…1
	Networks int     `json:"networks" privacy:"none"` // other radios heard on frequencies of the channel
}

// Heard counts the networks that are not our own.
func (f Facts) Heard() int {
	n := 0
	for _, b := range f.BSS {
		if !b.Own {
			n++
		}
	}
	return n
}
