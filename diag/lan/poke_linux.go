package lan

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/host"
)

// pokePatience is how long the kernel may take to find a neighbour: it asks at
// once, and a neighbour answers within a millisecond.
const pokePatience = 300 * time.Millisecond

// pokeOthers finds out without any rights whether another router is there: a
// packet to it makes the kernel ask, and what the neighbour table then knows
// everybody may read (rtnetlink(7)).
func pokeOthers(ctx context.Context, env *diag.Env) error {
	var plan Facts
	env.Facts.Look(func(f diag.Facts) { plan = Section.Of(f) })
	var open []net.Conn
	for _, o := range plan.Others {
		if !o.Inside {
			continue // no packet would go there by this link
		}
		c, err := env.Host.Dial(ctx, host.DialOptions{}, "udp", net.JoinHostPort(o.Address, "9")) // discard, RFC 863
		if err != nil {
			continue
		}
		defer c.Close()
		open = append(open, c)
		if n, err := c.Write([]byte{0}); err == nil {
			env.Ledger.Sent(o.Address, 9, "udp", "neighbour", n)
		}
	}
	if len(open) == 0 {
		return nil
	}
	wait := time.NewTimer(pokePatience)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
	}
	refused := map[string]bool{}
	for _, c := range open {
		// A closed port is an answer too; it has come by now or will not.
		_ = c.SetReadDeadline(time.Now().Add(time.Millisecond)) // fails only on a closed socket, as the read then does
		_, err := c.Read(make([]byte, 1))
		address, _, _ := net.SplitHostPort(c.RemoteAddr().String())
		refused[address] = errors.Is(err, unix.ECONNREFUSED)
	}
	table, err := netlink.NeighList(0, unix.AF_INET)
	if err != nil {
		return err
	}
	const heard = netlink.NUD_REACHABLE
	at := env.SinceMS()
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Others {
			o := &f.Others[i]
			there := refused[o.Address]
			for _, n := range table {
				there = there || n.IP.String() == o.Address && n.LinkIndex == o.Index && n.State&heard != 0
			}
			if there {
				o.Answers, o.AtMS = diag.Yes, at
			}
		}
	})
	return nil
}
