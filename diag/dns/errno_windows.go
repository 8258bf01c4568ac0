package dns

import "golang.org/x/sys/windows"

// errnos are the errors that say something about the path or the server.
// Windows reports a closed UDP port as a reset connection.
var errnos = []struct {
	errno         error
	outcome, name string
}{
	{windows.WSAECONNREFUSED, Closed, "WSAECONNREFUSED"},
	{windows.WSAECONNRESET, Closed, "WSAECONNRESET"},
	{windows.WSAEACCES, Denied, "WSAEACCES"},
	{windows.WSAENETUNREACH, NoRoute, "WSAENETUNREACH"},
	{windows.WSAEHOSTUNREACH, NoRoute, "WSAEHOSTUNREACH"},
	{windows.WSAENETDOWN, NoRoute, "WSAENETDOWN"},
	{windows.WSAEADDRNOTAVAIL, NoRoute, "WSAEADDRNOTAVAIL"},
	{windows.WSAETIMEDOUT, Silent, "WSAETIMEDOUT"},
	{windows.WSAEMFILE, Failed, "WSAEMFILE"},
}
