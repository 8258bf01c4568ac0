package internet

import (
	"context"
	"path"

	"deskside/diag/host"
)

// nmActive is what NetworkManager says about one connection in use.
type nmActive struct {
	script  string // the address of its proxy script
	wpad    string // what its lease says about one (option 252)
	captive string // where the network says who is signed in (option 114)
}

// nmAuto is proxy.method for a script (NMSettingProxyMethod).
const nmAuto = 1

// nmProxies are the scripts of NetworkManager's connections in use: from the
// service itself, or from its files where it does not answer.
func nmProxies(ctx context.Context, h host.Host) []PAC {
	if _, err := h.Stat("/run/NetworkManager"); err != nil {
		return nil // it does not run: nobody is told what its files say
	}
	active, ok := nmSays(ctx, h)
	if !ok {
		return nmScripts(h)
	}
	var out []PAC
	for _, a := range active {
		if a.script != "" {
			out = append(out, script(PAC{Variable: "proxy.pac-url", Source: fromNM}, a.script))
		}
	}
	return out
}

// leased is an option of this PC's leases: from the clients' files, or from
// NetworkManager, which keeps its own to itself.
func leased(ctx context.Context, h host.Host, names leaseOpt, of func(nmActive) string) string {
	if v := leaseOption(h, names); v != "" {
		return v
	}
	active, _ := nmSays(ctx, h)
	for _, a := range active {
		if v := of(a); v != "" {
			return v
		}
	}
	return ""
}

// nmScripts reads the scripts that NetworkManager's connections name for
// programs that ask it (nm-settings-keyfile(5), [proxy]; method 1 is auto).
// Only root may read those files; a connection without an address for its
// script leaves the search for one to the program.
func nmScripts(h host.Host) []PAC {
	var out []PAC
	for _, dir := range []string{"/run/NetworkManager/system-connections", "/etc/NetworkManager/system-connections"} {
		entries, _ := h.ReadDir(dir) // not there, or not for us
		for _, e := range entries {
			file := path.Join(dir, e.Name())
			b, err := h.ReadFile(file)
			if err != nil {
				continue
			}
			sections := ParseKeyFile(b)
			proxy := sections["proxy"]
			if proxy["method"] != "1" || proxy["pac-url"] == "" || !inUse(h, sections) {
				continue
			}
			out = append(out, script(PAC{Variable: "proxy.pac-url", Source: fromNM, File: file}, proxy["pac-url"]))
		}
	}
	return out
}

// inUse: a connection counts while its adapter holds it, which NetworkManager
// writes down for every device (/run/NetworkManager/devices).
func inUse(h host.Host, connection map[string]map[string]string) bool {
	const dir = "/run/NetworkManager/devices"
	entries, err := h.ReadDir(dir)
	if err != nil {
		return true // an older one, which does not write it
	}
	for _, e := range entries {
		if b, err := h.ReadFile(path.Join(dir, e.Name())); err == nil && ParseKeyFile(b)["device"]["connection-uuid"] == connection["connection"]["uuid"] {
			return true
		}
	}
	return len(entries) == 0
}
