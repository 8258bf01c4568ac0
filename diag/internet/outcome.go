package internet

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// classify turns the error of a connection into its outcome and the name of
// the errno behind it, if there is one. The errno is evidence: a missing
// route, a local rule and a closed port all say different things (causes.md).
func classify(err error) (Outcome, string) {
	if err == nil {
		return Connected, ""
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		if o, ok := errnos[errno]; ok {
			return o.outcome, o.name
		}
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return Timeout, ""
	}
	return Broken, ""
}

type errnoMeaning struct {
	outcome Outcome
	name    string
}

// bindRefused reports that the socket could not be bound to an interface: an
// EPERM that did not come from connect(2) says nothing about the network.
func bindRefused(err error) bool {
	var call *os.SyscallError
	return (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES)) && !errors.As(err, &call)
}
