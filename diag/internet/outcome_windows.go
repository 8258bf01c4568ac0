package internet

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// The names are the POSIX ones, so that a saved report means the same
// everywhere.
var errnos = map[syscall.Errno]errnoMeaning{
	windows.WSAECONNREFUSED:  {Refused, "ECONNREFUSED"},
	windows.WSAETIMEDOUT:     {Timeout, "ETIMEDOUT"},
	windows.WSAENETUNREACH:   {NoNetwork, "ENETUNREACH"},
	windows.WSAEHOSTUNREACH:  {NoNetwork, "EHOSTUNREACH"},
	windows.WSAENETDOWN:      {NoNetwork, "ENETDOWN"},
	windows.WSAEACCES:        {Denied, "EACCES"},
	windows.WSAEADDRNOTAVAIL: {Exhausted, "EADDRNOTAVAIL"},
	windows.WSAENOBUFS:       {Exhausted, "ENOBUFS"},
	windows.WSAEMFILE:        {Exhausted, "EMFILE"},
	windows.WSAECONNRESET:    {Broken, "ECONNRESET"},
	windows.WSAECONNABORTED:  {Broken, "ECONNABORTED"},
}
