package disk

import (
	"sort"

	"deskside/diag"
)

const (
	mib = 1 << 20
	gib = 1 << 30
)

// Bounds of "full". A percentage alone cries wolf on big disks (3 % of 4 TB
// are 120 GB) and an amount alone on small ones (a healthy 10 GiB machine has
// 1.9 GiB free), so a filesystem must be under both. Source: causes.md,
// disk.full "3 % or 2 GiB; warn 10 % and 20 GiB", read as above.
const (
	defaultFailPercent = 3.0
	failBytes          = 2 * gib
	warnPercent        = 10.0
	warnBytes          = 20 * gib
	// Under this an update or a log-in fails whatever the percentage says; only
	// for what the system itself writes to, and not for tiny images.
	tightBytes   = 256 * mib
	tightPercent = 10.0
	// Small filesystems on purpose (a 4 MiB one, /run) fill and drain by design:
	// no early warning under this size.
	smallBytes = 1 * gib

	inodeFailPercent = 3.0
	inodeWarnPercent = 5.0
)

// Trouble is a filesystem with how bad it is: Warn or Fail.
type Trouble struct {
	Filesystem
	Severity diag.Status
}

// Full lists the filesystems that run out of bytes, worst first.
func Full(f Facts) []Trouble { return f.troubled(f.fullness) }

// InodesFull lists those that run out of inodes while bytes are free. XFS and
// others make inodes from free bytes, so that a full one has none of either:
// that is Full's, not ours.
func InodesFull(f Facts) []Trouble { return f.troubled(f.inodeFullness) }

// ReadOnly lists those that were meant to be writable and are not.
func ReadOnly(f Facts) []Trouble {
	return f.troubled(func(s Filesystem) diag.Status {
		if s.Lost == "" {
			return diag.OK
		}
		return diag.Fail
	})
}

// Worst returns the filesystem a person must hear about first: read-only
// before full before out of inodes, and Fail before Warn.
func Worst(f Facts) (Trouble, bool) {
	var worst Trouble
	for _, list := range [][]Trouble{ReadOnly(f), Full(f), InodesFull(f)} {
		for _, t := range list {
			if worst.Severity != diag.Fail && t.Severity != worst.Severity {
				worst = t
			}
		}
	}
	return worst, worst.Severity != diag.Unknown
}

// fullness judges bytes by what the filesystem is for: a full /run or /boot
// breaks something some day (Warn), a full / breaks everything now (Fail).
// What a person plugged in is theirs to fill, and what nobody can write to is
// full by nature.
func (f Facts) fullness(s Filesystem) diag.Status {
	if s.State != Answered || s.Total == 0 || s.ReadOnly || s.Role == External {
		return diag.OK
	}
	limit := f.FailPercent
	if limit <= 0 {
		limit = defaultFailPercent
	}
	free := s.FreePercent()
	full := free < limit && s.Avail < failBytes
	switch s.Role {
	case Special, Boot:
		if full {
			return diag.Warn
		}
		return diag.OK
	case Root, System:
		full = full || s.Avail < tightBytes && free < tightPercent
	}
	switch {
	case full:
		return diag.Fail
	case free < warnPercent && s.Avail < warnBytes && s.Total >= smallBytes:
		return diag.Warn
	}
	return diag.OK
}

func (f Facts) inodeFullness(s Filesystem) diag.Status {
	if s.State != Answered || s.Inodes == 0 || s.ReadOnly || s.Role == External || f.fullness(s) == diag.Fail {
		return diag.OK
	}
	free := s.FreeInodePercent()
	switch {
	case free < inodeFailPercent && s.Role != Special && s.Role != Boot:
		return diag.Fail
	case free < inodeFailPercent, free < inodeWarnPercent && s.Inodes >= 1000:
		return diag.Warn
	}
	return diag.OK
}

// importance orders roles when several filesystems are equally bad.
var importance = map[Role]int{Root: 0, System: 1, Home: 2, Temp: 3, Data: 4, Boot: 5, Special: 6, External: 7}

func (f Facts) troubled(judge func(Filesystem) diag.Status) []Trouble {
	var out []Trouble
	for _, s := range f.Filesystems {
		if st := judge(s); st == diag.Warn || st == diag.Fail {
			out = append(out, Trouble{s, st})
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Severity != b.Severity {
			return a.Severity == diag.Fail
		}
		if importance[a.Role] != importance[b.Role] {
			return importance[a.Role] < importance[b.Role]
		}
		return a.FreePercent() < b.FreePercent()
	})
	return out
}
