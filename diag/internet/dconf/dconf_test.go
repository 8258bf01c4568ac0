package dconf

import (
	"encoding/binary"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// read reads a database that dconf(1) 0.40 itself compiled.
func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParse(t *testing.T) {
	for name, want := range map[string]Values{
		"manual": {
			"/org/gnome/desktop/interface/gtk-theme": "Adwaita",
			"/system/proxy/mode":                     "manual",
			"/system/proxy/ignore-hosts":             []string{"localhost", "127.0.0.0/8", "::1", "*.corp.example"},
			"/system/proxy/http/host":                "192.168.1.9",
			"/system/proxy/http/port":                int32(3128),
			"/system/proxy/https/host":               "192.168.1.9",
			"/system/proxy/https/port":               int32(3128),
			"/system/proxy/socks/host":               "",
			"/system/proxy/socks/port":               int32(0),
		},
		"auto": {"/system/proxy/mode": "auto", "/system/proxy/autoconfig-url": "http://wpad.lan/wpad.dat"},
	} {
		got, err := Parse(read(t, name))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %v\nwant %v", name, err, got, want)
		}
	}
}

func TestNoDatabase(t *testing.T) {
	whole := read(t, "auto")
	for name, b := range map[string][]byte{
		"empty": nil, "short": whole[:20], "other": []byte(strings.Repeat("x", 100)),
		"root beyond the end": append([]byte(signature+"\x00\x00\x00\x00\x00\x00\x00\x00"), 24, 0, 0, 0, 255, 0, 0, 0),
	} {
		if _, err := Parse(b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A parent that is its own parent must not lead on for ever.
func TestCircle(t *testing.T) {
	b := read(t, "auto")
	const firstItem = headerLen + 8 + 5*4 // five buckets, no bloom filter
	for i := 0; firstItem+(i+1)*itemLen <= 0xac; i++ {
		binary.LittleEndian.PutUint32(b[firstItem+i*itemLen+4:], uint32(i))
	}
	got, err := Parse(b)
	if err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
}

func TestVariant(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		raw  string
		want any
	}{
		{"yes\x00\x00s", "yes"}, {"no end\x00s", nil}, {"\x01\x00b", true}, {"\x01\x00\x00b", nil},
		{"\x00as", []string{}}, {"a\x00\x02\x00as", []string{"a"}}, {"a\x00\x09\x00as", nil},
		{long + "\x00\x2d\x01\x00as", []string{long}},
		{"12345678\x00x", nil}, {"", nil},
	} {
		if got := variant([]byte(c.raw)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %v, want %v", c.raw, got, c.want)
		}
	}
}

// FuzzParse: whatever a file holds, reading it ends, and no value is longer
// than the file.
func FuzzParse(f *testing.F) {
	f.Add(read(f, "manual"))
	f.Add(read(f, "auto"))
	f.Fuzz(func(t *testing.T, b []byte) {
		values, err := Parse(b)
		if (err == nil) != (values != nil) {
			t.Errorf("%v %v", values, err)
		}
		for key, v := range values {
			if s, ok := v.(string); ok && len(s) > len(b) || len(key) > deepest*len(b) {
				t.Errorf("%q: %v", key, v)
			}
		}
	})
}
