package wifi

import (
	"path"
	"slices"
	"strings"

	"deskside/diag/host"
)

// adapters are the network interfaces with a radio behind them.
func adapters(h host.Host) []Adapter {
	const net = "/sys/class/net"
	entries, err := h.ReadDir(net)
	if err != nil {
		return nil
	}
	blocks := rfkill(h)
	var out []Adapter
	for _, e := range entries {
		dir := path.Join(net, e.Name())
		if _, err := h.Stat(path.Join(dir, "phy80211")); err != nil {
			continue
		}
		a := Adapter{Iface: e.Name(), Phy: line(h, path.Join(dir, "phy80211/name"))}
		if driver, err := h.Readlink(path.Join(dir, "device/driver")); err == nil {
			a.Driver = path.Base(driver)
		}
		// IFF_UP is the lowest bit of the flags, "0x1003".
		flags := line(h, path.Join(dir, "flags"))
		a.Up = flags != "" && strings.ContainsAny(flags[len(flags)-1:], "13579bdfBDF")
		a.Soft, a.Hard = blocks.of(a.Phy)
		out = append(out, a)
	}
	return out
}

type block struct {
	name       string
	soft, hard bool
}

type switches []block

// rfkill reads the radio switches (Documentation/driver-api/rfkill.rst).
func rfkill(h host.Host) (out switches) {
	const dir = "/sys/class/rfkill"
	entries, err := h.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		if line(h, path.Join(at, "type")) == "wlan" {
			out = append(out, block{line(h, path.Join(at, "name")), line(h, path.Join(at, "soft")) == "1", line(h, path.Join(at, "hard")) == "1"})
		}
	}
	return out
}

// of takes the radio's own switch. A laptop's separate one counts only when
// the radio has none: some firmware reports it wrongly while Wi-Fi works.
func (s switches) of(phy string) (soft, hard bool) {
	own := slices.IndexFunc(s, func(b block) bool { return b.name == phy })
	if own >= 0 {
		return s[own].soft, s[own].hard
	}
	for _, b := range s {
		soft, hard = soft || b.soft, hard || b.hard
	}
	return soft, hard
}

// driverless counts wireless PCI cards (class 0x0280: network controller,
// other) that no driver took.
func driverless(h host.Host) (n int) {
	const dir = "/sys/bus/pci/devices"
	entries, err := h.ReadDir(dir)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		if strings.HasPrefix(line(h, path.Join(at, "class")), "0x0280") {
			if _, err := h.Stat(path.Join(at, "driver")); err != nil {
				n++
			}
		}
	}
	return n
}

func line(h host.Host, file string) string {
	b, err := h.ReadFile(file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
