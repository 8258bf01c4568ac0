package lan

import (
	"testing"
	"testing/fstest"

	"deskside/diag/host/fake"
)

func TestSupplicant(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"nothing":                   {nil, ""},
		"wpa_supplicant":            {fstest.MapFS{"etc/wpa_supplicant/wpa_supplicant-wired-eth0.conf": file("")}, "wpa_supplicant"},
		"wpa_supplicant, elsewhere": {fstest.MapFS{"etc/wpa_supplicant/wpa_supplicant-wired-eth1.conf": file("")}, ""},
		"a radio's wpa_supplicant":  {fstest.MapFS{"etc/wpa_supplicant/wpa_supplicant-eth0.conf": file("")}, ""},
		"interfaces":                {fstest.MapFS{"etc/network/interfaces": file("iface eth0 inet dhcp\n  wpa-driver wired\n")}, "interfaces"},
		"interfaces, elsewhere":     {fstest.MapFS{"etc/network/interfaces": file("iface eth1 inet dhcp\n  wpa-driver wired\niface eth0 inet dhcp\n")}, ""},
	} {
		if got := supplicantFor(&fake.Host{Files: c.files}, "eth0"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
