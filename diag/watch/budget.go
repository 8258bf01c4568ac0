package watch

import "time"

// Interval is the usual time between two ticks, and the shortest that keeps a
// healthy watch at two and a half packets a second; the rest of [Rate] is for
// naming causes.
const Interval = 2 * time.Second

// Rate and Burst bound what is sent, in packets: three a second over any long
// time. The burst lets a few diagnoses run at once (each about 60 packets).
const (
	Rate  = 3
	Burst = 240
	// diagnosisCosts is what a diagnosis must find in the budget to be run.
	diagnosisCosts = 60
)

// Budget is a token bucket. What was sent is paid afterwards, so that it can
// go below zero; then nothing is sent until it is paid back.
type Budget struct {
	left  float64
	at    time.Duration
	begun bool
}

// Left is how many packets may be sent now, by the monotonic clock.
func (b *Budget) Left(now time.Duration) float64 {
	if !b.begun {
		b.left, b.at, b.begun = Burst, now, true
	}
	b.left = min(b.left+(now-b.at).Seconds()*Rate, Burst)
	b.at = now
	return b.left
}

// Pay takes packets that were sent.
func (b *Budget) Pay(now time.Duration, packets int) {
	b.Left(now)
	b.left -= float64(packets)
}

// Wait is how long until anything may be sent.
func (b *Budget) Wait(now time.Duration) time.Duration {
	left := b.Left(now)
	if left >= 0 {
		return 0
	}
	return time.Duration(-left / Rate * float64(time.Second))
}
