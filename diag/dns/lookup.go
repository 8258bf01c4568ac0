package dns

import (
	"bytes"
	"context"
	"net/netip"
	"strings"
	"time"

	"deskside/diag"
)

// lookupBudget is how long the system resolver gets. glibc's own patience is
// 5 s per server and round (resolv.conf(5)); who has waited 3 s has noticed.
const lookupBudget = 3 * time.Second

// lookUp asks the system resolver for the first probed name: the ground
// truth, because this is what the person's programs see.
func lookUp(ctx context.Context, env *diag.Env) error {
	if len(env.Config.Probe.Names) == 0 {
		return errNoNames
	}
	l := Lookup{Name: env.Config.Probe.Names[0], AtMS: env.SinceMS()}
	begin := time.Now()
	own, cancel := context.WithTimeout(ctx, lookupBudget)
	defer cancel()
	l.Outcome, l.IPs = systemLookup(own, env.Host, l.Name)
	if ctx.Err() != nil {
		return ctx.Err() // cut: nothing is known
	}
	if own.Err() != nil && l.Outcome != Found {
		l.Outcome = Slow
	}
	l.TookMS = diag.MS(time.Since(begin))
	Section.Update(env.Facts, func(f *Facts) { f.Lookups = append(f.Lookups, l) })
	return nil
}

// parseGetent reads the output of "getent ahosts": an address, a socket type
// and perhaps a name per line; every address once, in order.
func parseGetent(b []byte) []string {
	var ips []string
	for line := range bytes.Lines(b) {
		fields := strings.Fields(string(line))
		if len(fields) == 0 {
			continue
		}
		a, err := netip.ParseAddr(fields[0])
		if err == nil && !contains(ips, a.String()) && len(ips) < maxIPs {
			ips = append(ips, a.String())
		}
	}
	return ips
}
