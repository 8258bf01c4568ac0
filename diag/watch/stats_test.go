package watch

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestQuantiles against the exact ones, for answers spread over five decades.
func TestQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s Stats
	var exact []time.Duration
	for range 20_000 {
		d := time.Duration(math.Pow(10, 4.5+5*r.Float64())) // 0.03 ms to 3 s
		exact = append(exact, d)
		s.add(Reading{State: Answered, RTT: d})
	}
	slices.Sort(exact)
	for _, q := range []float64{0, 0.5, 0.95, 0.99, 1} {
		want := exact[max(int(math.Ceil(q*float64(len(exact)))), 1)-1]
		if got := s.Quantile(q); math.Abs(float64(got-want)) > 0.0101*float64(want) {
			t.Errorf("q %v: %v, want %v", q, got, want)
		}
	}
	if s.Min != exact[0] || s.Max != exact[len(exact)-1] {
		t.Errorf("%v to %v", s.Min, s.Max)
	}
}

func TestStatsOfNothing(t *testing.T) {
	var s Stats
	s.add(Reading{})
	if s.Quantile(0.5) != 0 || s.Loss() != 0 || s.Asked != 0 {
		t.Errorf("%+v", s)
	}
	s.add(Reading{State: Lost})
	s.add(Reading{State: Answered, RTT: time.Second, Retried: true})
	if s.Loss() != 1 || s.Quantile(0.5) != 0 {
		t.Errorf("loss %v", s.Loss())
	}
}

func TestBudget(t *testing.T) {
	var b Budget
	now, sent := time.Duration(0), 0
	for now < time.Hour {
		if wait := b.Wait(now); wait > 0 {
			now += wait
		}
		b.Pay(now, 7)
		sent += 7
		now += 100 * time.Millisecond // somebody who would send 70 a second
	}
	if most := int(now.Seconds()*Rate) + Burst + 7; sent > most || sent < most-20 {
		t.Errorf("%d packets in an hour, at most %d", sent, most)
	}
}

func TestRing(t *testing.T) {
	r := ring[int]{most: 3}
	for n := range 5 {
		r.add(n)
	}
	if !slices.Equal(r.all(), []int{2, 3, 4}) || !slices.Equal(r.newest(2), []int{3, 4}) || r.Lost != 2 || len(r.newest(9)) != 3 {
		t.Errorf("%v %v", r.all(), r.newest(2))
	}
}
