package dns

import (
	"strings"
	"testing"
	"testing/fstest"

	"deskside/diag/host/fake"
)

func TestForwarder(t *testing.T) {
	local := Conf{Servers: []string{"127.0.0.1"}}
	for name, c := range map[string]struct {
		conf  Conf
		files map[string]string
		want  string // kind and servers; "" for none
	}{
		"nobody known":         {local, nil, ""},
		"not on this PC":       {Conf{Servers: []string{"127.0.0.1", "192.0.2.1"}}, map[string]string{"run/dnsmasq/dnsmasq.pid": "1"}, ""},
		"no server at all":     {Conf{}, map[string]string{"run/dnsmasq/dnsmasq.pid": "1"}, ""},
		"systemd-resolved":     {Conf{Servers: []string{"127.0.0.53"}}, map[string]string{"run/systemd/resolve/resolv.conf": "nameserver 192.0.2.1\n", "run/dnsmasq/dnsmasq.pid": "1"}, "systemd-resolved 192.0.2.1"},
		"NetworkManager's":     {local, map[string]string{"run/NetworkManager/dnsmasq.pid": "1", "run/NetworkManager/no-stub-resolv.conf": "nameserver 192.0.2.1\nnameserver 127.0.0.1\n"}, "dnsmasq 192.0.2.1"},
		"NetworkManager alone": {local, map[string]string{"run/NetworkManager/no-stub-resolv.conf": "nameserver 192.0.2.1\n"}, ""},
		"dnsmasq by DHCP":      {local, map[string]string{"run/dnsmasq/dnsmasq.pid": "1", "run/dnsmasq/resolv.conf": "nameserver 192.0.2.1\n", "etc/dnsmasq.conf": "#server=192.0.2.9\n"}, "dnsmasq 192.0.2.1"},
		"dnsmasq by its files": {local, map[string]string{"run/dnsmasq/dnsmasq.pid": "1", "run/dnsmasq/resolv.conf": "nameserver 192.0.2.1\n",
			"etc/dnsmasq.d/a.conf": "server=/corp.example/192.0.2.8\nserver=192.0.2.2 # first\nserver=192.0.2.3#5353\nserver=127.0.0.1#53\n", "etc/dnsmasq.d/b.conf": "server=2001:db8::1#53"}, "dnsmasq 192.0.2.2 2001:db8::1"},
		"set up, not running": {local, map[string]string{"etc/dnsmasq.conf": "server=192.0.2.2\n"}, "dnsmasq"},
		"unbound forwards": {local, map[string]string{"run/unbound.pid": "1", "etc/unbound/unbound.conf": "server:\n  interface: 127.0.0.1 # here\nforward-zone:\n  name: \"corp.example\"\n  forward-addr: 192.0.2.8\n",
			"etc/unbound/unbound.conf.d/f.conf": "forward-zone:\n\tname: \".\"\n\tforward-addr: 192.0.2.4@53#dns.example\n\tforward-addr: 192.0.2.5@853\n\tforward-addr: 2001:db8::5\nremote-control:\n  name: \".\"\n  forward-addr: 192.0.2.9\n"}, "unbound 192.0.2.4 2001:db8::5"},
		"unbound by itself": {local, map[string]string{"run/unbound.pid": "1", "etc/unbound/unbound.conf": "server:\n  interface: 127.0.0.1\n"}, "unbound"},
		"more than three":   {local, map[string]string{"run/dnsmasq/dnsmasq.pid": "1", "etc/dnsmasq.conf": "server=192.0.2.1\nserver=192.0.2.2\nserver=192.0.2.3\nserver=192.0.2.4\n"}, "dnsmasq 192.0.2.1 192.0.2.2 192.0.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &fake.Host{Files: fstest.MapFS{}}
			for path, content := range c.files {
				h.Files[path] = &fstest.MapFile{Data: []byte(content)}
			}
			got := ""
			if s := readStub(h, c.conf); s != nil {
				got = strings.Join(append([]string{s.Kind}, s.Upstreams...), " ")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
