package tui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muesli/termenv"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// Every kind of page at the three sizes, without and with colour, and in ASCII
// at the design size. To read them with colours: cat testdata/*.golden
func TestGoldenFrames(t *testing.T) {
	sizes := []size{{80, 24}, {60, 20}, {120, 40}}
	for _, p := range pages() {
		t.Run(p.ID, func(t *testing.T) {
			var b strings.Builder
			for _, at := range sizes {
				for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI} {
					s := play(t, at, profile, p.ID, pages()...)
					section(&b, fmt.Sprintf("%dx%d %s", at.w, at.h, map[termenv.Profile]string{termenv.Ascii: "plain", termenv.ANSI: "colour"}[profile]), s.View())
				}
			}
			s := play(t, sizes[0], termenv.Ascii, p.ID, pages()...)
			s.ascii = true
			section(&b, "80x24 ascii", s.View())
			s.ascii = false
			s.press("?")
			section(&b, "80x24 keys", s.View())
			golden(t, p.ID, b.String())
		})
	}
}

func TestGoldenSmallWindow(t *testing.T) {
	var b strings.Builder
	for _, at := range []size{{59, 24}, {80, 19}, {20, 6}, {3, 2}} {
		s := play(t, at, termenv.Ascii, "cause", pages()...)
		section(&b, fmt.Sprintf("%dx%d", at.w, at.h), s.View())
	}
	golden(t, "small", b.String())
}

func section(b *strings.Builder, name, frame string) {
	fmt.Fprintf(b, "==== %s\n%s\n", name, frame)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := at(a, i), at(b, i)
		if x != y {
			t.Fatalf("%s line %d:\n got %q\nwant %q\n(go test ./tui -run Golden -update writes them anew)", path, i+1, y, x)
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no such line)"
}
