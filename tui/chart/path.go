// Package chart draws pictures from data: strings in, lines out. It knows no
// catalogue, no colour scheme and no terminal.
package chart

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"deskside/diag"
)

// Station is one stop of the path map.
type Station struct {
	Label  string // one safe line
	Mark   string // "[ OK ]": what is known, readable without colour
	Status diag.Status
	Break  bool // the way ends in front of this station
}

// Look is how a chart is drawn.
type Look struct {
	ASCII  bool
	Broken string                                    // the word at the break
	Paint  func(status diag.Status, s string) string // colour for a mark; nil means none
}

// leastGap is a connector of one cell with a space on either side.
const leastGap = 3

// widestGap keeps the map one picture on a wide window.
const widestGap = 9

// Path draws the way from the PC to the web in exactly three lines of at most
// width cells: stations and connectors, marks, and the word at the break (an
// empty line when nothing is broken, so that a page does not jump when the
// break is found). Labels are shortened when the window is narrow.
//
//	PC ───── adapter ───── router ──╳── provider ··· name service ··· web
//	[ OK ]   [ OK ]        [ OK ]       [FAIL]       [ ?? ]           [ ?? ]
//	                                    ╳ BROKEN HERE
func Path(stations []Station, width int, look Look) []string {
	if len(stations) == 0 {
		return []string{"", "", ""}
	}
	cells := fit(stations, width)
	gap := widestGap
	if n := len(stations) - 1; n > 0 {
		gap = max(leastGap, min(widestGap, (width-sum(cells))/n))
	}
	var names, marks strings.Builder
	note, broken, x := "", false, 0
	for i, s := range stations {
		label := ansi.Truncate(s.Label, cells[i], look.glyphs().more)
		last := i == len(stations)-1
		names.WriteString(label)
		marks.WriteString(look.paint(s.Status, s.Mark))
		if s.Break {
			note, broken = look.note(x, width), true
		}
		if last {
			break
		}
		next := stations[i+1]
		names.WriteString(" " + look.connector(cells[i]-ansi.StringWidth(label)+gap-2, next, broken) + " ")
		marks.WriteString(strings.Repeat(" ", cells[i]-ansi.StringWidth(s.Mark)+gap))
		x += cells[i] + gap
	}
	lines := []string{names.String(), marks.String(), note}
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], width, "")
	}
	return lines
}

// fit gives every station the room of its longer line, and takes from the
// longest labels what the width does not have. Marks are never shortened.
func fit(stations []Station, width int) []int {
	cells, room := make([]int, len(stations)), width-leastGap*(len(stations)-1)
	for i, s := range stations {
		cells[i] = max(ansi.StringWidth(s.Label), ansi.StringWidth(s.Mark))
	}
	for sum(cells) > room {
		longest := 0
		for i := range cells {
			if cells[i] > cells[longest] {
				longest = i
			}
		}
		if cells[longest] <= ansi.StringWidth(stations[longest].Mark) {
			break
		}
		cells[longest]--
	}
	return cells
}

// connector leads into the station next: solid as far as the way is known to
// go, dotted where it is not, cut where it ends.
func (l Look) connector(cells int, next Station, broken bool) string {
	g := l.glyphs()
	switch {
	case next.Break:
		left := (cells - 1) / 2
		cut := strings.Repeat(g.solid, left) + g.cut + strings.Repeat(g.solid, cells-1-left)
		return l.paint(diag.Fail, cut)
	case !broken && (next.Status == diag.OK || next.Status == diag.Warn || next.Status == diag.Fail):
		return strings.Repeat(g.solid, cells)
	}
	return strings.Repeat(g.dotted, cells)
}

// note is the third line: a sign and a word under the station at column x.
func (l Look) note(x, width int) string {
	word := l.glyphs().cut + " " + l.Broken
	x = max(0, min(x, width-ansi.StringWidth(word)))
	return strings.Repeat(" ", x) + l.paint(diag.Fail, word)
}

func (l Look) paint(status diag.Status, s string) string {
	if l.Paint == nil {
		return s
	}
	return l.Paint(status, s)
}

type glyphs struct{ solid, dotted, cut, more string }

func (l Look) glyphs() glyphs {
	if l.ASCII {
		return glyphs{solid: "-", dotted: ".", cut: "X", more: "~"}
	}
	return glyphs{solid: "─", dotted: "·", cut: "╳", more: "…"}
}

func sum(cells []int) int {
	n := 0
	for _, c := range cells {
		n += c
	}
	return n
}
