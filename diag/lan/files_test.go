package lan

import (
	"testing"
	"testing/fstest"

	"deskside/diag/host/fake"
	"deskside/diag/link"
)

func file(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }

func TestRoutersOnFile(t *testing.T) {
	h := &fake.Host{Files: fstest.MapFS{
		"var/lib/dhcp/dhclient.leases":    file("lease {\n  interface \"eth0\";\n  option routers 192.0.2.1, 192.0.2.2;\n}\n"),
		"run/systemd/netif/leases/2":      file("# private\nADDRESS=192.0.2.50\nROUTER=192.0.2.3\n"),
		"etc/network/interfaces":          file("# gateway 192.0.2.9\niface eth1 inet static\n\tgateway 192.0.2.4\n"),
		"etc/systemd/network/lan.network": file("[Network]\nGateway=192.0.2.5\nGateway=fe80::1\n"),
	}}
	want := map[string]known{"192.0.2.1": {dev: "eth0", source: "lease"}, "192.0.2.3": {source: "lease"}, "192.0.2.4": {dev: "eth1", source: "config"}, "192.0.2.5": {source: "config"}}
	got := routersOnFile(h)
	if len(got) != len(want) {
		t.Errorf("%+v", got)
	}
	for _, k := range got {
		if w, ok := want[k.address.String()]; !ok || w.dev != k.dev || w.source != k.source {
			t.Errorf("%+v, want %+v", k, w)
		}
	}
}

func TestDHCPClient(t *testing.T) {
	ours := link.Facts{Links: []link.Link{{Name: "eth0"}}}
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"nothing":          {nil, ""},
		"our link":         {fstest.MapFS{"etc/network/interfaces": file("iface eth0 inet dhcp\n")}, "interfaces"},
		"another's link":   {fstest.MapFS{"etc/network/interfaces": file("iface wlan9 inet dhcp\n")}, ""},
		"IPv6 only":        {fstest.MapFS{"etc/network/interfaces": file("iface eth0 inet6 dhcp\n")}, ""},
		"static":           {fstest.MapFS{"etc/network/interfaces.d/eth0": file("iface eth0 inet static\n")}, ""},
		"networkd":         {fstest.MapFS{"etc/systemd/network/a.network": file("[Network]\nDHCP=yes\n")}, "networkd"},
		"networkd without": {fstest.MapFS{"etc/systemd/network/a.network": file("[Network]\nDHCP=no\n")}, ""},
		"a lease of ours":  {fstest.MapFS{"run/dhclient.eth0.pid": file("7\n")}, "dhclient"},
		"NetworkManager":   {fstest.MapFS{"run/NetworkManager/NetworkManager.pid": file("7\n")}, "NetworkManager"},
	} {
		if got := dhcpClient(&fake.Host{Files: c.files}, ours); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
