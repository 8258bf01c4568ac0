package internet

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/host"
)

const environmentFile = "/etc/environment"

// Local reads what is set on this PC: proxies, the connection-tracking table,
// and what there is to ask. It sends nothing.
func Local(ctx context.Context, env *diag.Env) {
	if len(env.Focus.Only) > 0 && !slices.Contains(env.Focus.Only, "dns") {
		dns.Local(ctx, env) // our names are resolved by this PC's own servers, which that check would read
	}
	var proxies []Proxy
	set := settings(env)
	if env.Host.OS() == "linux" {
		set.scripts = append(set.scripts, nmProxies(ctx, env.Host)...)
	}
	for _, s := range set.proxies {
		proxies = append(proxies, s.Proxy)
	}
	tracked := conntrack(env.Host)
	var asked Asked
	env.Facts.Look(func(f diag.Facts) { asked = count(env, f, proxies) })
	Section.Update(env.Facts, func(f *Facts) {
		f.Proxies, f.Scripts, f.Tracked, f.Asked = proxies, set.scripts, tracked, asked
		f.ClockLimitS = env.Config.Thresholds.ClockSkewSecs
	})
}

// count says how many of each kind the probes will ask.
func count(env *diag.Env, f diag.Facts, proxies []Proxy) Asked {
	a := Asked{Known: true, Proxied: proxiesToAsk(proxies)}
	for _, to := range anchorsFor(env.Config.Probe.Anchors, f) {
		if familyOf(to) == 4 {
			a.Anchors4++
		} else {
			a.Anchors6++
		}
	}
	if online(f) {
		a.Web, a.TLS = len(env.Config.Probe.Web), len(env.Config.Probe.HTTPS)
	}
	if len(env.Config.Probe.Web) == 0 {
		a.Proxied = 0 // nothing known beforehand to ask a proxy for
	}
	return a
}

// proxiesToAsk counts the different proxies in use that can be asked for a page.
func proxiesToAsk(proxies []Proxy) int {
	seen := map[string]bool{}
	for _, p := range proxies {
		if p.URL != "" && !p.Bypassed && p.pages() {
			seen[p.URL] = true
		}
	}
	return len(seen)
}

// conntrack reads how full the connection-tracking table is. Where it is not
// loaded there are no such files.
func conntrack(h host.Host) Tracked {
	count, ok1 := number(h, "/proc/sys/net/netfilter/nf_conntrack_count")
	most, ok2 := number(h, "/proc/sys/net/netfilter/nf_conntrack_max")
	return Tracked{Known: ok1 && ok2, Count: count, Max: most}
}

func number(h host.Host, path string) (int, bool) {
	b, err := h.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	return n, err == nil
}
