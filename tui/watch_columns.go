package tui

import (
	"math"
	"time"

	"deskside/diag/watch"
	"deskside/tui/chart"
)

// columns puts samples side by side, the newest last: one column for each
// interval. What was asked again within an interval shares its column, the
// worst of them showing; where nothing was asked for longer, columns stay
// empty.
func columns(samples []watch.Sample, interval time.Duration, width int, take func(watch.Sample) chart.Point) []chart.Point {
	var out []chart.Point
	var begun time.Duration // of the last column
	for n, s := range samples {
		since := s.Boot - begun
		p := take(s)
		if n > 0 && since < interval*3/4 {
			out[len(out)-1] = worse(out[len(out)-1], p)
			continue
		}
		if n > 0 {
			missed := int(math.Round(float64(since)/float64(interval))) - 1
			for range min(missed, width) {
				out = append(out, chart.Point{})
			}
		}
		out, begun = append(out, p), s.Boot
	}
	return out[max(len(out)-width, 0):]
}

func worse(a, b chart.Point) chart.Point {
	return chart.Point{Value: max(a.Value, b.Value), Known: a.Known || b.Known, Lost: a.Lost || b.Lost}
}

// rtt is one station's round trip in milliseconds. An answer behind a lost
// packet counts as lost here too, as it does in the numbers.
func rtt(s watch.Station) func(watch.Sample) chart.Point {
	return func(sample watch.Sample) chart.Point {
		r := sample.Readings[s]
		return chart.Point{
			Value: float64(r.RTT) / float64(time.Millisecond), Known: r.State == watch.Answered, Lost: r.State == watch.Lost || r.Retried,
		}
	}
}

// Signal strength is drawn from -90 dBm, where nothing works any more, to
// -30 dBm beside the access point.
const (
	weakest   = -90
	strongest = 60 // dB above weakest
)

func strength(s watch.Sample) chart.Point {
	return chart.Point{Value: float64(max(s.Signal-weakest, 0)), Known: s.Signal != 0}
}

func highest(points []chart.Point) (top float64) {
	for _, p := range points {
		if p.Known && !p.Lost {
			top = max(top, p.Value)
		}
	}
	return top
}

// timeOf is how many intervals so many columns stand for.
func timeOf(columns int) time.Duration { return time.Duration(max(columns-1, 0)) }
