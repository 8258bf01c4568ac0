//go:build !windows

package dns

import "syscall"

// errnos are the errors that say something about the path or the server.
var errnos = []struct {
	errno         error
	outcome, name string
}{
	{syscall.ECONNREFUSED, Closed, "ECONNREFUSED"},
	{syscall.EPERM, Denied, "EPERM"},
	{syscall.EACCES, Denied, "EACCES"},
	{syscall.ENETUNREACH, NoRoute, "ENETUNREACH"},
	{syscall.EHOSTUNREACH, NoRoute, "EHOSTUNREACH"},
	{syscall.ENETDOWN, NoRoute, "ENETDOWN"},
	{syscall.EINVAL, NoRoute, "EINVAL"}, // a blackhole route
	{syscall.EADDRNOTAVAIL, NoRoute, "EADDRNOTAVAIL"},
	{syscall.ETIMEDOUT, Silent, "ETIMEDOUT"},
	{syscall.ECONNRESET, Malformed, "ECONNRESET"},
	{syscall.EMFILE, Failed, "EMFILE"},
	{syscall.ENFILE, Failed, "ENFILE"},
}
