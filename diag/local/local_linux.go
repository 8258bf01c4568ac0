package local

import (
	"context"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
)

// Local reads the counters; it takes a millisecond.
func Local(_ context.Context, env *diag.Env) {
	out := Facts{AtMS: env.SinceMS(), Ports: readPorts(env.Host), Rooms: rooms()}
	// Only the first network of a PC shows the limit, which all others share.
	if limit := number(words(env.Host, "/proc/sys/net/ipv4/neigh/default/gc_thresh3"), 0); limit > 0 {
		out.Neighbours = Neighbours{Count: neighbours(), Max: limit}
	}
	Section.Update(env.Facts, func(f *Facts) { *f = out })
}

// Probes count open files: a walk over /proc, which no verdict waits for.
func Probes() []diag.Probe {
	return []diag.Probe{{ID: "local.files", Budget: time.Second, Offline: true, Run: countFiles}}
}

// rooms asks the filesystems of /etc and /run how much is left. Nothing is
// written to find out.
func rooms() []Room {
	var root, at unix.Stat_t
	if unix.Stat("/", &root) != nil {
		return nil
	}
	var out []Room
	for _, dir := range []string{"/etc", "/run"} {
		var fs unix.Statfs_t
		if unix.Stat(dir, &at) != nil || unix.Statfs(dir, &fs) != nil || fs.Blocks == 0 || fs.Flags&unix.ST_RDONLY != 0 {
			continue
		}
		out = append(out, Room{
			Dir: dir, Total: fs.Blocks * uint64(fs.Bsize), OnRoot: at.Dev == root.Dev,
			Full: fs.Bfree == 0 || fs.Files > 0 && fs.Ffree == 0,
		})
	}
	return out
}

// neighbours counts the entries that the limit counts: not those that are set
// by hand or need no asking (net/core/neighbour.c, gc_entries).
func neighbours() int {
	list, err := netlink.NeighList(0, unix.AF_INET)
	if err != nil {
		return 0
	}
	n := 0
	for _, e := range list {
		if e.State&(netlink.NUD_PERMANENT|netlink.NUD_NOARP) == 0 {
			n++
		}
	}
	return n
}
