package gateway

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Answer is what became of one packet of [Ask].
type Answer struct {
	Outcome string     // Expired, Unreachable, Reached, Silent, Denied, NoRoute; empty when it was cut short
	From    netip.Addr // who spoke; invalid for the outcomes without a voice
	RTT     time.Duration
}

// BasePort is where packets of [Ask] go, plus the hops they may go: the port
// that traceroute(8) uses, where nothing listens.
const BasePort = basePort

// Ask sends one UDP packet that may go ttl hops, and hears what becomes of it
// for as long as patience lasts. It needs no rights. Size is that of the whole
// IP packet in bytes; above the smallest possible one it is not to be
// fragmented, and the path MTU that the kernel knows is not looked at
// (IP_PMTUDISC_PROBE, ip(7)). Zero is a short packet.
func Ask(ctx context.Context, target netip.Addr, ttl, size int, patience time.Duration) Answer {
	headers, whole := 20+8, option{unix.SOL_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE}
	if target.Is6() {
		headers, whole = 40+8, option{unix.SOL_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE}
	}
	payload, options := greeting, []option(nil)
	if size > headers+len(greeting) {
		payload, options = make([]byte, size-headers), []option{whole}
		copy(payload, greeting)
	}
	s, err := launch(target, ttl, payload, options...)
	if errors.Is(err, unix.ENOBUFS) { // the device threw it away: told to IP_RECVERR sockets only, udp(7)
		return Answer{Outcome: Silent}
	}
	if err != nil {
		outcome, _ := refusal(err)
		return Answer{Outcome: outcome}
	}
	e, rtt, err := s.wait(ctx, patience)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Answer{Outcome: Silent}
	case err != nil:
		return Answer{}
	}
	return Answer{Outcome: fateOf(e, target), From: e.From, RTT: rtt}
}
