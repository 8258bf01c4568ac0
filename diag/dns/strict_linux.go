package dns

import (
	"context"
	"net"
	"path"
	"sort"
	"strings"
	"sync"

	"deskside/diag"
	"deskside/diag/host"
)

// strictDirs hold resolved.conf and its drop-ins, the strongest first:
// resolved.conf(5), "Configuration Directories and Precedence".
var strictDirs = []string{"/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"}

// readStrict says whether systemd-resolved is told to ask over TLS only.
// Files say so; what a network manager sets for one link is not in them.
func readStrict(h host.Host) diag.Tri {
	value := ""
	for _, dir := range strictDirs {
		if b, err := h.ReadFile(dir + "/resolved.conf"); err == nil {
			value = setting(b, value)
			break
		}
	}
	for _, file := range dropIns(h) {
		if b, err := h.ReadFile(file); err == nil {
			value = setting(b, value)
		}
	}
	switch value {
	case "yes", "true", "on", "1", "y", "t": // parse_boolean of systemd
		return diag.Yes
	}
	return diag.No // "no" and "opportunistic", and every system's default
}

// dropIns are the files that add to resolved.conf, in the order of their
// names; the strongest directory wins where two have the same.
func dropIns(h host.Host) []string {
	byName := map[string]string{}
	var names []string
	for _, dir := range strictDirs {
		entries, err := h.ReadDir(dir + "/resolved.conf.d")
		if err != nil {
			continue
		}
		for _, e := range entries {
			if path.Ext(e.Name()) == ".conf" && byName[e.Name()] == "" {
				byName[e.Name()] = dir + "/resolved.conf.d/" + e.Name()
				names = append(names, e.Name())
			}
		}
	}
	sort.Strings(names)
	for i, name := range names {
		names[i] = byName[name]
	}
	return names
}

// setting is the last DNSOverTLS= of a file, or what was set before.
func setting(b []byte, before string) string {
	for line := range strings.Lines(string(b)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && strings.TrimSpace(key) == "DNSOverTLS" {
			before = strings.ToLower(strings.TrimSpace(value))
		}
	}
	return before
}

// knockTLS finds out whether the servers behind the stub take connections for
// name service over TLS (RFC 7858), where nothing else may be used.
func knockTLS(ctx context.Context, env *diag.Env) {
	f := snapshot(env)
	if f.Stub == nil || f.Stub.Strict != diag.Yes {
		return
	}
	var wg sync.WaitGroup
	for _, s := range f.withRole(Upstream) {
		wg.Go(func() {
			door, ok := knock(ctx, env, s.Address)
			if ok {
				Section.Update(env.Facts, func(f *Facts) { f.server(s).TLS = door })
			}
		})
	}
	wg.Wait()
}

func knock(ctx context.Context, env *diag.Env, address string) (outcome string, known bool) {
	own, cancel := context.WithTimeout(ctx, tcpLeast)
	defer cancel()
	env.Ledger.Sent(address, 853, "tcp", "dns-tls", 0)
	c, err := env.Host.Dial(own, host.DialOptions{}, "tcp", net.JoinHostPort(address, "853"))
	if err == nil {
		c.Close()
		return Answered, true
	}
	outcome, _ = outcomeOf(err)
	return outcome, ctx.Err() == nil
}
