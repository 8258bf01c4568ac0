package link

import "testing"

func TestPlain(t *testing.T) {
	def := func(index int) Route { return Route{Default: true, Type: "unicast", Index: index, Family: 4} }
	lo := Link{Index: 1, Kind: "loopback"}
	nic := Link{Index: 2, Kind: "ether", Hardware: true}
	for _, c := range []struct {
		name   string
		links  []Link
		routes []Route
		want   []int // indexes of plain links
	}{
		{"laptop", []Link{lo, nic, {Index: 3, Kind: "wifi", Hardware: true}}, nil, []int{2, 3}},
		{"docker host", []Link{lo, nic, {Index: 3, Kind: "bridge"}, {Index: 4, Kind: "veth", Master: 3}}, []Route{def(2)}, []int{2}},
		{"host with bare container veths", []Link{lo, nic, {Index: 3, Kind: "veth", Lower: 2}}, []Route{def(2)}, []int{2}},
		{"virtual host-only adapter", []Link{lo, nic, {Index: 3, Kind: "ether"}}, nil, []int{2}},
		{"bridge over the adapter", []Link{lo, {Index: 2, Kind: "ether", Hardware: true, Master: 3}, {Index: 3, Kind: "bridge"}, {Index: 4, Kind: "veth", Master: 3}}, nil, []int{3}},
		{"bond under a VLAN", []Link{lo, {Index: 2, Kind: "ether", Hardware: true, Master: 3}, {Index: 3, Kind: "bond"}, {Index: 4, Kind: "vlan", Lower: 3}}, nil, []int{3, 4}},
		{"VPN has the default route", []Link{lo, nic, {Index: 3, Kind: "wireguard"}, {Index: 4, Kind: "tun"}}, []Route{def(3)}, []int{2}},
		{"PPPoE", []Link{lo, nic, {Index: 3, Kind: "ppp"}}, []Route{def(3)}, []int{2, 3}},
		{"in a container", []Link{lo, {Index: 2, Kind: "veth", Lower: 9}}, nil, []int{2}},
		{"rootless container with a TAP", []Link{lo, {Index: 2, Kind: "tun"}}, []Route{def(2)}, []int{2}},
		{"member of a VRF", []Link{lo, {Index: 2, Kind: "ether", Hardware: true, Master: 3}, {Index: 3, Kind: "other"}}, nil, []int{2}},
		{"two bridges that name each other", []Link{{Index: 2, Kind: "bridge", Master: 3}, {Index: 3, Kind: "bridge", Master: 2}}, nil, nil},
	} {
		markPlain(c.links, c.routes)
		var got []int
		for _, l := range c.links {
			if l.Plain {
				got = append(got, l.Index)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: plain = %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: plain = %v, want %v", c.name, got, c.want)
			}
		}
	}
}
