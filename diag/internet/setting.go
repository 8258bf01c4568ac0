package internet

import (
	"net/url"
	"strings"

	"deskside/diag"
	"deskside/diag/people"
)

// setting is one proxy as it is set somewhere. Name and password stay beside
// the fact, so that they can be used for the request a program of this PC
// would make, and never get into it.
type setting struct {
	Proxy
	scheme string // of the addresses it is meant for: http, https, all
	except string // hosts that are reached without it, as no_proxy lists them
	user   *url.Userinfo
}

// configured is all that this PC's files and variables say about proxies.
type configured struct {
	proxies []setting
	scripts []PAC
}

// Where a proxy is set, as the facts name it. Environment and the file of the
// same name apply to all programs, the desktops' own settings to programs with
// windows, apt's to apt alone.
const (
	fromEnvironment = "environment"
	fromProfile     = "profile"
	fromGNOME       = "gnome"
	fromKDE         = "kde"
	fromNM          = "networkmanager"
	fromAPT         = "apt"
	fromDHCP        = "dhcp"
	fromPAC         = "pac"
)

// settings reads them all, in the order in which they are shown. What stands
// the same in a file and in the environment came from the file, and the file
// is where it can be changed. It sends nothing and asks no service.
func settings(env *diag.Env) configured {
	h := env.Host
	var all configured
	raw, _ := h.ReadFile(environmentFile)
	file := ParseEnvironmentFile(raw)
	exceptions := noProxy(env, file)
	known := map[string]bool{}
	add := func(found []setting, except string) {
		for _, s := range found {
			if key := strings.ToLower(s.Variable) + " " + s.URL; s.Source == fromAPT || !known[key] {
				known[key] = true
				s.except = except
				all.proxies = append(all.proxies, s)
			}
		}
	}
	add(fromAssignments(file, environmentFile, "", ""), exceptions)
	if h.OS() == "linux" {
		who := people.Here(h)
		for _, f := range shellFiles(h, who) {
			add(fromAssignments(f.values, fromProfile, f.path, f.user), nonEmpty(f.values["no_proxy"].value, f.values["NO_PROXY"].value, exceptions))
		}
		add(proxySettings(h.Getenv), exceptions)
		for _, desktop := range desktops(h, who) {
			add(desktop.proxies, desktop.except)
			all.scripts = append(all.scripts, desktop.scripts...)
		}
		add(aptProxies(h), "")
	} else {
		add(proxySettings(h.Getenv), exceptions)
	}
	for i := range all.proxies {
		all.proxies[i].Bypassed = bypassed(env, all.proxies[i].except)
	}
	return all
}

// fromAssignments are the proxies among a file's variables.
func fromAssignments(values map[string]assignment, source, path, user string) []setting {
	out := proxySettings(func(name string) string { return values[name].value })
	for i := range out {
		s := &out[i]
		s.Source, s.Line, s.File, s.User = source, values[s.Variable].line, path, user
	}
	return out
}

func nonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
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

// made reads a proxy's address into a setting; one that is no address is kept
// and says so.
func made(p Proxy, scheme, value string) setting {
	s := setting{Proxy: p, scheme: scheme}
	if u, ok := proxyURL(value); ok {
		s.user, u.User = u.User, nil
		s.URL = u.String()
	} else {
		s.Outcome = Broken
	}
	return s
}
