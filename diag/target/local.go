package target

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strconv"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// mostTargets bounds how many of the configured services one run tries.
const mostTargets = 16

// Local notes what there is to try, and whether a proxy applies. It sends
// nothing.
func Local(ctx context.Context, env *diag.Env) {
	asked := wanted(env)
	if len(asked) == 0 {
		return
	}
	if only := env.Focus.Only; len(only) > 0 { // what those checks would have read
		if !slices.Contains(only, "connectivity") {
			link.Local(ctx, env)
			if !slices.Contains(only, "dns") {
				dns.Local(ctx, env)
			}
		}
	}
	var targets []Target
	for _, w := range asked {
		t := w.Target
		if u := t.page(w, t.Port()); u != nil {
			t.Proxied = internet.ProxyFor(env, u)
		}
		targets = append(targets, t)
		if t.Name != "" && !t.Local {
			dns.Watch(env, t.Name)
		}
	}
	Section.Update(env.Facts, func(f *Facts) { f.Targets = targets })
}

// wanted are the person's target and the configured services, read again from
// where they were given: what a URL holds beside its host is not in the facts.
func wanted(env *diag.Env) []Wanted {
	var out []Wanted
	if w, err := Parse(env.Focus.Target); err == nil {
		out = append(out, w)
	}
	for _, s := range env.Config.Probe.Services {
		if w, err := Parse(s); err == nil && len(out) < mostTargets {
			w.Configured = true
			out = append(out, w)
		}
	}
	return out
}

// page is the URL to ask for on a port; nil where no HTTP is spoken.
func (t Target) page(w Wanted, port int) *url.URL {
	u := *w.URL
	standard := 80
	switch t.protocol(port) {
	case webSecure:
		u.Scheme, standard = "https", 443
	case webPlain:
		u.Scheme = "http"
	default:
		return nil
	}
	u.Host = t.hostPort(port, standard)
	return &u
}

// hostPort leaves the standard port out, as browsers do.
func (t Target) hostPort(port, standard int) string {
	if port != standard {
		return net.JoinHostPort(t.Shown(), strconv.Itoa(port))
	}
	if t.Name == "" && net.ParseIP(t.IP).To4() == nil {
		return "[" + t.IP + "]"
	}
	return t.Shown()
}
