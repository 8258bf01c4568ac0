package wifi

import (
	"bytes"
	"testing"
	"unicode"
	"unicode/utf8"
)

// el encodes one element.
func el(id byte, body ...byte) []byte { return append([]byte{id, byte(len(body))}, body...) }

// ext encodes an extended element.
func ext(id byte, body ...byte) []byte { return el(idExt, append([]byte{id}, body...)...) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func htCap(wide bool) []byte {
	body := make([]byte, 26)
	if wide {
		body[0] = 0x02
	}
	return el(idHTC, body...)
}

func htOper(primary, sub byte) []byte {
	return el(idHTO, append([]byte{primary, sub}, make([]byte, 20)...)...)
}

func vht(code, seg0, seg1 byte) []byte {
	return join(el(idVHTC, make([]byte, 12)...), el(idVHTO, code, seg0, seg1, 0, 0))
}

// he6 is an HE operation element with 6 GHz information; vhtToo puts the
// optional parts before it.
func he6(vhtToo bool, info ...byte) []byte {
	body := []byte{0, 0, 2, 0, 0, 0}
	if vhtToo {
		body = []byte{0, 0xc0, 2, 0, 0, 0, 1, 42, 0, 9}
	}
	return join(ext(extHECap, make([]byte, 20)...), ext(extHEOper, append(body, info...)...))
}

func eht(info ...byte) []byte {
	params := byte(0)
	if len(info) > 0 {
		params = 1
	}
	return join(ext(extEHTCap, make([]byte, 10)...), ext(extEHTOper, append([]byte{params, 0, 0, 0, 0}, info...)...))
}

func TestWidth(t *testing.T) {
	for name, c := range map[string]struct {
		freq                   int
		elements               []byte
		primary, width, centre int
	}{
		"legacy":                          {2437, el(idRate, 0x82, 0x84), 2437, 20, 2437},
		"heard beside its channel":        {2437, el(idDS, 11), 2462, 20, 2462},
		"HT20":                            {2412, join(htCap(true), htOper(1, 0)), 2412, 20, 2412},
		"HT40 above":                      {2412, join(htCap(true), htOper(1, 0x05)), 2412, 40, 2422},
		"HT40 below":                      {2462, join(htCap(true), htOper(11, 0x07)), 2462, 40, 2452},
		"offset without any-width":        {2462, join(htCap(true), htOper(11, 0x03)), 2462, 20, 2462},
		"offset without the capability":   {2462, join(htCap(false), htOper(11, 0x07)), 2462, 20, 2462},
		"capability without operation":    {2462, htCap(true), 2462, 0, 0},
		"VHT leaves it to HT":             {5180, join(htCap(true), htOper(36, 0x05), vht(0, 38, 0)), 5180, 40, 5190},
		"VHT80":                           {5220, join(htCap(true), htOper(44, 0x05), vht(1, 42, 0)), 5220, 80, 5210},
		"VHT160 by two segments":          {5180, join(htCap(true), htOper(36, 0x05), vht(1, 42, 50)), 5180, 160, 5250},
		"VHT160 deprecated":               {5180, join(htCap(true), htOper(36, 0x05), vht(2, 50, 0)), 5180, 160, 5250},
		"80+80 is its first half":         {5180, join(htCap(true), htOper(36, 0x05), vht(1, 42, 155)), 5180, 80, 5210},
		"range without the primary":       {5180, join(htCap(true), htOper(36, 0x05), vht(1, 155, 0)), 5180, 20, 5180},
		"6 GHz 160 (openwrt #18240)":      {5955, he6(false, 1, 3, 7, 15, 6), 5955, 160, 6025},
		"6 GHz 160 behind VHT":            {6855, he6(true, 181, 3, 183, 175, 6), 6855, 160, 6825},
		"6 GHz 80":                        {5955, he6(false, 1, 2, 7, 0, 6), 5955, 80, 5985},
		"6 GHz, not told":                 {5955, ext(extHECap), 5955, 0, 0},
		"EHT320 (openwrt #19208)":         {6115, join(he6(false, 33, 3, 39, 47, 6), eht(4, 47, 63)), 6115, 320, 6265},
		"EHT without information is HE's": {6115, join(he6(false, 33, 3, 39, 47, 6), eht()), 6115, 160, 6185},
		"EHT80 on 5 GHz":                  {5745, join(htCap(true), htOper(149, 5), vht(1, 155, 0), eht(2, 155, 0)), 5745, 80, 5775},
		"cut before the operation":        {5180, []byte{idHTC, 26, 1}, 5180, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			primary, width, centre := ParseElements(c.elements).Width(c.freq)
			if primary != c.primary || width != c.width || centre != c.centre {
				t.Errorf("primary %d width %d centre %d, want %d %d %d", primary, width, centre, c.primary, c.width, c.centre)
			}
		})
	}
}

