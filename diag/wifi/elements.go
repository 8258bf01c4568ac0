package wifi

import "encoding/binary"

// maxElements bounds what one network may make us parse, in bytes.
const maxElements = 4 << 10

// Elements are the parts of a beacon or probe response that matter here
// (802.11-2020 9.4.2, 802.11ax, 802.11be). What was not sent is nil or zero.
type Elements struct {
	SSID      []byte // as sent
	HasSSID   bool
	Rates     []byte // supported and extended, in units of 500 kbit/s, bit 7 basic
	DS        int    // channel of the DS parameter set
	Country   string // two letters
	Load      *BSSLoad
	HTCap     []byte
	HTOper    []byte
	VHTCap    bool
	VHTOper   []byte
	HECap     bool
	HEOper    []byte // without the extension ID
	EHTCap    bool
	EHTOper   []byte
	RSN       *Suites
	WPA       *Suites
	OWEPair   bool // an open network with an encrypted twin (OWE transition)
	Truncated bool // the last element was cut: what was not seen may have been sent
}

// Element identifiers; 255 is extended by the first octet of its body.
const (
	idSSID = 0
	idRate = 1
	idDS   = 3
	idCtry = 7
	idLoad = 11
	idHTC  = 45
	idRSN  = 48
	idXRat = 50
	idHTO  = 61
	idVHTC = 191
	idVHTO = 192
	idVend = 221
	idExt  = 255

	extHECap   = 35
	extHEOper  = 36
	extEHTOper = 106
	extEHTCap  = 108
)

// ParseElements reads elements one after the other. A truncated tail ends it
// and what was read stays: many captures end in a checksum that looks like an
// element. Of an element sent twice the first counts, except that a name that
// is hidden in the beacon is taken from the probe response. Slices of the
// result point into b.
func ParseElements(b []byte) Elements {
	var e Elements
	e.Truncated = len(b) > maxElements
	b = b[:min(len(b), maxElements)]
	for len(b) >= 2 {
		id, size := b[0], int(b[1])
		if 2+size > len(b) {
			e.Truncated = true
			return e
		}
		e.take(id, b[2:2+size])
		b = b[2+size:]
	}
	e.Truncated = e.Truncated || len(b) > 0
	return e
}

func (e *Elements) take(id byte, body []byte) {
	switch id {
	case idSSID:
		if _, hidden := ShowSSID(body); len(body) <= 32 && (!e.HasSSID || !hidden && e.hidden()) {
			e.SSID, e.HasSSID = body, true
		}
	case idRate, idXRat:
		e.Rates = append(e.Rates, body...)
	case idDS:
		if len(body) == 1 {
			e.DS = int(body[0])
		}
	case idCtry:
		if len(body) >= 3 && letter(body[0]) && letter(body[1]) {
			e.Country = string(body[:2])
		}
	case idLoad:
		// The first QBSS version had four octets, with the same beginning.
		if e.Load == nil && (len(body) == 5 || len(body) == 4) {
			e.Load = &BSSLoad{Stations: int(binary.LittleEndian.Uint16(body)), Used: float64(body[2]) / 255}
		}
	case idHTC:
		first(&e.HTCap, body, 26)
	case idHTO:
		first(&e.HTOper, body, 22)
	case idVHTC:
		e.VHTCap = e.VHTCap || len(body) >= 12
	case idVHTO:
		first(&e.VHTOper, body, 5)
	case idRSN:
		if e.RSN == nil {
			e.RSN = parseSuites(body, ieeeOUI)
		}
	case idVend:
		e.vendor(body)
	case idExt:
		e.extended(body)
	}
}

func (e *Elements) hidden() bool {
	_, h := ShowSSID(e.SSID)
	return h
}

func (e *Elements) extended(body []byte) {
	if len(body) == 0 {
		return
	}
	switch body[0] {
	case extHECap:
		e.HECap = true
	case extHEOper:
		first(&e.HEOper, body[1:], 6)
	case extEHTCap:
		e.EHTCap = true
	case extEHTOper:
		first(&e.EHTOper, body[1:], 5)
	}
}

// vendor reads the vendor elements that say something about security.
func (e *Elements) vendor(body []byte) {
	if len(body) < 4 {
		return
	}
	switch string(body[:4]) {
	case "\x00\x50\xf2\x01":
		if e.WPA == nil {
			e.WPA = parseSuites(body[4:], microsoftOUI)
		}
	case "\x50\x6f\x9a\x1c":
		e.OWEPair = true
	}
}

func first(into *[]byte, body []byte, least int) {
	if *into == nil && len(body) >= least {
		*into = body
	}
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' }

// Generation is the Wi-Fi number the network offers: 7 EHT, 6 HE, 5 VHT, 4 HT;
// before the numbers 3 is g, 2 a, 1 b. 0 unknown.
func (e Elements) Generation(freq int) int {
	switch {
	case e.EHTCap:
		return 7
	case e.HECap:
		return 6
	case e.VHTCap && Band(freq) != 2: // vendors send VHT on 2.4 GHz too; it is Wi-Fi 4 there
		return 5
	case e.HTCap != nil:
		return 4
	case e.Truncated || len(e.Rates) == 0:
		return 0
	case Band(freq) == 5:
		return 2
	}
	for _, r := range e.Rates {
		// 802.11b has 1, 2, 5.5 and 11 Mbit/s; 0x7a to 0x7f are membership
		// selectors, not rates.
		switch v := r & 0x7f; {
		case v == 2, v == 4, v == 11, v == 22, v >= 0x7a:
		default:
			return 3
		}
	}
	return 1
}
