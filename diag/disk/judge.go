package disk

import (
	"slices"
	"sort"

	"deskside/diag"
	"deskside/diag/text"
)

// mostRows is how many filesystems a finding lists as evidence.
const mostRows = 8

// Judge is pure: space, inodes, and what turned read-only.
func Judge(facts diag.Facts) (j diag.Judgement) {
	f := Section.Of(facts)
	if f.Readable != diag.Yes || len(f.Filesystems) == 0 {
		j.Add("disk.space", diag.Unknown, nil)
		j.Miss("disk.mounts")
		return j
	}
	judgeSpace(&j, f)
	judgeInodes(&j, f)
	judgeReadOnly(&j, f)
	misses(&j, f, diag.RunSection.Of(facts))
	return j
}

func judgeSpace(j *diag.Judgement, f Facts) {
	full := Full(f)
	switch worst, asked := first(full), f.answered(); {
	case len(full) > 0:
		j.Add("disk.space", worst.Severity, spaceArgs(worst.Filesystem), append(rows(full, f, spaceRow), spots(f, ByBytes, worst.Mount)...)...)
	case len(asked) == 0:
		j.Add("disk.space", diag.Unknown, nil)
	case f.any(Mute) || f.any(Pending):
		j.Add("disk.space", diag.Unknown, nil, rows(asked, f, spaceRow)...)
	default:
		j.Add("disk.space", diag.OK, spaceArgs(tightest(asked)), append(rows(asked, f, spaceRow), spots(f, ByBytes, "")...)...)
	}
}

func judgeInodes(j *diag.Judgement, f Facts) {
	var counted []Trouble
	for _, t := range f.answered() {
		if t.Inodes > 0 {
			counted = append(counted, t)
		}
	}
	switch full := InodesFull(f); {
	case len(full) > 0:
		j.Add("disk.inodes", full[0].Severity, inodeArgs(full[0].Filesystem), append(rows(full, f, inodeRow), spots(f, ByFiles, full[0].Mount)...)...)
	case len(counted) == 0 && f.any(Mute):
		j.Add("disk.inodes", diag.Unknown, nil)
	case len(counted) == 0:
		j.Add("disk.inodes", diag.Skipped, nil)
	default:
		j.Add("disk.inodes", diag.OK, nil, rows(counted, f, inodeRow)...)
	}
}

func judgeReadOnly(j *diag.Judgement, f Facts) {
	if lost := ReadOnly(f); len(lost) > 0 {
		j.Add("disk.readonly", diag.Fail, text.Args{"Mount": lost[0].Mount}, rows(lost, f, readOnlyRow)...)
		return
	}
	j.Add("disk.readonly", diag.OK, nil)
}

// misses names what could not be looked at.
func misses(j *diag.Judgement, f Facts, run diag.RunFacts) {
	for _, s := range f.Filesystems {
		if s.Role == Special && s.State != Mute {
			continue
		}
		switch s.State {
		case Mute, Pending:
			j.Miss("disk.mute", "Mount", s.Mount)
		case Refused:
			j.Miss("disk.refused", "Mount", s.Mount)
		case Unasked:
			j.Miss("disk.network", "Mount", s.Mount)
		}
	}
	switch d := f.Folders; {
	case d == nil && len(Full(f))+len(InodesFull(f)) > 0 && run.OS != "linux" && run.OS != "":
		j.Miss("disk.folders_os")
	case d == nil && len(Full(f))+len(InodesFull(f)) > 0 && run.Ended("disk.folders"):
		j.Miss("disk.folders")
	case d != nil && d.Unreadable > 0 && run.Euid != 0:
		j.Miss("disk.closed", "Count", d.Unreadable)
	}
}

