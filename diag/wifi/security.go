package wifi

import "encoding/binary"

const (
	ieeeOUI      = "\x00\x0f\xac"
	microsoftOUI = "\x00\x50\xf2"
)

// Suites are the ciphers and keys an RSN or WPA element offers (802.11-2020
// 9.4.2.24). Everything after the version is optional.
type Suites struct {
	Group    byte
	Pairwise []byte
	AKM      []byte
	PMFMust  bool // management frame protection required
	PMFCan   bool
}

// Cipher suite types.
const (
	cipherTKIP  = 2
	cipherCCMP  = 4
	akmDot1X    = 1
	maxOfSuites = 64
)

// parseSuites keeps what came before the end of a short element. Suites of
// other vendors are 0.
func parseSuites(b []byte, oui string) *Suites {
	if len(b) < 2 {
		return nil
	}
	s := &Suites{Group: cipherCCMP}
	b = b[2:]
	one := func() byte {
		kind := byte(0)
		if string(b[:3]) == oui {
			kind = b[3]
		}
		b = b[4:]
		return kind
	}
	if len(b) < 4 {
		return s.defaults()
	}
	s.Group = one()
	for _, list := range []*[]byte{&s.Pairwise, &s.AKM} {
		if len(b) < 2 {
			return s.defaults()
		}
		n := int(binary.LittleEndian.Uint16(b))
		b = b[2:]
		for ; n > 0 && len(b) >= 4 && len(*list) < maxOfSuites; n-- {
			*list = append(*list, one())
		}
	}
	if len(b) >= 2 {
		caps := binary.LittleEndian.Uint16(b)
		s.PMFMust, s.PMFCan = caps&(1<<6) != 0, caps&(1<<7) != 0
	}
	return s.defaults()
}

func (s *Suites) defaults() *Suites {
	if s.Pairwise == nil {
		s.Pairwise = []byte{cipherCCMP}
	}
	if s.AKM == nil {
		s.AKM = []byte{akmDot1X}
	}
	return s
}

// akmKind sorts authentication suites (802.11-2020 table 9-151, 802.11be).
var akmKind = map[byte]string{
	2: "psk", 4: "psk", 6: "psk", 19: "psk", 20: "psk",
	8: "sae", 9: "sae", 24: "sae", 25: "sae",
	1: "eap", 3: "eap", 5: "eap", 11: "eap", 14: "eap", 15: "eap", 16: "eap", 17: "eap", 22: "eap", 23: "eap",
	12: "eap192", 13: "eap192", 18: "owe",
}

// privacyBit of the capability field: some encryption is asked for.
const privacyBit = 1 << 4

// Security is one word for how the network is protected, and whether TKIP is
// still allowed. capability is the beacon's capability field.
func (e Elements) Security(capability uint16) (word string, tkip bool) {
	tkip = e.RSN.tkip() || e.WPA.tkip()
	switch {
	case e.RSN != nil:
		word = e.RSN.word()
		if e.WPA != nil && word != "unknown" {
			word = "wpa1+" + word
		}
	case e.WPA != nil:
		word = "wpa1"
	case capability&privacyBit != 0 && e.Truncated:
		word = "unknown"
	case capability&privacyBit != 0:
		word = "wep"
	case e.Truncated:
		word = "unknown"
	default:
		word = "open"
	}
	return word, tkip
}

func (s *Suites) tkip() bool {
	if s == nil {
		return false
	}
	if s.Group == cipherTKIP {
		return true
	}
	for _, c := range s.Pairwise {
		if c == cipherTKIP {
			return true
		}
	}
	return false
}

func (s *Suites) word() string {
	kinds := map[string]bool{}
	for _, a := range s.AKM {
		kinds[akmKind[a]] = true
	}
	switch {
	case kinds["sae"] && kinds["psk"]:
		return "wpa2+wpa3"
	case kinds["sae"]:
		return "wpa3"
	case kinds["eap192"], kinds["eap"] && s.PMFMust:
		return "wpa3-enterprise"
	case kinds["eap"]:
		return "wpa2-enterprise"
	case kinds["psk"]:
		return "wpa2"
	case kinds["owe"]:
		return "owe"
	}
	return "unknown"
}
