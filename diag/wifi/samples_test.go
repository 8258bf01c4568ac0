package wifi

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const samples = "../../../shared/samples/wifi"

// TestGoldenElements reads real element blobs, where they are at hand.
func TestGoldenElements(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(samples, "vectors", "golden.json"))
	if err != nil {
		t.Skipf("no samples: %v", err)
	}
	var golden struct {
		IE []struct {
			File, SSID    string
			Band, Primary int
			Width, Center int
			AKM           []string
			Open, HE      bool
			BSSLoad       []int
		}
	}
	if err := json.Unmarshal(b, &golden); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, g := range golden.IE {
		elements, err := os.ReadFile(filepath.Join(samples, g.File))
		if err != nil || !strings.HasSuffix(g.File, ".ies") {
			continue
		}
		checked++
		band := g.Band
		if band == 0 {
			band = 2
		}
		e := ParseElements(elements)
		primary, width, centre := e.Width(FreqOf(band, max(g.Primary, 1)))
		if name, _ := ShowSSID(e.SSID); name != g.SSID || width != g.Width || g.Primary != 0 && ChannelOf(primary) != g.Primary {
			t.Errorf("%s: %q, %d MHz, channel %d", g.File, name, width, ChannelOf(primary))
		}
		if g.Center != 0 && centre != FreqOf(band, g.Center) {
			t.Errorf("%s: centre %d, want channel %d", g.File, centre, g.Center)
		}
		if g.BSSLoad != nil && (e.Load == nil || e.Load.Stations != g.BSSLoad[0] || int(e.Load.Used*255+.5) != g.BSSLoad[1]) {
			t.Errorf("%s: load %+v", g.File, e.Load)
		}
		want := "open"
		for _, a := range g.AKM {
			want = map[string]string{"OWE(18)": "owe", "PSK": "wpa2", "802.1X": "wpa2-enterprise"}[a]
		}
		if word, _ := e.Security(0); word != want {
			t.Errorf("%s: %s, want %s", g.File, word, want)
		}
	}
	if checked == 0 {
		t.Error("no sample was read")
	}
}

// TestOddCaptures: frames without a name, with a checksum at the end, with
// JSON in elements. Nothing but a panic is wrong about them.
func TestOddCaptures(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(samples, "lswifi", "*.pcap*"))
	if len(files) == 0 {
		t.Skip("no samples")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < min(len(b), 4096); at++ {
			e := ParseElements(b[at:])
			e.Width(2412)
			e.Security(0)
			ShowSSID(e.SSID)
		}
	}
}
