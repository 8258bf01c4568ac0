package dconf

import (
	"bytes"
	"encoding/binary"
)

// variant reads a boxed value: the data, a zero byte, the type (GVariant
// specification, 2.5.3). nil for a type that is of no use here.
func variant(b []byte) any {
	cut := bytes.LastIndexByte(b, 0)
	if cut < 0 {
		return nil
	}
	data := b[:cut]
	switch string(b[cut+1:]) {
	case "s":
		if s, ok := text(data); ok {
			return s
		}
	case "i":
		if len(data) == 4 {
			return int32(binary.LittleEndian.Uint32(data))
		}
	case "b":
		if len(data) == 1 {
			return data[0] != 0
		}
	case "as":
		if list, ok := texts(data); ok {
			return list
		}
	}
	return nil
}

// text is a string, which ends with a zero byte and holds no other.
func text(b []byte) (string, bool) {
	if len(b) == 0 || bytes.IndexByte(b, 0) != len(b)-1 {
		return "", false
	}
	return string(b[:len(b)-1]), true
}

// texts is an array of strings: the strings, then the offset of each one's
// end. Offsets are as wide as the whole array's size needs (2.3.6); nothing
// that is set as a proxy needs more than two bytes.
func texts(b []byte) ([]string, bool) {
	if len(b) == 0 {
		return []string{}, true
	}
	wide := 1
	if len(b) > 0xff {
		wide = 2
	}
	if len(b) > 0xffff || len(b) < wide {
		return nil, false
	}
	offset := func(at int) int {
		if wide == 1 {
			return int(b[at])
		}
		return int(binary.LittleEndian.Uint16(b[at:]))
	}
	table := offset(len(b) - wide) // the last string ends where the offsets begin
	if table > len(b) || (len(b)-table)%wide != 0 {
		return nil, false
	}
	out, start := []string{}, 0
	for at := table; at < len(b); at += wide {
		end := offset(at)
		if end < start || end > table {
			return nil, false
		}
		s, ok := text(b[start:end])
		if !ok {
			return nil, false
		}
		out, start = append(out, s), end
	}
	return out, true
}
