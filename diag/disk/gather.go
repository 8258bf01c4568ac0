package disk

import (
	"context"
	"slices"
	"time"

	"deskside/diag"
)

// foldersBudget bounds the search for large folders: long enough for half a
// million names when they are cached (disk.md 2: 0.45 to 0.8 s), short enough
// to wait for.
const foldersBudget = 2500 * time.Millisecond

// Local reads the table of mounts and asks every local filesystem for its
// numbers (statfs, microseconds each). Network filesystems are not asked.
func Local(ctx context.Context, env *diag.Env) {
	facts := Facts{AtMS: env.SinceMS(), FailPercent: env.Config.Thresholds.DiskFreePercent}
	facts.Filesystems, facts.Readable = filesystems(env)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ask(ctx, slices.Clone(facts.Filesystems), func(point string, fill numbers) { facts.fill(point, fill) })
	facts.Filesystems = withoutEchoes(facts.Filesystems)
	Section.Update(env.Facts, func(f *Facts) { *f = facts })
}

// withoutEchoes drops an overlay that shows the numbers of a filesystem that
// has a row of its own: it is the same space.
func withoutEchoes(list []Filesystem) []Filesystem {
	own := func(s Filesystem) [4]uint64 { return [4]uint64{s.Total, s.Avail, s.Inodes, s.InodesFree} }
	rows := map[[4]uint64]bool{}
	for _, s := range list {
		if s.Type != "overlay" {
			rows[own(s)] = true
		}
	}
	return slices.DeleteFunc(list, func(s Filesystem) bool {
		return s.Type == "overlay" && s.Role != Root && rows[own(s)]
	})
}

// Probes are this family's measurements; none sends anything. They decide for
// themselves that there is nothing to do: a probe that When calls pointless
// would turn what could not be seen into "skipped" (diag.Assess).
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "disk.wait", Offline: true, Budget: askLimit + 200*time.Millisecond, Run: wait},
		{ID: "disk.folders", Offline: true, Budget: foldersBudget, Run: folders},
	}
}
