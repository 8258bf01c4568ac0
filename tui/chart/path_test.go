package chart

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"deskside/diag"
)

func way(states ...diag.Status) []Station {
	labels := []string{"PC", "adapter", "router", "provider", "name service", "web"}
	marks := map[diag.Status]string{diag.OK: "[ OK ]", diag.Warn: "[WARN]", diag.Fail: "[FAIL]", diag.Unknown: "[ ?? ]", diag.Skipped: "[SKIP]"}
	var out []Station
	for i, s := range states {
		out = append(out, Station{Label: labels[i], Mark: marks[s], Status: s})
	}
	return out
}

func breakAt(s []Station, i int) []Station { s[i].Break = true; return s }

func TestPathPictures(t *testing.T) {
	const ok, fail, unknown = diag.OK, diag.Fail, diag.Unknown
	for name, c := range map[string]struct {
		stations []Station
		width    int
		ascii    bool
		want     string
	}{
		"healthy at 80": {way(ok, ok, ok, ok, ok, ok), 80, false, "" +
			"PC ───────── adapter ───── router ───── provider ───── name service ───── web\n" +
			"[ OK ]       [ OK ]        [ OK ]       [ OK ]         [ OK ]             [ OK ]\n"},
		"names broken at 80": {breakAt(way(ok, ok, ok, ok, fail, unknown), 4), 80, false, "" +
			"PC ───────── adapter ───── router ───── provider ──╳── name service ····· web\n" +
			"[ OK ]       [ OK ]        [ OK ]       [ OK ]         [FAIL]             [ ?? ]\n" +
			"                                                       ╳ BROKEN HERE"},
		"in ASCII": {breakAt(way(ok, ok, ok, ok, fail, unknown), 4), 80, true, "" +
			"PC --------- adapter ----- router ----- provider --X-- name service ..... web\n" +
			"[ OK ]       [ OK ]        [ OK ]       [ OK ]         [FAIL]             [ ?? ]\n" +
			"                                                       X BROKEN HERE"},
		"names broken at 60": {breakAt(way(ok, ok, ok, ok, fail, unknown), 4), 60, false, "" +
			"PC ───── adapter ─ router ─ provider ╳ name service · web\n" +
			"[ OK ]   [ OK ]    [ OK ]   [ OK ]     [FAIL]         [ ?? ]\n" +
			"                                       ╳ BROKEN HERE"},
	} {
		got := strings.Join(Path(c.stations, c.width, Look{ASCII: c.ascii, Broken: "BROKEN HERE"}), "\n")
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestPathAlwaysFits(t *testing.T) {
	states := []diag.Status{diag.Unknown, diag.OK, diag.Warn, diag.Fail, diag.Skipped}
	for width := 0; width <= 200; width++ {
		for at := -1; at < 6; at++ {
			for _, s := range states {
				stations := way(diag.OK, s, diag.OK, s, s, s)
				if at >= 0 {
					stations[at].Break = true
				}
				stations[3].Label = "a provider with a very long name"
				stations[4].Label = "имена 名前"
				lines := Path(stations, width, Look{Broken: "BROKEN HERE", ASCII: at%2 == 0})
				if len(lines) != 3 {
					t.Fatalf("%d lines", len(lines))
				}
				for _, line := range lines {
					if w := ansi.StringWidth(line); w > width {
						t.Fatalf("width %d, break %d: %d cells: %q", width, at, w, line)
					}
				}
				if width >= 60 && strings.Count(lines[1], "[") != 6 {
					t.Fatalf("width %d: a mark is missing: %q", width, lines[1])
				}
				if width >= 60 && at >= 0 && !strings.Contains(lines[2], "BROKEN HERE") {
					t.Fatalf("width %d, break %d: no word at the break", width, at)
				}
			}
		}
	}
}

func TestPathASCIIHasNoOtherCharacter(t *testing.T) {
	for _, line := range Path(breakAt(way(diag.OK, diag.OK, diag.Fail, diag.Unknown, diag.Unknown, diag.Unknown), 2), 60, Look{ASCII: true, Broken: "BROKEN HERE"}) {
		for _, r := range line {
			if r < ' ' || r > '~' {
				t.Errorf("%q in %q", r, line)
			}
		}
	}
}

func TestNothingIsDrawnForNoStations(t *testing.T) {
	if got := Path(nil, 80, Look{}); len(got) != 3 || strings.Join(got, "") != "" {
		t.Errorf("%q", got)
	}
}
