package text

import "testing"

func TestSize(t *testing.T) {
	for bytes, want := range map[uint64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 4194304: "4.2 MB", 999_600_000: "1.0 GB",
		1_949_000_000: "1.9 GB", 9_960_000_000: "10 GB", 252_000_000_000: "252 GB", 1 << 63: "9.2 EB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for p, want := range map[float64]string{0: "0", 0.01: "<0.1", 2.96: "3.0", 9.96: "10", 99.6: "100"} {
		if got := Percent(p); got != want {
			t.Errorf("Percent(%v) = %q, want %q", p, got, want)
		}
	}
}
