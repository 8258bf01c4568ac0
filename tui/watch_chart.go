package tui

import (
	"strings"
	"time"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/tui/chart"
)

// watchChart draws a watch: a band for each station, and the time below them.
type watchChart struct {
	say      *text.Printer
	styles   styles
	ascii    bool
	interval time.Duration
}

func (c watchChart) s(key string, pairs ...any) string { return clean(c.say.S(key, pairs...)) }

// draw gives lines of at most width cells, so many rows for each band. The
// Wi-Fi signal has a band of its own where it is known and there is room.
func (c watchChart) draw(v watch.View, width, rows int, room bool) []string {
	look := chart.Look{ASCII: c.ascii, Paint: func(s diag.Status, line string) string { return c.styles.paint(roleOf(s), line) }}
	var bands []chart.Band
	for s := watch.Router; s < watch.Stations; s++ {
		b := chart.Band{Head: clean(c.say.T(v.Head(s))), Points: columns(v.Samples, c.interval, width, rtt(s))}
		top := highest(b.Points)
		if b.Top = chart.NiceTop(top); top > 0 {
			b.Scale = c.s("ui.watch.scale", "Top", watch.Took(time.Duration(b.Top*float64(time.Millisecond))))
		}
		bands = append(bands, b)
	}
	if signal := v.Signal(); signal != 0 && room {
		head := c.s("ui.watch.head.signal", "Station", text.M("ui.watch.station.signal"), "Last", signal)
		bands = append(bands, chart.Band{Head: head, Points: columns(v.Samples, c.interval, width, strength), Top: strongest})
	}
	return append(chart.Moving(bands, width, rows, look), c.styles.dim.Render(c.axis(v, width)))
}

// axis is the time below the bands: how long ago the oldest column was, under
// it, or as far to the left as its words need.
func (c watchChart) axis(v watch.View, width int) string {
	drawn := len(columns(v.Samples, c.interval, width, rtt(watch.Router)))
	left, right := c.s("ui.watch.ago", "Long", watch.Long(c.interval*timeOf(drawn))), c.s("ui.watch.now")
	if v.Ended {
		right = c.s("ui.watch.end")
		left = c.s("ui.watch.before", "Long", watch.Long(c.interval*timeOf(drawn)))
	}
	if drawn < 2 {
		left = ""
	}
	room := max(1, width-cells(left)-cells(right))
	from := min(max(0, width-drawn), room-1)
	return strings.Repeat(" ", from) + left + strings.Repeat(" ", room-from) + right
}
