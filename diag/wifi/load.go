package wifi

import "strconv"

const (
	staleMS = 30_000 // older entries are not in the air any more (cfg80211 drops them then, too)
	// A survey row must cover at least one dwell of a scan to mean anything.
	leastDwellMS = 20
)

// airtime says how much of the channel at link.Freq is used, from the best
// source there is (wifi.md 2, tiers A to C). It is pure.
func airtime(f Facts) Load {
	none := Load{Tier: NoTier}
	if f.Link == nil || f.Link.Freq == 0 {
		return none
	}
	none.Networks = f.sharing()
	if used, ok := f.measured(); ok {
		return Load{Measured, used, none.Networks}
	}
	if used, ok := f.reported(); ok {
		return Load{Reported, used, none.Networks}
	}
	if f.Heard() == 0 {
		return none // a list of only ourselves says nothing about the air
	}
	return Load{Guessed, f.guessed(), none.Networks}
}

// measured is tier A: (busy − tx − own rx) / (time − tx) of the row in use.
// Drivers leave rows empty, count backwards, or count what they do not have:
// those rows are not used (mt76 #961, ath10k-ct #100). mac80211_hwsim makes its
// numbers up.
func (f Facts) measured() (float64, bool) {
	for _, a := range f.Adapters {
		if a.Iface == f.Link.Iface && a.Driver == "mac80211_hwsim" {
			return 0, false
		}
	}
	for _, s := range f.Survey {
		if s.InUse && s.Freq == f.Link.Freq {
			return s.used()
		}
	}
	return 0, false
}

func (s Survey) used() (float64, bool) {
	busy := s.Busy
	if !s.HasB {
		busy = s.Rx
	}
	// All comparisons are made without subtracting first: the counters are unsigned.
	if s.Time < leastDwellMS || busy > s.Time || s.Tx >= s.Time || s.Tx > busy || s.OwnRx > busy-s.Tx || busy == 0 {
		return 0, false
	}
	return float64(busy-s.Tx-s.OwnRx) / float64(s.Time-s.Tx), true
}

// since is what was counted after an earlier look at the same channel. When
// any counter went backwards the driver began anew, and the later row alone
// counts.
func (s Survey) since(before Survey) Survey {
	if s.Time <= before.Time || s.Busy < before.Busy || s.Rx < before.Rx || s.Tx < before.Tx || s.OwnRx < before.OwnRx {
		return s
	}
	s.Time, s.Busy, s.Rx, s.Tx, s.OwnRx = s.Time-before.Time, s.Busy-before.Busy, s.Rx-before.Rx, s.Tx-before.Tx, s.OwnRx-before.OwnRx
	return s
}

// reported is tier B: the highest figure of an access point whose primary
// channel is ours, trusted less the weaker it is heard.
func (f Facts) reported() (float64, bool) {
	used, any := 0.0, false
	for _, b := range f.BSS {
		if b.Load == nil || b.Freq != f.Link.Freq || b.AgeMS > staleMS {
			continue
		}
		trust := 1.0
		if b.Signal != 0 {
			trust = clamp(0.5+float64(b.Signal+95)/40, 0.5, 1)
		}
		used, any = max(used, b.Load.Used*trust), true
	}
	return used, any
}

// guessed is tier C: every foreign radio takes a share d of the air, more when
// it sends several networks, less when it is weak or off the channel.
func (f Facts) guessed() float64 {
	share := 0.05
	if Band(f.Link.Freq) == 2 {
		share = 0.10
	}
	free := 1.0
	for _, r := range f.foreignRadios() {
		d := min(share*(1+0.1*float64(r.networks-1)), 0.5)
		strength := 0.35 // heard, but nobody said how loud
		if r.Signal != 0 {
			strength = clamp(float64(r.Signal+92)/20, 0, 1)
		}
		free *= 1 - d*strength*r.weight(f.Link.Freq)
	}
	return 1 - free
}

// weight is how much of a radio falls into the 20 MHz channel at freq. On
// 2.4 GHz neighbouring channels leak (hostapd src/ap/acs.c, and .20 at 15 MHz).
func (b BSS) weight(freq int) float64 {
	if Band(b.Freq) != Band(freq) {
		return 0
	}
	s := b.spanOf()
	if Band(freq) != 2 {
		if s.overlap(span{freq - 10, freq + 10}) {
			return 1
		}
		return 0
	}
	distance := 1000
	for c := s.low + 10; c <= s.high-10; c += 20 {
		distance = min(distance, abs(c-freq))
	}
	switch {
	case distance <= 2:
		return 1
	case distance <= 5:
		return 0.85
	case distance <= 10:
		return 0.55
	case distance <= 15:
		return 0.20
	}
	return 0
}

type radio struct {
	BSS
	networks int
}

// foreignRadios are the senders that are not ours, each by its strongest
// network.
func (f Facts) foreignRadios() []radio {
	own := -1
	for _, b := range f.BSS {
		if b.Own {
			own = b.Radio
		}
	}
	var out []radio
	at := map[int]int{}
	for _, b := range f.BSS {
		if b.Radio == own || b.AgeMS > staleMS {
			continue
		}
		i, seen := at[b.Radio]
		if !seen {
			at[b.Radio] = len(out)
			out = append(out, radio{b, 1})
			continue
		}
		out[i].networks++
		if b.Signal > out[i].Signal {
			out[i].BSS = b
		}
	}
	return out
}

// sharing counts foreign radios on frequencies of our channel.
func (f Facts) sharing() int {
	n := 0
	for _, r := range f.foreignRadios() {
		if r.weight(f.Link.Freq) > 0 {
			n++
		}
	}
	return n
}

// numberRadios gives networks of one sender the same number: same channel and
// width, addresses that differ only in the first octet and the last four
// bits, and strengths within 6 dB (wifi.md 2).
func numberRadios(list []BSS) {
	for i := range list {
		list[i].Radio = i
		for j := range i {
			if list[i].sameRadio(list[j]) {
				list[i].Radio = list[j].Radio
				break
			}
		}
	}
}

func (b BSS) sameRadio(o BSS) bool {
	return b.Freq == o.Freq && b.Width == o.Width && abs(b.Signal-o.Signal) <= 6 && device(b.BSSID) != "" && device(b.BSSID) == device(o.BSSID)
}

// device is the part of a BSSID that virtual access points share.
func device(bssid string) string {
	const form = len("00:11:22:33:44:55")
	if len(bssid) != form {
		return ""
	}
	if _, err := strconv.ParseUint(bssid[:2], 16, 8); err != nil {
		return ""
	}
	return bssid[2 : form-1]
}

func clamp(x, low, high float64) float64 { return max(low, min(high, x)) }
