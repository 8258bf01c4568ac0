package chart

import (
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"deskside/diag"
)

// Point is one column of a moving chart.
type Point struct {
	Value float64 // in the band's own unit; drawn when Known
	Known bool
	Lost  bool // no answer: drawn as a cross, whatever Value is
}

// Band is one line of a moving chart with its own scale. The newest point
// stands at the right edge.
type Band struct {
	Head   string // one safe line above it: what it is, and the numbers
	Scale  string // what Top is in words, at the right end of Head's line if there is room
	Points []Point
	Top    float64 // the value of a full column; 0: the largest one shown
}

// bars are eighths of a cell, and what stands for them in ASCII: thirds.
var (
	bars      = []rune(" ▁▂▃▄▅▆▇█")
	barsASCII = []rune(" .:#")
)

// Moving draws bands below each other: for each its head, and height lines of
// columns. Every line is at most width cells. A lost answer is a cross in the
// lowest line, a column that nothing is known of stays empty; neither needs
// colour. The result has len(bands) * (height+1) lines.
//
//	Router  3.1 ms
//	     ▂    █
//	▃▃▃▃▃█▃▃╳▃█
func Moving(bands []Band, width, height int, look Look) []string {
	var out []string
	for _, b := range bands {
		head := cut(b.Head, width, look)
		if room := width - ansi.StringWidth(head) - ansi.StringWidth(b.Scale); b.Scale != "" && room >= 2 {
			head += strings.Repeat(" ", room) + b.Scale
		}
		out = append(out, head)
		out = append(out, b.rows(width, height, look)...)
	}
	return out
}

func (b Band) rows(width, height int, look Look) []string {
	points := b.Points[max(len(b.Points)-width, 0):]
	top := b.Top
	if top <= 0 {
		for _, p := range points {
			if p.Known && !p.Lost {
				top = max(top, p.Value)
			}
		}
	}
	levels := look.bars()
	lines := make([]string, height)
	for row := range height {
		var line strings.Builder
		line.WriteString(strings.Repeat(" ", max(width-len(points), 0)))
		below := height - 1 - row // whole cells under this one
		for _, p := range points {
			switch {
			case p.Lost && below == 0:
				line.WriteString(look.paint(diag.Fail, look.glyphs().cut))
			case p.Lost || !p.Known:
				line.WriteByte(' ')
			default:
				line.WriteRune(levels[level(p.Value, top, below, height, len(levels)-1)])
			}
		}
		lines[row] = strings.TrimRight(line.String(), " ")
	}
	return lines
}

// level is how full the cell is that has so many cells below it: 0 to full.
// Any answer at all is seen in the lowest cell.
func level(value, top float64, below, height, full int) int {
	if top <= 0 || math.IsNaN(value) {
		value, top = 0, 1
	}
	filled := int(math.Round(min(value/top, 1)*float64(height*full))) - below*full
	if below == 0 {
		filled = max(filled, 1)
	}
	return max(0, min(filled, full))
}

func (l Look) bars() []rune {
	if l.ASCII {
		return barsASCII
	}
	return bars
}

// NiceTop rounds a value up to 1, 2 or 5 times a power of ten, so that a scale
// does not change with every point.
func NiceTop(value float64) float64 {
	if value <= 0 || math.IsInf(value, 0) || math.IsNaN(value) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(value)))
	for _, m := range []float64{1, 2, 5} {
		if value <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func cut(s string, width int, look Look) string {
	return ansi.Truncate(s, max(width, 0), look.glyphs().more)
}
