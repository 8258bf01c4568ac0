package link

import (
	"context"
	"path"
	"time"

	"deskside/diag"
	"deskside/diag/host"
)

// How long counters are watched: a fifth of a second by default, which costs
// nobody anything because the verdict does not wait for it; a whole one where
// something is moving that should not, or a tunnel may be swallowing packets.
const (
	glance = 200 * time.Millisecond
	watch  = time.Second
)

// Probes watch the counters of the links in use.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "link.change", Budget: 3 * time.Second, Offline: true, When: hasCounters, Run: watchChange},
		{ID: "link.log", Budget: 300 * time.Millisecond, Offline: true, When: hasCounters, Run: readLog},
	}
}

func hasCounters(f diag.Facts) bool { return len(counted(Section.Of(f))) > 0 }

// counted are the links whose counters tell something: those that carry this
// PC's traffic, and the tunnel it may go through.
func counted(f Facts) []Link {
	var out []Link
	for _, l := range f.Links {
		inUse := false
		for _, p := range f.To("anchor") {
			inUse = inUse || p.Index == l.Index && p.Reachable == diag.Yes
		}
		if l.Up && (l.Plain && l.Carrier || inUse && l.Tunnel()) && len(out) < 8 {
			out = append(out, l)
		}
	}
	return out
}

// counters is one reading of /sys/class/net/X/statistics and carrier_changes
// (Documentation/ABI/testing/sysfs-class-net-statistics).
type counters struct {
	errors, received, sent uint64
	flaps                  int
}

func read(machine host.Host, name string) counters {
	d := sysdir{machine, path.Join("/sys/class/net", name)}
	var c counters
	for _, file := range []string{"rx_crc_errors", "rx_frame_errors", "rx_missed_errors", "collisions"} {
		c.errors += uint64(max(d.number("statistics/"+file), 0))
	}
	c.received, c.sent = uint64(d.number("statistics/rx_packets")), uint64(d.number("statistics/tx_packets"))
	c.flaps = d.number("carrier_changes")
	return c
}

func watchChange(ctx context.Context, env *diag.Env) error {
	var links []Link
	env.Facts.Look(func(f diag.Facts) { links = counted(Section.Of(f)) })
	begin, before := time.Now(), map[int]counters{}
	long := false
	for _, l := range links {
		before[l.Index] = read(env.Host, l.Name)
		long = long || l.Tunnel()
	}
	for _, window := range []time.Duration{glance, watch} {
		wait := time.NewTimer(window - time.Since(begin))
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C:
		}
		var changes []Change
		for _, l := range links {
			was, now := before[l.Index], read(env.Host, l.Name)
			c := Change{
				Index: l.Index, WindowMS: diag.MS(time.Since(begin)),
				Errors: grown(was.errors, now.errors), Received: grown(was.received, now.received), Sent: grown(was.sent, now.sent),
				Flaps: max(now.flaps-was.flaps, 0),
			}
			changes = append(changes, c)
			long = long || c.Errors > 0 || c.Flaps > 0
		}
		Section.Update(env.Facts, func(f *Facts) { f.Change = changes })
		if !long {
			return nil
		}
	}
	return nil
}

// grown is how much a counter grew; one that was reset grew by nothing.
func grown(was, now uint64) uint64 {
	if now < was {
		return 0
	}
	return now - was
}
