package gateway

import (
	"net/netip"

	"deskside/diag/config"
)

func configOf() config.Config { return config.Default() }

func addrOf(s string) netip.Addr { return netip.MustParseAddr(s) }
