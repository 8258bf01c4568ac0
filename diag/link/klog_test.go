package link

import "testing"

const minute = 60e6 // in microseconds

func TestRecords(t *testing.T) {
	got := records([]byte("6,339,5140900,-;eth0: Link is Down\n SUBSYSTEM=net\n DEVICE=n2\nno record\n3,7,x,-;no time\n4,340,5140901,c;a;b\n"))
	want := []logged{{5140900, "eth0: Link is Down"}, {5140901, "a;b"}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
}

func TestLosses(t *testing.T) {
	const now = 100 * minute
	for text, want := range map[string]int{
		"e1000e 0000:00:1f.6 eth0: NIC Link is Down":                     1,
		"r8169 0000:03:00.0 eth0: Link is Down":                          1,
		"tg3 0000:02:00.0 eth0: Link is down":                            1,
		"mlx5_core 0000:01:00.0 eth0: Link down":                         1,
		"eth0: Link is Down":                                             1,
		"e1000e 0000:00:1f.6 eth0: NIC Link is Up 1000 Mbps":             0,
		"e1000e 0000:00:1f.6 eth01: NIC Link is Down":                    0,
		"e1000e 0000:00:1f.6 veth0: NIC Link is Down":                    0,
		"br0: port 2(eth0) entered disabled state":                       0,
		"IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready":        0,
		"audit: a program wrote \"eth0: nothing\" when its link is down": 0,
	} {
		if got := losses([]logged{{now - minute, text}}, "eth0", now); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	const lost = "eth0: Link is Down"
	log := []logged{
		{now - 11*minute, lost},                                                    // long ago
		{now - 5*minute, "PM: suspend entry (deep)"}, {now - 5*minute + 1e6, lost}, // a sleep
		{now - 2*minute, lost}, {now - minute, lost},
		{now + minute, lost}, // a clock that runs otherwise
	}
	if got := losses(log, "eth0", now); got != 2 {
		t.Errorf("%d losses", got)
	}
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte("6,339,5140900,-;eth0: Link is Down\n DEVICE=n2\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		log := records(b)
		if n := losses(log, "eth0", 5140901); n < 0 || n > len(log) {
			t.Errorf("%d losses in %d records", n, len(log))
		}
	})
}
