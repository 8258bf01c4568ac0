package link

import (
	"net/netip"
	"strings"
)

// sshEnds reads SSH_CONNECTION, "client cport server sport" (ssh(1)), and
// returns the two addresses; false when it is absent or not of that form.
func sshEnds(env string) (client, server netip.Addr, ok bool) {
	f := strings.Fields(env)
	if len(f) != 4 {
		return client, server, false
	}
	client, errC := netip.ParseAddr(f[0])
	server, errS := netip.ParseAddr(f[2])
	return client.Unmap(), server.Unmap(), errC == nil && errS == nil
}
