package journal

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// crockford is the alphabet of ULIDs (github.com/ulid/spec): no I, L, O, U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID returns a ULID: 48 bits of milliseconds, 80 random bits. IDs sort by
// age even when the clock was set back: the time is never before that of
// newest, the newest ID there is ("" for none).
func newID(now time.Time, newest string) string {
	ms := uint64(max(0, now.UnixMilli()))
	if last, ok := millis(newest); ok && ms <= last {
		ms = last + 1
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], ms<<16)
	rand.Read(b[6:]) // never fails: crypto/rand
	out := make([]byte, 26)
	hi, lo := binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])
	for i := 25; i >= 0; i-- {
		out[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out)
}

// millis reads the time of an ID; false for what is none.
func millis(id string) (uint64, bool) {
	if !isID(id) {
		return 0, false
	}
	var ms uint64
	for i := range 10 {
		ms = ms<<5 | uint64(digit(id[i]))
	}
	return ms, true
}

// isID accepts exactly what newID makes, so that no name from outside becomes
// a path.
func isID(id string) bool {
	if len(id) != 26 || id[0] > '7' {
		return false
	}
	for i := range len(id) {
		if digit(id[i]) < 0 {
			return false
		}
	}
	return true
}

func digit(c byte) int {
	for i := range len(crockford) {
		if crockford[i] == c {
			return i
		}
	}
	return -1
}