// suites encodes version, group, pairwise and AKM lists, capabilities.
func suites(oui string, group byte, pairwise, akm []byte, caps ...byte) []byte {
	b := append([]byte{1, 0}, oui...)
	b = append(b, group)
	for _, list := range [][]byte{pairwise, akm} {
		b = append(b, byte(len(list)), 0)
		for _, kind := range list {
			b = append(append(b, oui...), kind)
		}
	}
	return append(b, caps...)
}

func TestSecurity(t *testing.T) {
	rsn := func(akm ...byte) []byte { return el(idRSN, suites(ieeeOUI, 4, []byte{4}, akm, 0, 0)...) }
	wpa := el(idVend, append([]byte("\x00\x50\xf2\x01"), suites(microsoftOUI, 2, []byte{2}, []byte{2})...)...)
	for name, c := range map[string]struct {
		elements   []byte
		capability uint16
		word       string
		tkip       bool
	}{
		"open":               {nil, 0x0401, "open", false},
		"WEP":                {nil, 0x0411, "wep", false},
		"WPA1":               {wpa, 0x0411, "wpa1", true},
		"mixed":              {join(rsn(2), wpa), 0x0411, "wpa1+wpa2", true},
		"WPA2":               {rsn(2), 0x0411, "wpa2", false},
		"transition":         {rsn(2, 8), 0x0411, "wpa2+wpa3", false},
		"WPA3":               {rsn(8, 24), 0x0411, "wpa3", false},
		"OWE":                {rsn(18), 0x0411, "owe", false},
		"enterprise":         {rsn(1), 0x0411, "wpa2-enterprise", false},
		"enterprise 192":     {rsn(12), 0x0411, "wpa3-enterprise", false},
		"enterprise, PMF":    {el(idRSN, suites(ieeeOUI, 4, []byte{4}, []byte{5}, 0xc0, 0)...), 0x0411, "wpa3-enterprise", false},
		"TKIP in WPA2":       {el(idRSN, suites(ieeeOUI, 2, []byte{4, 2}, []byte{2})...), 0x0411, "wpa2", true},
		"version alone":      {el(idRSN, 1, 0), 0x0411, "wpa2-enterprise", false},
		"unheard-of AKM":     {rsn(99), 0x0411, "unknown", false},
		"another vendor's":   {el(idRSN, suites("\x01\x02\x03", 4, []byte{4}, []byte{2})...), 0x0411, "unknown", false},
		"cut before the RSN": {[]byte{idRSN, 20, 1, 0}, 0x0411, "unknown", false},
	} {
		t.Run(name, func(t *testing.T) {
			word, tkip := ParseElements(c.elements).Security(c.capability)
			if word != c.word || tkip != c.tkip {
				t.Errorf("%s tkip=%v, want %s tkip=%v", word, tkip, c.word, c.tkip)
			}
		})
	}
}

