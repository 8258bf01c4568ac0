package chart

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"deskside/diag"
)

func points(values ...float64) (out []Point) {
	for _, v := range values {
		switch {
		case v < -1:
			out = append(out, Point{}) // not asked
		case v < 0:
			out = append(out, Point{Lost: true})
		default:
			out = append(out, Point{Value: v, Known: true})
		}
	}
	return out
}

const lost, unasked = -1, -2

func TestMoving(t *testing.T) {
	band := Band{Head: "Router: 8 ms", Points: points(1, 2, 3, 4, 5, 6, 7, 8, lost, unasked, 8), Top: 8}
	for name, c := range map[string]struct {
		look          Look
		width, height int
		want          string
	}{
		"one row":         {Look{}, 20, 1, "Router: 8 ms\n         ▁▂▃▄▅▆▇█╳ █"},
		"two rows":        {Look{}, 11, 2, "Router: 8 …\n    ▂▄▆█  █\n▂▄▆█████╳ █"},
		"the newest only": {Look{}, 4, 1, "Rou…\n█╳ █"},
		"ASCII":           {Look{ASCII: true}, 11, 1, "Router: 8 ~\n...:::##X #"},
		"colour":          {Look{Paint: func(s diag.Status, l string) string { return "<" + s.String() + l + ">" }}, 11, 1, "Router: 8 …\n▁▂▃▄▅▆▇█<fail╳> █"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(Moving([]Band{band}, c.width, c.height, c.look), "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestMovingFits: whatever the numbers, lines stay in their width and number.
func TestMovingFits(t *testing.T) {
	bands := []Band{
		{Head: strings.Repeat("long ", 40), Points: points(0, 1e12, 0.0001, lost)},
		{Points: nil, Scale: "full height 20 ms"},
		{Head: "日本語日本語", Points: points(lost, lost), Top: 3},
	}
	for width := range 90 {
		for height := range 7 {
			got := Moving(bands, width, height, Look{})
			if len(got) != len(bands)*(height+1) {
				t.Fatalf("%dx%d: %d lines", width, height, len(got))
			}
			for _, line := range got {
				if ansi.StringWidth(line) > width {
					t.Fatalf("%dx%d: %q", width, height, line)
				}
			}
		}
	}
}

// TestMovingShowsEveryAnswer: the fastest answer beside a slow one is still
// seen, and differs from no answer.
func TestMovingShowsEveryAnswer(t *testing.T) {
	for _, look := range []Look{{}, {ASCII: true}} {
		rows := Moving([]Band{{Points: points(0.001, 1000, 0)}}, 3, 3, look)
		if low := []rune(rows[3]); low[0] == ' ' || len(low) != 3 || low[2] == ' ' {
			t.Errorf("%q", rows)
		}
	}
}

func TestNiceTop(t *testing.T) {
	for in, want := range map[float64]float64{0: 1, 0.3: 0.5, 1: 1, 1.2: 2, 4.9: 5, 5.1: 10, 99: 100, 1000: 1000} {
		if got := NiceTop(in); got < want*0.999 || got > want*1.001 {
			t.Errorf("%v: %v, want %v", in, got, want)
		}
	}
}
