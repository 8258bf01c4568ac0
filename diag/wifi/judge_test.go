package wifi

import (
	"testing"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// home is a healthy association on channel 36.
func home() Facts {
	return Facts{
		Looked: diag.Yes, Air: Asked, ListAgeMS: 2000,
		Adapters: []Adapter{{Iface: "wlan0", Phy: "phy0", Driver: "iwlwifi", Up: true, Mode: "station"}},
		Link:     &Link{Iface: "wlan0", SSID: "Home", Freq: 5180, Channel: 36, Signal: -55, TxMbit: 866.7},
		BSS:      []BSS{{Own: true, SSID: "Home", Security: "wpa2", Freq: 5180}, {SSID: "Other", Security: "open", Freq: 5180, Radio: 1}},
		Load:     Load{Tier: Measured, Used: .2, Networks: 1},
	}
}

func TestJudge(t *testing.T) {
	cable := link.Facts{Links: []link.Link{{Kind: "ether", Plain: true, Up: true, Carrier: true}}}
	for name, c := range map[string]struct {
		change func(*Facts)
		wired  bool
		want   map[string]diag.Status
		misses int
	}{
		"healthy":            {func(*Facts) {}, false, map[string]diag.Status{"adapter": diag.OK, "link": diag.OK, "signal": diag.OK, "congestion": diag.OK, "security": diag.OK}, 0},
		"nobody looked":      {func(f *Facts) { *f = Facts{} }, false, map[string]diag.Status{"adapter": diag.Unknown}, 1},
		"no adapter":         {func(f *Facts) { *f = Facts{Looked: diag.Yes} }, false, map[string]diag.Status{"adapter": diag.Skipped}, 0},
		"no driver":          {func(f *Facts) { *f = Facts{Looked: diag.Yes, Driverless: 1} }, false, map[string]diag.Status{"adapter": diag.Warn}, 0},
		"switched off":       {func(f *Facts) { f.Adapters[0].Soft = true }, false, map[string]diag.Status{"adapter": diag.Fail}, 0},
		"off beside a cable": {func(f *Facts) { f.Adapters[0].Hard = true }, true, map[string]diag.Status{"adapter": diag.Skipped}, 0},
		"one of two off":     {func(f *Facts) { f.Adapters = append(f.Adapters, Adapter{Iface: "wlan1", Soft: true}) }, false, map[string]diag.Status{"adapter": diag.OK, "link": diag.OK}, 0},
		"not asked":          {func(f *Facts) { f.Air, f.Link = "", nil }, false, map[string]diag.Status{"adapter": diag.OK, "link": diag.Unknown}, 1},
		"denied":             {func(f *Facts) { f.Air, f.Link = Denied, nil }, false, map[string]diag.Status{"link": diag.Unknown}, 1},
		"no nl80211":         {func(f *Facts) { f.Air, f.Link = Missing, nil }, false, map[string]diag.Status{"link": diag.Unknown}, 1},
		"error":              {func(f *Facts) { f.Air, f.Link = Interrupt, nil }, false, map[string]diag.Status{"link": diag.Unknown}, 1},
		"not joined":         {func(f *Facts) { f.Link = nil }, false, map[string]diag.Status{"link": diag.Fail}, 0},
		"idle by cable":      {func(f *Facts) { f.Link = nil }, true, map[string]diag.Status{"link": diag.Skipped}, 0},
		"access point":       {func(f *Facts) { f.Link, f.Adapters[0].Mode = nil, "ap" }, false, map[string]diag.Status{"link": diag.Skipped}, 0},
		"fair at 5 GHz":      {func(f *Facts) { f.Link.Signal = -70 }, false, map[string]diag.Status{"signal": diag.OK}, 0},
		"poor at 5 GHz":      {func(f *Facts) { f.Link.Signal = -71 }, false, map[string]diag.Status{"signal": diag.Warn}, 0},
		"fair at 2.4 GHz":    {func(f *Facts) { f.Link.Signal, f.Link.Freq = -73, 2412 }, false, map[string]diag.Status{"signal": diag.OK}, 0},
		"bad at 2.4 GHz":     {func(f *Facts) { f.Link.Signal, f.Link.Freq = -81, 2412 }, false, map[string]diag.Status{"signal": diag.Fail}, 0},
		"signal not told":    {func(f *Facts) { f.Link.Signal = 0 }, false, map[string]diag.Status{"signal": diag.Unknown}, 1},
		"crowded":            {func(f *Facts) { f.Load.Used = .5 }, false, map[string]diag.Status{"congestion": diag.Warn}, 0},
		"guessed at 60 %":    {func(f *Facts) { f.Load = Load{Guessed, .6, 9} }, false, map[string]diag.Status{"congestion": diag.OK}, 0},
		"guessed at 70 %":    {func(f *Facts) { f.Load = Load{Guessed, .7, 12} }, false, map[string]diag.Status{"congestion": diag.Warn}, 0},
		"alone":              {func(f *Facts) { f.Load, f.ListAgeMS = Load{Tier: NoTier}, -1; f.BSS = f.BSS[:1] }, false, map[string]diag.Status{"congestion": diag.Unknown}, 1},
		"alone, with figure": {func(f *Facts) { f.ListAgeMS = -1; f.BSS = f.BSS[:1] }, false, map[string]diag.Status{"congestion": diag.OK}, 1},
		"old list":           {func(f *Facts) { f.ListAgeMS = 25_000 }, false, map[string]diag.Status{"congestion": diag.OK}, 1},
		"open":               {func(f *Facts) { f.BSS[0].Security = "open" }, false, map[string]diag.Status{"security": diag.Warn}, 0},
		"TKIP":               {func(f *Facts) { f.BSS[0].TKIP = true }, false, map[string]diag.Status{"security": diag.Warn}, 0},
		"own not in list":    {func(f *Facts) { f.BSS = f.BSS[1:] }, false, map[string]diag.Status{"security": diag.Unknown}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := home()
			c.change(&f)
			all := Section.In(diag.Facts{}, f)
			if c.wired {
				all = link.Section.In(all, cable)
			}
			j := Judge(all)
			for code, want := range c.want {
				if got := status(j, "wifi."+code); got != want {
					t.Errorf("%s is %v, want %v", code, got, want)
				}
			}
			if len(j.Unseen) != c.misses {
				t.Errorf("unseen: %v, want %d", j.Unseen, c.misses)
			}
			everythingHasWords(t, j)
		})
	}
}

func status(j diag.Judgement, code string) diag.Status {
	for _, f := range j.Findings {
		if f.Code == code {
			return f.Status
		}
	}
	return -1
}

func everythingHasWords(t *testing.T, j diag.Judgement) {
	t.Helper()
	p := text.New("en")
	var all []text.Message
	for _, f := range j.Findings {
		all = append(all, f.Message())
		for _, e := range f.Evidence {
			all = append(all, e.What)
		}
	}
	for _, u := range j.Unseen {
		all = append(all, u.What, u.Why)
	}
	for _, m := range all {
		if s := p.T(m); s == "" || s[0] == '[' {
			t.Errorf("no words for %s", m.Key)
		}
	}
}

func TestSecurityNames(t *testing.T) {
	for word, want := range map[string]string{"wpa1+wpa2": "WPA/WPA2", "wpa3-enterprise": "WPA3 Enterprise", "open": "open", "wpa2": "WPA2"} {
		if got := securityName(word, false); got != want {
			t.Errorf("%s is called %s, want %s", word, got, want)
		}
	}
	if got := securityName("wpa1", true); got != "WPA (TKIP)" {
		t.Error(got)
	}
}
