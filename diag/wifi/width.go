package wifi

// Width works out the channel a network occupies: its primary 20 MHz, its
// width and the middle, all MHz, from the newest operation element that says.
// width is 0 when that is not known; it is never 20 by default. A range that
// does not contain the primary is a lie of somebody's firmware: 20 MHz then
// (openwrt #21588).
func (e Elements) Width(freq int) (primary, width, centre int) {
	band := Band(freq)
	primary = freq
	if n := e.primaryChannel(); n != 0 && FreqOf(band, n) != 0 {
		primary = FreqOf(band, n)
	}
	width, centre = e.occupied(band, primary)
	if width > 0 && (primary-10 < centre-width/2 || primary+10 > centre+width/2) {
		return primary, 20, primary
	}
	return primary, width, centre
}

// primaryChannel as the network itself says it: on 2.4 GHz a beacon is often
// heard on a neighbouring channel.
func (e Elements) primaryChannel() int {
	switch six := e.sixGHz(); {
	case six != nil:
		return int(six[0])
	case e.HTOper != nil:
		return int(e.HTOper[0])
	}
	return e.DS
}

func (e Elements) occupied(band, primary int) (width, centre int) {
	if o := e.EHTOper; o != nil && o[0]&1 != 0 && len(o) >= 8 {
		// EHT operation information: control, CCFS0, CCFS1 behind 1+4 octets.
		return ehtWidth(band, primary, o[5]&7, int(o[6]), int(o[7]))
	}
	if six := e.sixGHz(); six != nil {
		return sixWidth(primary, six[1]&3, int(six[2]), int(six[3]))
	}
	if band == 6 {
		return 0, 0
	}
	if o := e.VHTOper; o != nil && band == 5 {
		if w, c := vhtWidth(o[0], int(o[1]), int(o[2])); w > 0 {
			return w, c
		}
	}
	return e.htWidth(primary)
}

func (e Elements) htWidth(primary int) (width, centre int) {
	switch {
	case e.HTOper == nil && (e.Truncated || e.HTCap != nil):
		return 0, 0
	case e.HTOper == nil || e.HTCap == nil:
		return 20, primary
	}
	// 40 MHz needs the capability, "any width", and a side (wifi-lens #100).
	if e.HTCap[0]&0x02 != 0 && e.HTOper[1]&0x04 != 0 {
		switch e.HTOper[1] & 0x03 {
		case 1:
			return 40, primary + 10
		case 3:
			return 40, primary - 10
		}
	}
	return 20, primary
}

// vhtWidth: 802.11-2020 table 9-274; 0 leaves it to HT. 80+80 MHz is given as
// its first half, the one with the primary.
func vhtWidth(code byte, seg0, seg1 int) (width, centre int) {
	switch code {
	case 1:
		if seg1 != 0 && abs(seg1-seg0) == 8 {
			return 160, 5000 + 5*seg1
		}
		return 80, 5000 + 5*seg0
	case 2: // deprecated
		return 160, 5000 + 5*seg0
	case 3: // deprecated
		return 80, 5000 + 5*seg0
	}
	return 0, 0
}

// sixGHz is the 6 GHz operation information inside the HE operation element:
// primary, control, seg0, seg1, lowest rate. Two optional parts come before it.
func (e Elements) sixGHz() []byte {
	o := e.HEOper
	if o == nil {
		return nil
	}
	params := uint32(o[0]) | uint32(o[1])<<8 | uint32(o[2])<<16
	at := 6
	if params&(1<<14) != 0 {
		at += 3
	}
	if params&(1<<15) != 0 {
		at++
	}
	if params&(1<<17) == 0 || len(o) < at+5 {
		return nil
	}
	return o[at : at+5]
}

func sixWidth(primary int, code byte, seg0, seg1 int) (width, centre int) {
	switch code {
	case 0:
		return 20, primary
	case 1:
		return 40, 5950 + 5*seg0
	case 2:
		return 80, 5950 + 5*seg0
	}
	if abs(seg1-seg0) == 8 {
		return 160, 5950 + 5*seg1
	}
	return 80, 5950 + 5*seg0 // 80+80
}

func ehtWidth(band, primary int, code byte, seg0, seg1 int) (width, centre int) {
	base := map[int]int{2: 2407, 5: 5000, 6: 5950}[band]
	switch {
	case code == 0:
		return 20, primary
	case code == 1:
		return 40, base + 5*seg0
	case code == 2:
		return 80, base + 5*seg0
	case code == 3:
		return 160, base + 5*seg1
	case code == 4:
		return 320, base + 5*seg1
	}
	return 0, 0
}

func abs(n int) int { return max(n, -n) }
