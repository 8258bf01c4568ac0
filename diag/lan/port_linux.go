package lan

import (
	"context"
	"net"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

const (
	// startAfter is what DHCP servers get before the switch is asked whether
	// the port is locked; an offer on a LAN takes a millisecond.
	startAfter = 150 * time.Millisecond
	// startAgain is for a frame that was lost; a switch answers at once.
	startAgain   = 200 * time.Millisecond
	portPatience = 450 * time.Millisecond
)

// worthPort: a link that carries, over which this PC should reach somebody. On
// radio the same frames agree on keys.
func worthPort(f diag.Facts) bool {
	l := Section.Of(f)
	return l.MayAsk == diag.Yes && port(link.Section.Of(f)).Index != 0
}

// port is the link whose switch may want to know who is there.
func port(f link.Facts) link.Link {
	on := lacking(f)
	if on.Index == 0 {
		on = leaving(f)
	}
	if on.Kind == "wifi" {
		return link.Link{}
	}
	return on
}

// askPort listens for a switch that asks who is there (IEEE 802.1X), and, where
// nobody else answers, says once or twice that somebody is: a switch repeats
// its question only every half minute. It never answers the question.
func askPort(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	env.Facts.Look(func(f diag.Facts) { local = link.Section.Of(f) })
	on := port(local)
	l, err := openLine(on.Index, eapolType)
	if err != nil {
		return err
	}
	var ear sync.WaitGroup
	defer ear.Wait()
	defer l.close()
	if err := l.join(paeGroup); err != nil {
		return err
	}
	ear.Go(func() {
		l.each(func(packet []byte, from net.HardwareAddr) {
			if code, ok := eapIn(packet); ok && !local.OwnMAC(from.String()) {
				noteEAP(env, on.Index, code)
			}
		})
	})
	if answered(ctx, env, lacking(local).Index != 0) {
		return ctx.Err()
	}
	for _, wait := range []time.Duration{startAgain, portPatience - startAgain} {
		if err := l.send(startFrame(), paeGroup); err != nil {
			return err
		}
		env.Ledger.Sent(paeAddress, 0, "eapol", "port", len(startFrame()))
		Section.Update(env.Facts, func(f *Facts) { f.Port.Index, f.Port.Started = on.Index, f.Port.Started+1 })
		if heardOf(ctx, env, wait) {
			break
		}
	}
	return ctx.Err()
}

// answered waits for a sign that the port is open: an offer to a PC without an
// address, the router or the world to one with an address.
func answered(ctx context.Context, env *diag.Env, lacking bool) bool {
	patience := routerLate
	if lacking {
		patience = startAfter
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
		return len(Section.Of(f).DHCP.Offers) > 0 || !lacking && !routerSilent(f)
	})
}

// heardOf waits until the switch has spoken.
func heardOf(ctx context.Context, env *diag.Env, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return env.Facts.Await(ctx.Done(), func(f diag.Facts) bool { return Section.Of(f).Port.Requests > 0 })
}

func noteEAP(env *diag.Env, index int, code byte) {
	Section.Update(env.Facts, func(f *Facts) {
		f.Port.Index = index
		switch code {
		case eapRequest:
			f.Port.Requests++
		case eapSuccess:
			f.Port.Opened = true
		case eapFailure:
			f.Port.Refused++
		default:
			return
		}
		if f.Port.AtMS == 0 {
			f.Port.AtMS = env.SinceMS()
		}
	})
}

// paeAddress is how the list of contacts says "the switch at the other end".
const paeAddress = "01:80:c2:00:00:03"
