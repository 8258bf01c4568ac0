package deep

import (
	"net/netip"
	"time"

	"deskside/diag"
	"deskside/diag/internet"
)

// Probes of the second tier, in the order of what they cost.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "path.hops", Deep: true, Budget: 9 * time.Second, Run: watchPath},
		{ID: "path.uplink", Deep: true, Budget: 3 * time.Second, Run: WatchUplink},
		{ID: "path.load", Deep: true, Budget: 18 * time.Second, Run: loadLine},
	}
}

// Suspicions are the probes of this tier that the first may call for. They
// belong to the check that raises the suspicion.
func Suspicions() []diag.Probe {
	return []diag.Probe{{ID: "path.mtu", Deep: true, Budget: 9 * time.Second, Suspect: stalled, Run: findSizes}}
}

// stalled: a connection opened and then nothing came, while others work. That
// is what packets that vanish by their size look like.
func stalled(f diag.Facts) bool { return len(stalledFamilies(f)) > 0 }

func stalledFamilies(f diag.Facts) map[int]bool {
	out := map[int]bool{}
	for _, t := range internet.Section.Of(f).TLS {
		if a, err := netip.ParseAddr(t.Address); err == nil && t.Dialed && t.Outcome == internet.Timeout {
			out[familyOf(a)] = true
		}
	}
	return out
}
