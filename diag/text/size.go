package text

import "strconv"

// Size says a number of bytes the way disks are sold and file managers count:
// in powers of 1000 with one decimal below ten ("1.9 GB", "250 MB", "0 bytes").
func Size(bytes uint64) string {
	if bytes < 1000 {
		return strconv.FormatUint(bytes, 10) + " bytes"
	}
	value, unit := float64(bytes), 0
	units := [...]string{"", " kB", " MB", " GB", " TB", " PB", " EB"}
	for value >= 999.5 {
		value /= 1000
		unit++
	}
	digits := 0
	if value < 9.95 {
		digits = 1
	}
	return strconv.FormatFloat(value, 'f', digits, 64) + units[unit]
}

// Percent says 0 to 100 without false precision: whole numbers, one decimal
// below ten, and "0" only for nothing at all.
func Percent(p float64) string {
	switch {
	case p <= 0:
		return "0"
	case p < 0.1:
		return "<0.1"
	case p < 9.95:
		return strconv.FormatFloat(p, 'f', 1, 64)
	}
	return strconv.FormatFloat(p, 'f', 0, 64)
}