func TestElementDetails(t *testing.T) {
	e := ParseElements(join(el(idSSID), el(idCtry, 'D', 'E', 4, 1, 13, 20), el(idLoad, 14, 0, 180, 0, 0), el(idSSID, 'l', 'a', 't', 'e'), []byte{7, 200, 1}))
	if string(e.SSID) != "late" || e.Country != "DE" || e.Load == nil || e.Load.Stations != 14 || !e.Truncated {
		t.Errorf("%+v", e)
	}
	if used := e.Load.Used; used < 0.705 || used > 0.707 {
		t.Errorf("load %v", used)
	}
	for want, rates := range map[int][]byte{1: {0x82, 0x84, 0x8b, 0x96, 0xff}, 3: {0x82, 0x8c}, 0: nil} {
		if got := ParseElements(el(idRate, rates...)).Generation(2412); got != want {
			t.Errorf("rates %x: generation %d, want %d", rates, got, want)
		}
	}
	if got := ParseElements(vht(1, 42, 0)).Generation(2412); got == 5 {
		t.Error("VHT on 2.4 GHz is not Wi-Fi 5")
	}
}

func TestShowSSID(t *testing.T) {
	for raw, want := range map[string]string{
		"":                          "",
		"\x00\x00\x00\x00":          "",
		"\x1b]0;pwn\x07\x1b[2Jevil": `\x1b]0;pwn\x07\x1b[2Jevil`,
		"\xd6\xd0\xce\xc4":          `\xd6\xd0\xce\xc4`,
		"\xd6ok":                    `\xd6ok`,
		"testi-åäö":                 "testi-åäö",
		"Bäckerei Gäste":            "Bäckerei Gäste",
		"\u202egnp":                 `\u202egnp`,
		"\u009b2J":                  `\u009b2J`,
		" %s%s%n":                   `\x20%s%s%n`,
		"end ":                      `end\x20`,
		"   ":                       `\x20\x20\x20`,
	} {
		got, hidden := ShowSSID([]byte(raw))
		if got != want || hidden != (want == "") {
			t.Errorf("%q is shown as %q (hidden %v), want %q", raw, got, hidden, want)
		}
	}
}

func FuzzShowSSID(f *testing.F) {
	f.Add([]byte("\x1b[31m"))
	f.Add([]byte("\xff\u202e "))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, _ := ShowSSID(b[:min(len(b), 32)])
		if !utf8.ValidString(s) {
			t.Fatalf("%q is not UTF-8", s)
		}
		for _, r := range s {
			if unicode.Is(unicode.C, r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%q lets %U through", s, r)
			}
		}
	})
}

func FuzzElements(f *testing.F) {
	f.Add(join(htCap(true), htOper(36, 5), vht(1, 42, 50)), 5180)
	f.Add(join(he6(true, 181, 3, 183, 175, 6), eht(4, 47, 63)), 6855)
	f.Add(join(el(idRSN, suites(ieeeOUI, 4, []byte{4}, []byte{2}, 0, 0)...), el(idLoad, 1, 0, 2, 0, 0)), 2412)
	f.Add([]byte{idHTO, 22, 0}, 0)
	f.Fuzz(func(t *testing.T, b []byte, freq int) {
		e := ParseElements(b)
		primary, width, centre := e.Width(freq)
		if width != 0 && (primary-10 < centre-width/2 || primary+10 > centre+width/2) {
			t.Fatalf("primary %d is outside %d MHz around %d", primary, width, centre)
		}
		if word, _ := e.Security(0); word == "" {
			t.Fatal("no word for security")
		}
		e.Generation(freq)
		if e.Load != nil && (e.Load.Used < 0 || e.Load.Used > 1) {
			t.Fatalf("load %v", e.Load.Used)
		}
	})
}

func TestChannelNumbers(t *testing.T) {
	for freq, want := range map[int]int{2412: 1, 2472: 13, 2484: 14, 5180: 36, 5885: 177, 5935: 2, 5955: 1, 7115: 233, 2413: 1, 900: 0} {
		if got := ChannelOf(freq); got != want {
			t.Errorf("%d MHz is channel %d, want %d", freq, got, want)
		}
	}
	for _, freq := range []int{2412, 2484, 5180, 5745, 5935, 5955, 7115} {
		if got := FreqOf(Band(freq), ChannelOf(freq)); got != freq {
			t.Errorf("%d MHz comes back as %d", freq, got)
		}
	}
}
