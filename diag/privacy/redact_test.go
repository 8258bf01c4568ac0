package privacy_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/disk"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/privacy"
	"deskside/diag/target"
	"deskside/diag/wifi"
)

// sections is every section's type, with room for one of everything.
var sections = map[string]reflect.Type{
	"run": reflect.TypeFor[diag.RunFacts](), "link": reflect.TypeFor[link.Facts](), "gateway": reflect.TypeFor[gateway.Facts](),
	"internet": reflect.TypeFor[internet.Facts](), "dns": reflect.TypeFor[dns.Facts](), "target": reflect.TypeFor[target.Facts](), "wifi": reflect.TypeFor[wifi.Facts](), "disk": reflect.TypeFor[disk.Facts](),
}

// TestEveryFieldHasAClass: what has none would be dropped from every report.
func TestEveryFieldHasAClass(t *testing.T) {
	for name, typ := range sections {
		walk(t, name, typ, "")
	}
	walk(t, "contacted", reflect.TypeFor[diag.Contact](), "")
}

func walk(t *testing.T, path string, typ reflect.Type, class string) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		walk(t, path, typ.Elem(), class)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.IsExported() && f.Tag.Get("json") != "-" {
				walk(t, path+"."+f.Name, f.Type, f.Tag.Get("privacy"))
			}
		}
	case reflect.Map:
		if class == "" {
			t.Errorf("%s: a map without privacy class", path)
		}
	case reflect.Interface:
		t.Errorf("%s: no type, so no class", path)
	default:
		if !privacy.Classes()[class] {
			t.Errorf("%s: privacy class %q", path, class)
		}
	}
}

// canary fills every string of a value with something unmistakable of its
// class.
func canary(v reflect.Value, class string, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		canary(v.Elem(), class, n)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				canary(v.Field(i), f.Tag.Get("privacy"), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			canary(v.Index(i), class, n)
		}
	case reflect.String:
		*n++
		if s, ok := canaries[class]; ok {
			v.SetString(fmt.Sprintf(s, *n%200+1))
		}
	}
}

// canaries by class; all carry a mark that must not survive.
var canaries = map[string]string{
	"ip": "10.77.66.%d", "mac": "de:ad:be:ef:77:%02x", "bssid": "de:ad:be:ee:77:%02x", "ssid": "zz77 Böse %d", "user": "zz77user%d",
	"host": "zz77host%d", "domain": "zz77domain%d.local", "probename": "zz77probe%d.local", "url": "http://zz77:pw@zz77host%d.local/zz77?q=zz77",
	"path": "/home/zz77user%d/zz77 file", "iface": "enxdeadbeef77%02x", "proc": "zz77proc%d", "free": "zz77 free %d",
}

func TestNoCanarySurvives(t *testing.T) {
	var raw = map[string]json.RawMessage{}
	n := 0
	for name, typ := range sections {
		v := reflect.New(typ)
		canary(v.Elem(), "", &n)
		b, err := json.Marshal(v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		raw[name] = b
	}
	raw["unknown"] = json.RawMessage(`{"x":"zz77"}`)
	b, _ := json.Marshal(raw)
	var f diag.Facts
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	for _, decode := range []diag.Sectioned{diag.RunSection, link.Section, gateway.Section, internet.Section, dns.Section, target.Section, wifi.Section, disk.Section} {
		if err := decode.Decode(f); err != nil {
			t.Fatal(err)
		}
	}
	r := privacy.NewRedactor(nil)
	r.Facts(f)
	out, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"zz77", "10.77.66", "de:ad:be", "deadbeef"} {
		if i := strings.Index(string(out), mark); i >= 0 {
			t.Errorf("%s left in the report: …%s…", mark, out[max(0, i-80):min(len(out), i+40)])
		}
	}
	if r.Counts["dropped"] != 1 {
		t.Errorf("dropped %d, want the one unknown section", r.Counts["dropped"])
	}
}

func TestPseudonymsAreStableAndTyped(t *testing.T) {
	r := privacy.NewRedactor([]string{"9.9.9.9", "example.com"})
	same := []struct{ class, in, want string }{
		{"ip", "192.168.1.7", "192.0.2.1"},
		{"ip", "192.168.1.8", "192.0.2.2"},
		{"ip", "192.168.1.7", "192.0.2.1"},
		{"ip", "192.168.1.7/24", "192.0.2.1/24"},
		{"ip", "9.9.9.9", "9.9.9.9"},
		{"ip", "127.0.0.53", "127.0.0.53"},
		{"ip", "8.8.4.4", "198.51.100.1"},
		{"ip", "fe80::1%wlan0", "fe80::1"},
		{"ip", "not an address", "(redacted)"},
		{"mac", "aa:bb:cc:dd:ee:ff", "00:00:5e:00:53:01"},
		{"mac", "AA:BB:CC:DD:EE:FF", "00:00:5e:00:53:01"},
		{"iface", "enp3s0", "enp3s0"},
		{"iface", "enx001122334455", "IF-1"},
		{"domain", "example.com", "example.com"},
		{"domain", "intranet.firma.ru.", "name-1.example"},
		{"path", "/home/ivan/.cache/x", "/home/NAME-1/.cache/NAME-2"},
		{"url", "http://ivan:secret@proxy.firma.ru:3128/p?a=b", "http://name-2.example:3128/"},
		{"free", "anything", "(redacted)"},
		{"none", "kept", "kept"},
	}
	for _, tt := range same {
		if got := r.Mask(tt.class, tt.in); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.class, tt.in, got, tt.want)
		}
	}
}

func FuzzMaskNeverLeaksItsInput(f *testing.F) {
	for class, s := range canaries {
		f.Add(class, fmt.Sprintf(s, 1))
	}
	f.Fuzz(func(t *testing.T, class, value string) {
		got := privacy.NewRedactor(nil).Mask(class, value)
		if strings.ContainsAny(got, "\x1b\x00\n") && class != "none" && class != "path" {
			t.Errorf("%s %q: %q", class, value, got)
		}
	})
}
