package internet

import (
	"context"
	"net/url"
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
	for _, s := range settings(env) {
		proxies = append(proxies, s.Proxy)
	}
	tracked := conntrack(env.Host)
	var asked Asked
	env.Facts.Look(func(f diag.Facts) { asked = count(env, f, proxies) })
	Section.Update(env.Facts, func(f *Facts) {
		f.Proxies, f.Tracked, f.Asked = proxies, tracked, asked
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

// settings reads the proxies of this process's environment and of
// /etc/environment. What stands the same in both came from the file, and the
// file is where it can be changed.
func settings(env *diag.Env) []setting {
	raw, _ := env.Host.ReadFile(environmentFile)
	file := ParseEnvironmentFile(raw)
	out := proxySettings(func(name string) string { return file[name].value })
	known := map[string]bool{}
	for i := range out {
		out[i].Source, out[i].Line = environmentFile, file[out[i].Variable].line
		known[out[i].Variable+" "+out[i].URL] = true
	}
	for _, s := range proxySettings(env.Host.Getenv) {
		if !known[s.Variable+" "+s.URL] {
			out = append(out, s)
		}
	}
	if bypassed(env, noProxy(env, file)) {
		for i := range out {
			out[i].Bypassed = true
		}
	}
	return out
}

// noProxy is the list of hosts that are reached without a proxy.
func noProxy(env *diag.Env, file map[string]assignment) string {
	_, none := spelled(env.Host.Getenv, "no_proxy")
	if none == "" {
		_, none = spelled(func(name string) string { return file[name].value }, "no_proxy")
	}
	return none
}

// bypassed reports whether no_proxy exempts every host we ask.
func bypassed(env *diag.Env, noProxy string) bool {
	urls := append([]string{}, env.Config.Probe.HTTPS...)
	for _, w := range env.Config.Probe.Web {
		urls = append(urls, w.URL)
	}
	for _, s := range urls {
		if u, err := url.Parse(s); err == nil && !exempt(noProxy, u.Hostname()) {
			return false
		}
	}
	return len(urls) > 0
}

// proxiesToAsk counts the different proxies in use that can be asked for a page.
func proxiesToAsk(proxies []Proxy) int {
	seen := map[string]bool{}
	for _, p := range proxies {
		if p.URL != "" && !p.Bypassed && speakable(p.URL) {
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
