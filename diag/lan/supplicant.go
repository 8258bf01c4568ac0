package lan

import (
	"path"
	"strings"

	"deskside/diag/host"
)

// supplicantFor says by which sign this PC is set up to sign in (802.1X) at
// the port that a link is plugged into, or "". What the files hold is secret
// and is not read; that they are there says enough: the names are those of
// wpa_supplicant-wired@.service, and of interfaces(5) with wpa-driver wired.
func supplicantFor(h host.Host, link string) (sign string) {
	if _, err := h.Stat(path.Join("/etc/wpa_supplicant", "wpa_supplicant-wired-"+link+".conf")); err == nil {
		return "wpa_supplicant"
	}
	for _, where := range []string{"/etc/network/interfaces", "/etc/network/interfaces.d"} {
		lines(h, where, func(w []string, dev *string) {
			switch {
			case w[0] == "iface" && len(w) > 1:
				*dev = w[1]
			case w[0] == "wpa-driver" && len(w) > 1 && w[1] == "wired" && strings.EqualFold(*dev, link):
				sign = "interfaces"
			}
		})
	}
	return sign
}
