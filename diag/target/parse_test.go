package target

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"deskside/diag/text"
)

func TestParse(t *testing.T) {
	tests := []struct {
		in    string
		shown string
		ports []int
		page  string // asked for on the first port; "" where no HTTP is spoken
		local bool
	}{
		{in: "www.example.com", shown: "www.example.com", ports: []int{443, 80}, page: "https://www.example.com/"},
		{in: " WWW.Example.Com. ", shown: "www.example.com", ports: []int{443, 80}, page: "https://www.example.com/"},
		{in: "www.example.com:22", shown: "www.example.com", ports: []int{22}},
		{in: "mail.example.com:587", shown: "mail.example.com", ports: []int{587}},
		{in: "mail.example.com:993", shown: "mail.example.com", ports: []int{993}},
		{in: "www.example.com:80", shown: "www.example.com", ports: []int{80}, page: "http://www.example.com/"},
		{in: "www.example.com/a?b=c#d", shown: "www.example.com", ports: []int{443, 80}, page: "https://www.example.com/a?b=c"},
		{in: "HTTPS://www.example.com:8443/a%2Fb", shown: "www.example.com", ports: []int{8443}, page: "https://www.example.com:8443/a%2Fb"},
		{in: "http://www.example.com", shown: "www.example.com", ports: []int{80}, page: "http://www.example.com"},
		{in: "192.0.2.7", shown: "192.0.2.7", ports: []int{443, 80}, page: "https://192.0.2.7/"},
		{in: "192.0.2.7:631", shown: "192.0.2.7", ports: []int{631}},
		{in: "2001:db8::7", shown: "2001:db8::7", ports: []int{443, 80}, page: "https://[2001:db8::7]/"},
		{in: "[2001:db8::7]", shown: "2001:db8::7", ports: []int{443, 80}, page: "https://[2001:db8::7]/"},
		{in: "[2001:db8::7]:22", shown: "2001:db8::7", ports: []int{22}},
		{in: "https://[2001:db8::7]:8443/x", shown: "2001:db8::7", ports: []int{8443}, page: "https://[2001:db8::7]:8443/x"},
		{in: "::ffff:192.0.2.7", shown: "192.0.2.7", ports: []int{443, 80}, page: "https://192.0.2.7/"},
		{in: "printer", shown: "printer", ports: []int{443, 80}, page: "https://printer/", local: true},
		{in: "nas.local:445", shown: "nas.local", ports: []int{445}, local: true},
		{in: "nas.home.arpa", shown: "nas.home.arpa", ports: []int{443, 80}, page: "https://nas.home.arpa/", local: true},
		{in: "xn--bcher-kva.example", shown: "xn--bcher-kva.example", ports: []int{443, 80}, page: "https://xn--bcher-kva.example/"},
		{in: "_ldap.example.com:389", shown: "_ldap.example.com", ports: []int{389}},
	}
	for _, tt := range tests {
		w, err := Parse(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		page := ""
		if u := w.page(w, w.Ports[0]); u != nil {
			page = u.String()
		}
		if w.Shown() != tt.shown || !slices.Equal(w.Ports, tt.ports) || page != tt.page || w.Local != tt.local {
			t.Errorf("%q: %s %v %q local %t", tt.in, w.Shown(), w.Ports, page, w.Local)
		}
	}
}

var hostile = map[string]Refusal{
	"": Empty, "   ": Empty, "www example com": Odd, "www.example.com\x00": Odd, "www\x1b[2J.example.com": Odd, "a\u202eb.example": Foreign,
	"bücher.example": Foreign, "http://bücher.example/": Foreign, "user:pass@www.example.com": Login, "https://user:pass@www.example.com/": Login,
	"www.example.com:0": Port, "www.example.com:99999": Port, "www.example.com:": Port, "www.example.com:+22": Port, "www.example.com:ssh": Port,
	"https://www.example.com:0/": Port, "[2001:db8::7]:70000": Port, "ftp://ftp.example.org/": Scheme, "file:///etc/passwd": Scheme, "://x": Scheme,
	"fe80::1%eth0": Zone, "[fe80::1%eth0]:22": Zone, "http://[fe80::1%25eth0]/": Zone, "https://": Host, "http:///path": Host, "http://?q": Host,
	"-x.example": Host, "a..b": Host, ".": Host, "1.2.3": Host, "999.1.1.1": Host, "[1.2.3.4]": Host, "[::1": Host, "[::1]x": Host, "a:b:c": Host,
	"0.0.0.0": Host, "224.0.0.1": Host, "*.example.com": Host, strings.Repeat("a", 64) + ".example": Host, strings.Repeat("a.", 127) + "example": Host,
	strings.Repeat("a", 3000): Long, "https://www.example.com/%zz": Odd, "javascript:alert(1)": Port, "--help": Host, "a`b": Odd, `a\b`: Odd,
}

func TestHostileInputIsRefusedInOneSentence(t *testing.T) {
	p := text.New("en")
	for in, want := range hostile {
		w, err := Parse(in)
		var r Refusal
		if !errors.As(err, &r) {
			t.Errorf("%q is taken: %s %v", in, w.Shown(), w.Ports)
			continue
		}
		if r != want {
			t.Errorf("%q: refused as %q, want %q", in, r, want)
		}
		if says := p.T(r.Message()); strings.HasPrefix(says, "[") || strings.Contains(says, "\n") || strings.Contains(says, ":pass") {
			t.Errorf("%q: says %q", in, says)
		}
	}
}

// FuzzParse: whatever is taken can be asked for and shown.
func FuzzParse(f *testing.F) {
	for in := range hostile {
		f.Add(in)
	}
	f.Add("https://www.example.com:8443/a?b#c")
	f.Add("[2001:db8::7]:22")
	f.Fuzz(func(t *testing.T, in string) {
		w, err := Parse(in)
		if err != nil {
			var r Refusal
			if !errors.As(err, &r) {
				t.Fatalf("%q: %v is no refusal", in, err)
			}
			return
		}
		if (w.Name == "") == (w.IP == "") || text.Safe(w.Shown()) != w.Shown() {
			t.Fatalf("%q: name %q, address %q", in, w.Name, w.IP)
		}
		if _, err := netip.ParseAddr(w.IP); w.IP != "" && err != nil {
			t.Fatalf("%q: address %q", in, w.IP)
		}
		for _, port := range w.Ports {
			if port < 1 || port > 65535 {
				t.Fatalf("%q: port %d", in, port)
			}
			if u := w.page(w, port); u != nil && (u.User != nil || u.Hostname() != w.Shown()) {
				t.Fatalf("%q: asks for %s", in, u)
			}
		}
		if len(w.Ports) == 0 {
			t.Fatalf("%q: no port", in)
		}
		if again, err := Parse(w.Name + w.IP); err != nil || again.Shown() != w.Shown() {
			t.Fatalf("%q: %q is not taken again: %v", in, w.Shown(), err)
		}
	})
}
