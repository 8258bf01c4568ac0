package watch

import (
	"math"
	"time"
)

// growth is the ratio of one bucket's bound to the next: a quantile is off by
// at most 1 % (the relative-error sketch of Masson, Rim and Lee, DDSketch,
// PVLDB 12, 2019, with alpha = 0.01).
const growth = 1.01 / 0.99

// finest is the smallest time told apart; the buckets reach past a minute.
const (
	finest  = 10 * time.Microsecond
	buckets = 800
)

// Stats are all readings of one station since the watch began, in a few
// kilobytes whatever their number.
type Stats struct {
	Asked, Lost int
	Min, Max    time.Duration // of the answers; 0 when there was none
	Last        Reading
	counts      [buckets]int
	counted     int
}

// add takes one reading; what was not asked is not counted.
func (s *Stats) add(r Reading) {
	s.Last = r
	if r.State == Unasked {
		return
	}
	s.Asked++
	if r.State == Lost || r.Retried {
		s.Lost++
		return
	}
	if s.counted == 0 || r.RTT < s.Min {
		s.Min = r.RTT
	}
	s.Max = max(s.Max, r.RTT)
	s.counts[bucket(r.RTT)]++
	s.counted++
}

// vain counts an asking without an answer that is no reading: it says nothing
// about what is the matter.
func (s *Stats) vain() { s.Asked, s.Lost = s.Asked+1, s.Lost+1 }

// halve makes all that was counted weigh half.
func (s *Stats) halve() {
	s.Asked, s.Lost, s.counted = s.Asked/2, s.Lost/2, 0
	for i := range s.counts {
		s.counts[i] /= 2
		s.counted += s.counts[i]
	}
}

func bucket(d time.Duration) int {
	if d <= finest {
		return 0
	}
	return min(int(math.Ceil(math.Log(float64(d)/float64(finest))/math.Log(growth))), buckets-1)
}

// Quantile returns the RTT below which a share q (0 to 1) of the answers
// came, within 1 %; 0 when there was none.
func (s *Stats) Quantile(q float64) time.Duration {
	if s.counted == 0 {
		return 0
	}
	rank, seen := int(math.Ceil(q*float64(s.counted))), 0
	for i, n := range s.counts {
		if seen += n; seen >= max(rank, 1) {
			middle := time.Duration(float64(finest) * math.Pow(growth, float64(i)) * 2 / (1 + growth))
			return min(max(middle, s.Min), s.Max)
		}
	}
	return s.Max
}

// Loss is the share of askings without an answer, 0 to 1.
func (s *Stats) Loss() float64 {
	if s.Asked == 0 {
		return 0
	}
	return float64(s.Lost) / float64(s.Asked)
}

// Answers is how many answers the quantiles rest on.
func (s *Stats) Answers() int { return s.counted }
