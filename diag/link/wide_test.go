package link

import "testing"

func TestWide(t *testing.T) {
	for _, c := range []struct {
		address string
		bits    int
		want    bool
	}{
		{"192.168.1.50", 24, false}, {"192.168.1.50", 16, false}, {"192.168.1.50", 15, true}, {"192.168.1.50", 1, true},
		{"10.1.2.3", 8, false}, {"10.1.2.3", 7, true}, {"172.16.5.4", 12, false}, {"172.16.5.4", 8, true},
		{"100.64.0.2", 10, false}, {"100.64.0.2", 8, true}, {"203.0.113.5", 24, false}, {"203.0.113.5", 8, false}, {"203.0.113.5", 4, true},
		{"169.254.7.7", 16, false}, {"127.0.0.1", 8, false}, {"fe80::1", 10, false}, {"nonsense", 1, false},
	} {
		if got := wide(c.address, c.bits); got != c.want {
			t.Errorf("%s/%d: %v", c.address, c.bits, got)
		}
	}
}
