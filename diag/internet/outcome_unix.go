//go:build !windows

package internet

import "syscall"

var errnos = map[syscall.Errno]errnoMeaning{
	syscall.ECONNREFUSED:  {Refused, "ECONNREFUSED"},
	syscall.ETIMEDOUT:     {Timeout, "ETIMEDOUT"},
	syscall.ENETUNREACH:   {NoNetwork, "ENETUNREACH"},
	syscall.EHOSTUNREACH:  {NoNetwork, "EHOSTUNREACH"},
	syscall.ENETDOWN:      {NoNetwork, "ENETDOWN"},
	syscall.EINVAL:        {NoNetwork, "EINVAL"}, // a blackhole route
	syscall.EPERM:         {Denied, "EPERM"},
	syscall.EACCES:        {Denied, "EACCES"},
	syscall.EADDRNOTAVAIL: {Exhausted, "EADDRNOTAVAIL"},
	syscall.EMFILE:        {Exhausted, "EMFILE"},
	syscall.ENFILE:        {Exhausted, "ENFILE"},
	syscall.ECONNRESET:    {Broken, "ECONNRESET"},
	syscall.EPIPE:         {Broken, "EPIPE"},
}
