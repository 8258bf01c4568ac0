package wifi

// Band is 2, 5 or 6 (GHz); 0 for anything else.
func Band(freq int) int {
	switch {
	case freq >= 2400 && freq <= 2500:
		return 2
	case freq == 5935 || freq >= 5945 && freq <= 7125:
		return 6
	case freq >= 5000 && freq < 5945:
		return 5
	}
	return 0
}

// ChannelOf gives the channel number of a 20 MHz centre in MHz; 0 when it is
// none (802.11-2020 E.1; operating class 136 for 5935 MHz).
func ChannelOf(freq int) int {
	switch Band(freq) {
	case 2:
		if freq == 2484 {
			return 14
		}
		if n := (freq - 2407) / 5; n >= 1 && n <= 13 {
			return n
		}
	case 5:
		return (freq - 5000) / 5
	case 6:
		if freq == 5935 {
			return 2
		}
		return (freq - 5950) / 5
	}
	return 0
}

// FreqOf is the inverse of [ChannelOf]; it also takes the centre numbers of
// wider channels. 0 when there is no such channel.
func FreqOf(band, channel int) int {
	switch {
	case channel < 1 || channel > 253:
		return 0
	case band == 2 && channel == 14:
		return 2484
	case band == 2 && channel <= 13:
		return 2407 + 5*channel
	case band == 5 && channel < 189:
		return 5000 + 5*channel
	case band == 6 && channel == 2:
		return 5935
	case band == 6:
		return 5950 + 5*channel
	}
	return 0
}

// span is the range of frequencies a network occupies, MHz.
type span struct{ low, high int }

func (s span) overlap(t span) bool { return s.low < t.high && t.low < s.high }

// spanOf is the occupied range; a network of unknown width occupies at least
// its primary 20 MHz.
func (b BSS) spanOf() span {
	if b.Width == 0 || b.Centre == 0 {
		return span{b.Freq - 10, b.Freq + 10}
	}
	return span{b.Centre - b.Width/2, b.Centre + b.Width/2}
}
