// Package lab builds small internets out of Linux network namespaces, breaks
// them in one known way, and runs programs on the PC inside.
//
//	pc ──eth0── [br0 in lan] ──lan0── gw ──wan0/cust0── isp ──up0/dn0── far
//	192.168.1.50/24          192.168.1.1  100.64.0.2 ↔ .1   198.51.100.1 ↔ .2
//
// far holds what the PC looks for outside: 9.9.9.9 and 1.1.1.1 (name service
// and TCP 443), 203.0.113.80 and .81 (web). isp holds the provider's own name
// server, 198.51.100.53. gw masquerades and answers names for the LAN. With
// IPv6, the LAN is 2001:db8:1::/64.
//
// Every world starts healthy and is then broken, as a real one would be. All
// servers live in the process that called [Up]: their sockets are opened on a
// thread inside a namespace and then served from anywhere. Nothing is ever
// dialled from there, because net.Dial moves to other threads.
//
// The PC has a mount namespace of its own: a fresh /sys (it shows the network
// namespace of whoever mounted it), an overlay over /etc, an empty /run. The
// machine that runs the lab is not touched, and nothing is left behind.
//
// Which row of the fault matrix is injected by which world is in rows_test.go;
// "bench matrix" shows every world to the program with every kind of rights.
//
// The addresses are those reserved for documentation (RFC 5737, RFC 3849),
// shared address space (RFC 6598), and four well-known resolvers that exist
// here only inside the namespace.
package lab
