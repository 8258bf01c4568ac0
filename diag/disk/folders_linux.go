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
func toWalk(f diag.Facts) (Filesystem, bool) {
	disk := Section.Of(f)
	for _, list := range [][]Trouble{Full(disk), InodesFull(disk)} {
		if len(list) > 0 {
			return list[0].Filesystem, true
		}
	}
	if !slices.Contains(diag.RunSection.Of(f).Only, "disk") {
		return Filesystem{}, false
	}
	for _, s := range disk.Filesystems {
		if s.Role == Root && s.State == Answered {
			return s, true
		}
	}
	return Filesystem{}, false
}

// folders finds the largest folders of that filesystem.
func folders(ctx context.Context, env *diag.Env) error {
	var fs Filesystem
	var worth bool
	env.Facts.Look(func(f diag.Facts) { fs, worth = toWalk(f) })
	if !worth {
		return nil
	}
	begin, at := time.Now(), env.SinceMS()
	limited, cancel := context.WithTimeout(ctx, walkBudget)
	defer cancel()
	found, err := walkFolders(limited, fs.Mount, fs.Used)
	if err != nil {
		return err
	}
	found.AtMS, found.TookMS = at, diag.MS(time.Since(begin))
	Section.Update(env.Facts, func(f *Facts) { f.Folders = &found })
	return nil
}
