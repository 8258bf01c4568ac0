package lan

import (
	"net/netip"
	"path"
	"strings"

	"deskside/diag/host"
	"deskside/diag/link"
)

// known is a router that a file on this PC names.
type known struct {
	address netip.Addr
	dev     string // "" where the file does not say
	source  string // lease or config
}

// Sources of what files say.
const (
	lease   = "lease"
	setting = "config"
)

// routersOnFile reads what DHCP once said (dhclient.leases(5) and
// systemd-networkd's leases) and what an administrator wrote (interfaces(5),
// systemd.network(5)).
func routersOnFile(h host.Host) []known {
	var out []known
	add := func(word, dev, source string) {
		a, err := netip.ParseAddr(strings.Trim(word, `";,`))
		if err == nil && a.Is4() && !a.IsUnspecified() && !a.IsLoopback() {
			out = append(out, known{a, dev, source})
		}
	}
	for _, dir := range []string{"/var/lib/dhcp", "/var/lib/dhclient", "/var/lib/NetworkManager", "/run/systemd/netif/leases"} {
		lines(h, dir, func(words []string, dev *string) {
			switch {
			case words[0] == "interface" && len(words) > 1:
				*dev = strings.Trim(words[1], `";`)
			case words[0] == "option" && len(words) > 2 && words[1] == "routers":
				add(words[2], *dev, lease)
			case strings.HasPrefix(words[0], "ROUTER="):
				add(strings.TrimPrefix(words[0], "ROUTER="), "", lease)
			}
		})
	}
	for _, dir := range []string{"/etc/network/interfaces", "/etc/network/interfaces.d", "/etc/systemd/network"} {
		lines(h, dir, func(words []string, dev *string) {
			switch {
			case words[0] == "iface" && len(words) > 1:
				*dev = words[1]
			case words[0] == "gateway" && len(words) > 1:
				add(words[1], *dev, setting)
			case strings.HasPrefix(words[0], "Gateway="):
				add(strings.TrimPrefix(words[0], "Gateway="), "", setting)
			}
		})
	}
	return out
}

// dhcpClient says by which sign this PC asks for addresses by itself, or "".
func dhcpClient(h host.Host, f link.Facts) (sign string) {
	ours := map[string]bool{}
	for _, l := range f.Links {
		ours[l.Name] = true
	}
	for _, dir := range []string{"/etc/network/interfaces", "/etc/network/interfaces.d"} {
		lines(h, dir, func(w []string, _ *string) {
			if len(w) > 3 && w[0] == "iface" && ours[w[1]] && w[2] == "inet" && w[3] == "dhcp" {
				sign = "interfaces"
			}
		})
	}
	for _, dir := range []string{"/etc/systemd/network", "/run/systemd/network"} {
		lines(h, dir, func(w []string, _ *string) {
			switch strings.ToLower(w[0]) {
			case "dhcp=yes", "dhcp=ipv4", "dhcp=true", "dhcp=both":
				sign = "networkd"
			}
		})
	}
	for file, is := range map[string]string{
		"/run/dhclient.pid": "dhclient", "/run/dhcpcd.pid": "dhcpcd", "/run/dhcpcd/pid": "dhcpcd", "/run/NetworkManager/NetworkManager.pid": "NetworkManager",
	} {
		if _, err := h.Stat(file); err == nil && sign == "" {
			sign = is
		}
	}
	for name := range ours {
		for _, file := range []string{"/run/dhclient." + name + ".pid", "/run/dhcpcd-" + name + ".pid", "/run/udhcpc." + name + ".pid", "/var/lib/dhcp/dhclient." + name + ".leases"} {
			if _, err := h.Stat(file); err == nil && sign == "" {
				sign = "dhclient"
			}
		}
	}
	return sign
}

// lines visits the non-empty lines of a file, or of the files in a folder, as
// words. dev starts empty in every file and is the visitor's own.
func lines(h host.Host, where string, visit func(words []string, dev *string)) {
	files := []string{where}
	if entries, err := h.ReadDir(where); err == nil {
		files = nil
		for _, e := range entries {
			files = append(files, path.Join(where, e.Name()))
		}
	}
	for _, file := range files {
		b, err := h.ReadFile(file)
		if err != nil {
			continue
		}
		dev := ""
		for line := range strings.Lines(string(b)) {
			if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
				visit(words, &dev)
			}
		}
	}
}
