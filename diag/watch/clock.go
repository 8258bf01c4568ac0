package watch

import "time"

const (
	// sleepLeast is the shortest suspend taken for one: the two clocks are not
	// read in the same instant.
	sleepLeast = time.Second
	// stepLeast is the smallest jump of the wall clock worth telling. NTP slews
	// below 128 ms and steps above (RFC 5905, STEPT); a second tick that came
	// late is not a step either.
	stepLeast = 2 * time.Second
	// stallLeast is how late a tick may be before nobody was watching.
	stallLeast = 10 * time.Second
	// settle is how long adapters get after a sleep: Wi-Fi and DHCP need some
	// seconds, and every PC is offline then.
	settle = 15 * time.Second
	// tickMost is longer than any tick's probes can take, see [Prober.Tick].
	tickMost = 5 * time.Second
)

// gapBetween compares what three clocks say about the time from a to b, which
// should have been about usual.
func gapBetween(a, b Moment, usual time.Duration) []Gap {
	mono, boot, wall := b.Mono-a.Mono, b.Boot-a.Boot, b.Wall.Sub(a.Wall)
	var out []Gap
	if slept := boot - mono; slept >= sleepLeast {
		out = append(out, Gap{Kind: Slept, At: b.Wall, Long: slept})
	} else if mono-usual >= stallLeast {
		out = append(out, Gap{Kind: Stalled, At: b.Wall, Long: mono})
	}
	if step := wall - boot; step >= stepLeast || step <= -stepLeast {
		out = append(out, Gap{Kind: ClockSet, At: b.Wall, Long: step})
	}
	return out
}

// torn reports a tick during which the PC slept or stood still: what looks
// lost in it may have come while nobody listened.
func (k Tick) torn() bool {
	took := k.Ended.Mono - k.At.Mono
	return took > tickMost || k.Ended.Boot-k.At.Boot-took >= sleepLeast
}

// wall is the wall clock alone: Round(0) takes Go's hidden monotonic reading
// off, which would make a clock that was set invisible to Sub.
func wall() time.Time { return time.Now().Round(0) }
