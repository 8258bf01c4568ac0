package disk

import (
	"context"
	"slices"
	"time"

	"deskside/diag"
)

// walkBudget ends the walk before the probe's own deadline, so that what was
// seen is reported and not lost.
const walkBudget = foldersBudget - 200*time.Millisecond

// toWalk chooses the filesystem whose folders a person wants to see. A walk
// costs disk time, so it is for a filesystem in trouble, or for a person who
// asked about disks.
func toWalk(f diag.Facts) (fs Filesystem, by Measure, worth bool) {
	disk := Section.Of(f)
	if list := Full(disk); len(list) > 0 {
		return list[0].Filesystem, ByBytes, true
	}
	if list := InodesFull(disk); len(list) > 0 {
		return list[0].Filesystem, ByFiles, true
	}
	if !slices.Contains(diag.RunSection.Of(f).Only, "disk") {
		return Filesystem{}, ByBytes, false
	}
	for _, s := range disk.Filesystems {
		if s.Role == Root && s.State == Answered {
			return s, ByBytes, true
		}
	}
	return Filesystem{}, ByBytes, false
}

// folders finds the largest folders of that filesystem.
func folders(ctx context.Context, env *diag.Env) error {
	var fs Filesystem
	var by Measure
	var worth bool
	env.Facts.Look(func(f diag.Facts) { fs, by, worth = toWalk(f) })
	if !worth {
		return nil
	}
	begin, at := time.Now(), env.SinceMS()
	limited, cancel := context.WithTimeout(ctx, walkBudget)
	defer cancel()
	used := fs.Used
	if by == ByFiles {
		used = fs.Inodes - fs.InodesFree
	}
	found, err := walkFolders(limited, fs.Mount, by, used)
	if err != nil {
		return err
	}
	found.AtMS, found.TookMS = at, diag.MS(time.Since(begin))
	Section.Update(env.Facts, func(f *Facts) { f.Folders = &found })
	return nil
}
