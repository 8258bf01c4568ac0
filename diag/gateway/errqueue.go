package gateway

import (
	"net/netip"

	"deskside/diag/link/icmp"
)

// fateOf says what an error means for a packet sent to target: RFC 792 and
// RFC 4443.
func fateOf(e icmp.Error, target netip.Addr) string {
	expired, unreachable, port := 11, 3, 3
	if e.V6 {
		expired, unreachable, port = 3, 1, 4
	}
	switch {
	case e.Type == expired:
		return Expired
	case e.Type == unreachable && e.Code == port && e.From == target.WithZone(""):
		return Reached
	case e.Type == unreachable:
		return Unreachable
	}
	return ""
}