// answered lists who told their size, the important ones first. Small memory
// filesystems are of interest only when they are in trouble.
func (f Facts) answered() []Trouble {
	list := f.which(func(s Filesystem) bool { return s.State == Answered && s.Total > 0 })
	sort.SliceStable(list, func(i, j int) bool { return importance[list[i].Role] < importance[list[j].Role] })
	if plain := slices.DeleteFunc(slices.Clone(list), func(t Trouble) bool { return t.Role == Special }); len(plain) > 0 {
		return plain
	}
	return list
}

func (f Facts) which(pick func(Filesystem) bool) []Trouble {
	var out []Trouble
	for _, s := range f.Filesystems {
		if pick(s) {
			out = append(out, Trouble{Filesystem: s, Severity: diag.OK})
		}
	}
	return out
}

func (f Facts) any(state State) bool {
	return len(f.which(func(s Filesystem) bool { return s.State == state })) > 0
}

func first(list []Trouble) Trouble {
	if len(list) == 0 {
		return Trouble{}
	}
	return list[0]
}

// tightest is the filesystem that will be full first, of those that matter.
func tightest(list []Trouble) Filesystem {
	best := list[0].Filesystem
	for _, t := range list[1:] {
		minor := t.ReadOnly || importance[t.Role] >= importance[Boot]
		if !minor && (best.ReadOnly || t.FreePercent() < best.FreePercent()) {
			best = t.Filesystem
		}
	}
	return best
}

func spaceArgs(s Filesystem) text.Args {
	// The percentage is df's, of what users may have; the total is that too, or
	// the three numbers would not fit each other on a disk with a large reserve.
	return text.Args{"Mount": s.Mount, "Free": text.Size(s.Avail), "Total": text.Size(s.Used + s.Avail), "Percent": text.Percent(s.FreePercent())}
}

func inodeArgs(s Filesystem) text.Args {
	return text.Args{"Mount": s.Mount, "Free": s.InodesFree, "Total": s.Inodes, "Percent": text.Percent(s.FreeInodePercent())}
}

func spaceRow(s Filesystem) diag.Evidence {
	return diag.Evidence{What: text.Message{Key: "evidence.disk.space", Args: spaceArgs(s)}, Source: "statfs"}
}

func inodeRow(s Filesystem) diag.Evidence {
	return diag.Evidence{What: text.Message{Key: "evidence.disk.inodes", Args: inodeArgs(s)}, Source: "statfs"}
}

func readOnlyRow(s Filesystem) diag.Evidence {
	if s.Errors > 0 {
		return diag.Evidence{What: text.M("evidence.disk.errors", "Mount", s.Mount, "Count", s.Errors), Source: "/sys/fs/ext4"}
	}
	return diag.Evidence{What: text.M("evidence.disk.lost_"+s.Lost, "Mount", s.Mount), Source: "/proc/self/mountinfo"}
}

func rows(list []Trouble, f Facts, row func(Filesystem) diag.Evidence) []diag.Evidence {
	var out []diag.Evidence
	for _, t := range list[:min(len(list), mostRows)] {
		e := row(t.Filesystem)
		e.AtMS = f.AtMS
		out = append(out, e)
	}
	return out
}

// spots lists the largest folders of a filesystem; an empty mount takes
// whichever was walked.
func spots(f Facts, by Measure, mount string) []diag.Evidence {
	d := f.Folders
	if d == nil || d.By != by || mount != "" && d.Mount != mount {
		return nil
	}
	var out []diag.Evidence
	for _, s := range d.Spots {
		what := text.M("evidence.disk.folder", "Path", s.Path, "Size", text.Size(s.Bytes))
		switch {
		case by == ByFiles:
			what = text.M("evidence.disk.files", "Path", s.Path, "Count", int(s.Files))
		case s.File:
			what.Key = "evidence.disk.file"
		}
		out = append(out, diag.Evidence{What: what, Source: "getdents64, statx", AtMS: d.AtMS})
	}
	if !d.Finished {
		out = append(out, diag.Evidence{What: text.M("evidence.disk.partly", "Percent", text.Percent(100*d.Coverage())), Source: "getdents64, statx", AtMS: d.AtMS})
	}
	return out
}
