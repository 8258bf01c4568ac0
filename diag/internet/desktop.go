package internet

import (
	"net"
	"path"
	"strconv"
	"strings"

	"deskside/diag/host"
	"deskside/diag/internet/dconf"
	"deskside/diag/people"
)

// desktop is what one person's desktop says about proxies.
type desktop struct {
	proxies []setting
	scripts []PAC
	except  string // hosts to reach without
}

// desktops reads GNOME's and KDE's settings of everybody who sits here.
func desktops(h host.Host, who []people.Person) []desktop {
	var out []desktop
	for _, p := range who {
		out = append(out, gnome(h, p), kde(h, p))
	}
	return out
}

// gnome reads the schema org.gnome.system.proxy (gsettings-desktop-schemas)
// from the person's database, and what is not set there from the system's,
// which are laid under it (dconf(7), "Profiles").
func gnome(h host.Host, p people.Person) (d desktop) {
	values, file := dconf.Values{}, ""
	for _, f := range []string{"/etc/dconf/db/local", "/etc/dconf/db/site", path.Join(p.Home, ".config/dconf/user")} {
		b, err := h.ReadFile(f)
		if err != nil {
			continue
		}
		found, _ := dconf.Parse(b) // one that is damaged says nothing, to the desktop neither
		for key, v := range found {
			if strings.HasPrefix(key, gnomeFolder) {
				values[key], file = v, f
			}
		}
	}
	word := func(key string) string { s, _ := values[gnomeFolder+key].(string); return s }
	number := func(key string) int { n, _ := values[gnomeFolder+key].(int32); return int(n) }
	const schema = "org.gnome.system.proxy "
	switch word("mode") {
	case "manual":
		if list, ok := values[gnomeFolder+"ignore-hosts"].([]string); ok {
			d.except = strings.Join(list, ",")
		} else {
			d.except = "localhost,127.0.0.0/8,::1" // the schema's default
		}
		for _, kind := range []struct{ folder, scheme, speaks string }{{"http", "http", "http"}, {"https", "https", "http"}, {"socks", "all", "socks5"}} {
			if name := word(kind.folder + "/host"); name != "" {
				at := Proxy{Variable: schema + kind.folder, Source: fromGNOME, File: file, User: p.Name}
				d.proxies = append(d.proxies, made(at, kind.scheme, kind.speaks+"://"+joinPort(name, number(kind.folder+"/port"))))
			}
		}
	case "auto":
		d.scripts = []PAC{script(PAC{Variable: schema + "autoconfig-url", Source: fromGNOME, File: file, User: p.Name}, word("autoconfig-url"))}
	}
	return d
}

const gnomeFolder = "/system/proxy/"

// joinPort leaves out a port that is not set.
func joinPort(name string, port int) string {
	if port <= 0 || port > 0xffff {
		return name
	}
	return net.JoinHostPort(strings.Trim(name, "[]"), strconv.Itoa(port))
}

// Values of ProxyType in kioslaverc (KDE, kprotocolmanager.h).
const (
	kdeManual = "1"
	kdeScript = "2"
	kdeWPAD   = "3"
)

// kde reads kioslaverc. Addresses there have their port after a blank.
func kde(h host.Host, p people.Person) (d desktop) {
	file := path.Join(p.Home, ".config/kioslaverc")
	b, err := h.ReadFile(file)
	if err != nil {
		return d
	}
	set := ParseKeyFile(b)["Proxy Settings"]
	at := func(key string) Proxy { return Proxy{Variable: key, Source: fromKDE, File: file, User: p.Name} }
	wpad := PAC{Variable: "ProxyType", Source: fromKDE, File: file, User: p.Name}
	switch set["ProxyType"] {
	case kdeManual:
		d.except = set["NoProxyFor"]
		if set["ReversedException"] == "true" {
			d.except = "*" // only for the hosts in the list, which are none of those we ask
		}
		for _, kind := range []struct{ key, scheme string }{{"httpProxy", "http"}, {"httpsProxy", "https"}, {"socksProxy", "all"}} {
			if value := set[kind.key]; value != "" {
				d.proxies = append(d.proxies, made(at(kind.key), kind.scheme, kdeAddress(value, kind.key == "socksProxy")))
			}
		}
	case kdeScript:
		wpad.Variable = "Proxy Config Script"
		d.scripts = []PAC{script(wpad, set["Proxy Config Script"])}
	case kdeWPAD:
		d.scripts = []PAC{script(wpad, "")}
	}
	return d
}

func kdeAddress(value string, socks bool) string {
	fields := strings.Fields(value)
	if len(fields) == 0 {
		return value
	}
	address := fields[0]
	if len(fields) == 2 && fields[1] != "0" {
		address += ":" + fields[1]
	}
	if rest, ok := strings.CutPrefix(address, "socks://"); ok {
		address = "socks5://" + rest
	} else if socks && !strings.Contains(address, "://") {
		address = "socks5://" + address
	}
	return address
}
