package wifi

import (
	"encoding/binary"
	"iter"
)

// attrs walks netlink attributes (linux/netlink.h: length, type, data padded
// to four). It is tolerant where the library is not: a damaged tail ends the
// walk, and what came before it stays.
func attrs(b []byte) iter.Seq2[uint16, []byte] {
	const header, typeMask = 4, 0x3fff // the top bits say nested and byte order
	return func(yield func(uint16, []byte) bool) {
		for len(b) >= header {
			size := int(binary.NativeEndian.Uint16(b))
			if size < header || size > len(b) {
				return
			}
			if !yield(binary.NativeEndian.Uint16(b[2:])&typeMask, b[header:size]) {
				return
			}
			b = b[min((size+3)&^3, len(b)):]
		}
	}
}

// uintOf reads an unsigned number of whatever size the kernel sent; anything
// else is 0.
func uintOf(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.NativeEndian.Uint16(b))
	case 4:
		return uint64(binary.NativeEndian.Uint32(b))
	case 8:
		return binary.NativeEndian.Uint64(b)
	}
	return 0
}

// int8Of and int32Of read signed numbers, such as dBm and mBm.
func int8Of(b []byte) int {
	if len(b) < 1 {
		return 0
	}
	return int(int8(b[0]))
}

func int32Of(b []byte) int {
	if len(b) != 4 {
		return 0
	}
	return int(int32(binary.NativeEndian.Uint32(b)))
}

// cstring is a string up to its NUL.
func cstring(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

func nativeUint32(b []byte, n uint32) { binary.NativeEndian.PutUint32(b, n) }
