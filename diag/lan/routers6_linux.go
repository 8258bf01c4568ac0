package lan

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/link"
)

// advertisers are the IPv6 routers that announced themselves on links of this
// PC, where there are several: then one may be a stray.
func advertisers(f link.Facts) []Router6 {
	var out []Router6
	for _, r := range f.Defaults(6) {
		l, _ := f.Link(r.Index)
		known := false
		for _, o := range out {
			known = known || o.Address == r.Gateway && o.Index == r.Index
		}
		if r.Advertised && r.Gateway != "" && l.Up && l.Carrier && !known && len(out) < maxOthers {
			out = append(out, Router6{Address: r.Gateway, Index: r.Index})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func worthRouters6(f diag.Facts) bool {
	l := Section.Of(f)
	return l.MayAsk == diag.Yes && len(l.Routers6) > 0
}

// askRouters6 asks every announced router whether it is there (RFC 4861,
// neighbour solicitation). The kernel would believe what it last heard for
// eight seconds.
func askRouters6(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	var plan Facts
	env.Facts.Look(func(f diag.Facts) { local, plan = link.Section.Of(f), Section.Of(f) })
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, arpPatience)
	defer cancel()
	socks := map[int]*os.File{}
	var ears sync.WaitGroup
	defer ears.Wait()
	for _, r := range plan.Routers6 {
		l, _ := local.Link(r.Index)
		if socks[r.Index] != nil || l.Name == "" {
			continue
		}
		sock, err := openICMP6(l.Name)
		if err != nil {
			return err
		}
		defer sock.Close()
		socks[r.Index] = sock
		ears.Go(func() {
			b := make([]byte, 1500)
			for {
				n, err := sock.Read(b)
				if err != nil {
					return
				}
				if who, mac, ok := advertised(b[:n]); ok {
					note6(env, who, mac, l.Index)
				}
			}
		})
	}
	begin := time.Now()
	for round := 0; ; round++ {
		ask6(env, local, socks)
		wait := arpPatience
		if round+1 < len(arpAt) {
			wait = arpAt[round+1]
		}
		if allThere(ctx, env, wait-time.Since(begin)) || ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() == context.DeadlineExceeded {
		Section.Update(env.Facts, func(f *Facts) {
			for i := range f.Routers6 {
				if r := &f.Routers6[i]; r.Asked > 0 && r.Answers == diag.Maybe {
					r.Answers, r.AtMS = diag.No, env.SinceMS()
				}
			}
		})
	}
	if <-ctx.Done(); whole.Err() == nil { // what works has shown by now
		tryAround(whole, env, local)
	}
	return whole.Err()
}

// allThere waits for every router's answer, but no longer than patience.
func allThere(ctx context.Context, env *diag.Env, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
		for _, r := range Section.Of(f).Routers6 {
			if r.Answers != diag.Yes {
				return false
			}
		}
		return true
	})
}

// ask6 sends one question to each router that has not answered yet.
func ask6(env *diag.Env, local link.Facts, socks map[int]*os.File) {
	var now []Router6
	env.Facts.Look(func(f diag.Facts) { now = append(now, Section.Of(f).Routers6...) })
	for i, r := range now {
		target, err := netip.ParseAddr(r.Address)
		l, _ := local.Link(r.Index)
		mac, _ := net.ParseMAC(l.MAC) // without one the question is still a question
		if err != nil || r.Answers == diag.Yes || socks[r.Index] == nil {
			continue
		}
		question := solicit(target, mac)
		to := &unix.SockaddrInet6{Addr: solicited(target).As16(), ZoneId: uint32(r.Index)}
		raw, err := socks[r.Index].SyscallConn()
		if err != nil {
			continue
		}
		var sent error
		if raw.Control(func(fd uintptr) { sent = unix.Sendto(int(fd), question, 0, to) }) != nil || sent != nil {
			continue
		}
		env.Ledger.Sent(r.Address, 0, "icmp6", "router", len(question))
		Section.Update(env.Facts, func(f *Facts) { f.Routers6[i].Asked++ })
	}
}

func note6(env *diag.Env, who netip.Addr, mac net.HardwareAddr, index int) {
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Routers6 {
			if r := &f.Routers6[i]; r.Address == who.String() && r.Index == index && r.Answers != diag.Yes {
				r.Answers, r.MAC, r.AtMS = diag.Yes, mac.String(), env.SinceMS()
			}
		}
	})
}

// openICMP6 opens a raw socket for neighbour discovery on one link: what does
// not come from there (hop limit 255, RFC 4861 section 6.1) is not sent either.
func openICMP6(link string) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.IPPROTO_ICMPV6)
	if err != nil {
		return nil, err
	}
	only := unix.ICMPv6Filter{}
	for i := range only.Data { // a set bit blocks its type
		only.Data[i] = ^uint32(0)
	}
	only.Data[advertisement>>5] &^= 1 << (advertisement & 31)
	err = unix.SetsockoptICMPv6Filter(fd, unix.SOL_ICMPV6, unix.ICMPV6_FILTER, &only)
	if err == nil {
		err = unix.BindToDevice(fd, link)
	}
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_MULTICAST_HOPS, 255)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "icmp6"), nil
}
