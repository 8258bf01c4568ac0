// Package dconf reads the databases that desktop settings live in (dconf(7)),
// without the service or its library: a support session has neither the
// desktop's bus nor its user, and the file says the same.
//
// The file is a GVDB hash table (GNOME/gvdb, gvdb-format.h) whose values are
// boxed GVariants. Everything in it counts as hostile: no length is believed.
package dconf

import (
	"encoding/binary"
	"errors"
)

// Values are the settings of a database by their whole path,
// "/system/proxy/mode". A value is a string, an int32, a bool or a []string;
// those of other types are left out.
type Values map[string]any

// ErrFormat says that a file is no database of this kind.
var ErrFormat = errors.New("not a dconf database")

const (
	signature  = "GVariant" // of a file in little-endian order; others are not read
	headerLen  = 24
	itemLen    = 24 // struct gvdb_hash_item
	noParent   = 0xffffffff
	bloomShift = 27 // the upper bits of the first word are the bloom filter's shift
	deepest    = 32 // folders; a chain of parents that is longer runs in a circle
)

// table is the file and its list of items.
type table struct{ file, items []byte }

// Parse reads a whole database.
func Parse(b []byte) (Values, error) {
	if len(b) < headerLen || string(b[:8]) != signature {
		return nil, ErrFormat
	}
	root, ok := span(b, b[16:])
	if !ok || len(root) < 8 {
		return nil, ErrFormat
	}
	words := uint64(binary.LittleEndian.Uint32(root) & (1<<bloomShift - 1))
	buckets := uint64(binary.LittleEndian.Uint32(root[4:]))
	skip := 8 + 4*words + 4*buckets
	if skip > uint64(len(root)) {
		return nil, ErrFormat
	}
	t := table{file: b, items: root[skip:]}
	out := Values{}
	for i := range len(t.items) / itemLen {
		item := t.item(i)
		if item[14] != 'v' {
			continue // a folder, or a table of its own
		}
		key, ok := t.path(i)
		raw, whole := span(b, item[16:])
		if value := variant(raw); ok && whole && value != nil {
			out[key] = value
		}
	}
	return out, nil
}

// span is the part of the file that a struct gvdb_pointer means.
func span(file, pointer []byte) ([]byte, bool) {
	start, end := binary.LittleEndian.Uint32(pointer), binary.LittleEndian.Uint32(pointer[4:])
	if start > end || uint64(end) > uint64(len(file)) {
		return nil, false
	}
	return file[start:end], true
}

func (t table) item(i int) []byte { return t.items[i*itemLen : (i+1)*itemLen] }

// path joins an item's name to those of its parents.
func (t table) path(i int) (string, bool) {
	name := ""
	for range deepest {
		item := t.item(i)
		start, size := uint64(binary.LittleEndian.Uint32(item[8:])), uint64(binary.LittleEndian.Uint16(item[12:]))
		if start+size > uint64(len(t.file)) {
			return "", false
		}
		name = string(t.file[start:start+size]) + name
		parent := binary.LittleEndian.Uint32(item[4:])
		if parent == noParent {
			return name, true
		}
		if uint64(parent) >= uint64(len(t.items)/itemLen) {
			return "", false
		}
		i = int(parent)
	}
	return "", false
}
