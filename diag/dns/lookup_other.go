//go:build !linux

package dns

import (
	"context"
	"net"

	"deskside/diag/host"
)

// systemLookup goes through Go's default resolver, which on Windows and macOS
// calls the system's own getaddrinfo (package net, "Name Resolution"): here it
// is the ground truth that getent is on Linux.
func systemLookup(ctx context.Context, _ host.Host, name string) (string, []string) {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	var ips []string
	for _, a := range found[:min(len(found), maxIPs)] {
		ips = append(ips, a.Unmap().String())
	}
	if err != nil || len(ips) == 0 {
		return NotFound, nil
	}
	return Found, ips
}
