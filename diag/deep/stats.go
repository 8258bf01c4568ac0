package deep

import (
	"math"
	"slices"
)

// wilson is the 95 % interval of a rate of which hits of n were seen (Wilson,
// J. Am. Stat. Assoc. 22, 1927): honest for few packets and for none lost.
func wilson(hits, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	size, p := float64(n), float64(hits)/float64(n)
	mid, half := p+z*z/(2*size), z*math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return max(0, (mid-half)/(1+z*z/size)), min(1, (mid+half)/(1+z*z/size))
}

// quantile of values, nearest rank; 0 for none.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return s[int(math.Round(q*float64(len(s)-1)))]
}

// Median round trip in milliseconds; 0 when nothing was answered.
func (s Series) Median() float64 { return quantile(s.RTTMS, 0.5) }

// Rate of loss, 0 to 1.
func (s Series) Rate() float64 {
	if s.Sent == 0 {
		return 0
	}
	return float64(s.Lost) / float64(s.Sent)
}

// swing is how much the round trip moves: from the least to nine in ten.
func (s Series) swing() float64 { return quantile(s.RTTMS, 0.9) - quantile(s.RTTMS, 0) }
