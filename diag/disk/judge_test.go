package disk

import (
	"encoding/json"
	"testing"

	"deskside/diag"
	"deskside/diag/text"
)

func TestSpaceAndInodes(t *testing.T) {
	fs := func(role Role, total, avail uint64) Filesystem {
		return Filesystem{Mount: "/x", Role: role, State: Answered, Total: total, Used: total - avail, Avail: avail, Free: avail}
	}
	inodes := func(s Filesystem, total, free uint64) Filesystem {
		s.Inodes, s.InodesFree = total, free
		return s
	}
	readOnly := func(s Filesystem) Filesystem { s.ReadOnly = true; return s }
	const roomy = 100 * gib
	for name, c := range map[string]struct {
		fs            Filesystem
		space, inodes diag.Status
	}{
		"roomy":                           {fs(Root, roomy, roomy/2), diag.OK, diag.Skipped},
		"10 GiB machine, 1.9 GiB free":    {fs(Root, 10*gib, 19*gib/10), diag.OK, diag.Skipped},
		"250 GB, 5 GiB free":              {fs(Root, 233*gib, 5*gib), diag.Warn, diag.Skipped},
		"250 GB, 1 GiB free":              {fs(Root, 233*gib, 1*gib), diag.Fail, diag.Skipped},
		"4 TB, 60 GiB free":               {fs(Data, 4000*gib, 60*gib), diag.OK, diag.Skipped},
		"4 TB, 19 GiB free":               {fs(Data, 4000*gib, 19*gib), diag.Warn, diag.Skipped},
		"zero on root":                    {fs(Root, 233*gib, 0), diag.Fail, diag.Skipped},
		"6 GiB root, 250 MiB left":        {fs(Root, 6*gib, 250*mib), diag.Fail, diag.Skipped},
		"small image, half free":          {fs(Root, 400*mib, 200*mib), diag.OK, diag.Skipped},
		"4 MiB data, full":                {fs(Data, 4*mib, 0), diag.Fail, diag.Skipped},
		"4 MiB home, full":                {fs(Home, 4*mib, 0), diag.Fail, diag.Skipped},
		"4 MiB data, a tenth left":        {fs(Data, 4*mib, mib/3), diag.OK, diag.Skipped},
		"/run full":                       {fs(Special, 4*mib, 0), diag.Warn, diag.Skipped},
		"/boot, 5 % left":                 {fs(Boot, 1000*mib, 50*mib), diag.OK, diag.Skipped},
		"/boot, nothing left":             {fs(Boot, 1000*mib, 0), diag.Warn, diag.Skipped},
		"USB stick full of films":         {fs(External, 32*gib, 0), diag.OK, diag.Skipped},
		"read-only image":                 {readOnly(fs(Data, 60*mib, 0)), diag.OK, diag.Skipped},
		"inodes fine":                     {inodes(fs(Root, roomy, roomy/2), 1e6, 5e5), diag.OK, diag.OK},
		"inodes low":                      {inodes(fs(Root, roomy, roomy/2), 1e6, 4e4), diag.OK, diag.Warn},
		"inodes gone":                     {inodes(fs(Root, roomy, roomy/2), 1e6, 0), diag.OK, diag.Fail},
		"inodes gone on /run":             {inodes(fs(Special, roomy, roomy/2), 1e6, 0), diag.OK, diag.Warn},
		"tiny tmpfs, 1 of 16 inodes left": {inodes(fs(Data, 4*mib, 3*mib), 16, 1), diag.OK, diag.OK},
		"XFS: both gone is full only":     {inodes(fs(Root, roomy, 0), 1e6, 0), diag.Fail, diag.OK},
	} {
		t.Run(name, func(t *testing.T) {
			j := judged(t, Facts{Readable: diag.Yes, FailPercent: 3, Filesystems: []Filesystem{c.fs}})
			if got := status(j, "disk.space"); got != c.space {
				t.Errorf("space is %v, want %v", got, c.space)
			}
			if got := status(j, "disk.inodes"); got != c.inodes {
				t.Errorf("inodes are %v, want %v", got, c.inodes)
			}
		})
	}
}

func TestThresholdFromConfiguration(t *testing.T) {
	s := Filesystem{Role: Data, State: Answered, Total: 10 * gib, Used: 9 * gib, Avail: 1 * gib}
	for limit, want := range map[float64]int{0: 0, 3: 0, 15: 1} {
		n := 0
		for _, t := range Full(Facts{FailPercent: limit, Filesystems: []Filesystem{s}}) {
			if t.Severity == diag.Fail {
				n++
			}
		}
		if n != want {
			t.Errorf("at %v %%: %d full, want %d", limit, n, want)
		}
	}
}

func TestUnknownIsNeverFine(t *testing.T) {
	if got := status(judged(t, Facts{}), "disk.space"); got != diag.Unknown {
		t.Errorf("nothing gathered: %v", got)
	}
	fine := Filesystem{Mount: "/", Role: Root, State: Answered, Total: 100 * gib, Avail: 50 * gib, Used: 50 * gib}
	mute := Filesystem{Mount: "/data", Role: Data, State: Mute}
	j := judged(t, Facts{Readable: diag.Yes, Filesystems: []Filesystem{fine, mute}})
	if got := status(j, "disk.space"); got != diag.Unknown {
		t.Errorf("one is mute: %v", got)
	}
	if len(j.Unseen) != 1 {
		t.Errorf("unseen: %v", j.Unseen)
	}
	fine.Avail = 0
	j = judged(t, Facts{Readable: diag.Yes, Filesystems: []Filesystem{mute, fine}})
	if got := status(j, "disk.space"); got != diag.Fail {
		t.Errorf("one is mute, one is full: %v", got)
	}
}

func TestWorstFirst(t *testing.T) {
	full := func(mount string, role Role, avail uint64) Filesystem {
		return Filesystem{Mount: mount, Role: role, State: Answered, Total: 100 * gib, Used: 100*gib - avail, Avail: avail}
	}
	f := Facts{Readable: diag.Yes, Filesystems: []Filesystem{
		full("/run", Special, 0), full("/data", Data, 0), full("/", Root, 9*gib), full("/home", Home, gib)}}
	var order []string
	for _, x := range Full(f) {
		order = append(order, x.Mount)
	}
	if got, _ := json.Marshal(order); string(got) != `["/home","/data","/","/run"]` {
		t.Errorf("order: %s", got)
	}
	if w, ok := Worst(f); !ok || w.Mount != "/home" || w.Severity != diag.Fail {
		t.Errorf("worst: %+v", w)
	}
	f.Filesystems[2].Lost = "kernel"
	if w, _ := Worst(f); w.Mount != "/" {
		t.Errorf("worst with a read-only root: %+v", w)
	}
	if _, ok := Worst(Facts{}); ok {
		t.Error("no facts have no worst")
	}
}

func judged(t *testing.T, f Facts) diag.Judgement {
	t.Helper()
	j := Judge(Section.In(diag.Facts{}, f))
	p := text.New("en")
	for _, finding := range j.Findings {
		said := []text.Message{finding.Message()}
		for _, e := range finding.Evidence {
			said = append(said, e.What)
		}
		for _, m := range said {
			if s := p.T(m); s == "" || s[0] == '[' {
				t.Errorf("no words for %s", m.Key)
			}
		}
	}
	for _, u := range j.Unseen {
		for _, m := range []text.Message{u.What, u.Why, u.Unlock} {
			if s := p.T(m); s == "" || s[0] == '[' {
				t.Errorf("no words for %s", m.Key)
			}
		}
	}
	return j
}

func status(j diag.Judgement, code string) diag.Status {
	for _, f := range j.Findings {
		if f.Code == code {
			return f.Status
		}
	}
	return -1
}

func TestFoldersAreEvidence(t *testing.T) {
	full := Filesystem{Mount: "/data", Role: Data, State: Answered, Total: gib, Used: gib}
	crowded := Filesystem{Mount: "/data", Role: Data, State: Answered, Total: gib, Used: mib, Avail: gib - mib, Inodes: 1000}
	bytes := &Folders{Mount: "/data", By: ByBytes, Bytes: gib / 2, Used: gib, Spots: []Spot{{Path: "/data/a", Bytes: mib}, {Path: "/data/b", Bytes: mib, File: true}}}
	files := &Folders{Mount: "/data", By: ByFiles, Finished: true, Spots: []Spot{{Path: "/data/q", Files: 900}}}
	for name, c := range map[string]struct {
		fs   Filesystem
		d    *Folders
		code string
		want int
	}{
		"full, walk stopped":    {full, bytes, "disk.space", 1 + 2 + 1},
		"too many files":        {crowded, files, "disk.inodes", 1 + 1},
		"walk of another kind":  {full, files, "disk.space", 1},
		"walk of another mount": {full, &Folders{Mount: "/", By: ByBytes, Spots: bytes.Spots}, "disk.space", 1},
		"nobody walked":         {full, nil, "disk.space", 1},
	} {
		t.Run(name, func(t *testing.T) {
			j := judged(t, Facts{Readable: diag.Yes, Filesystems: []Filesystem{c.fs}, Folders: c.d})
			for _, f := range j.Findings {
				if f.Code == c.code && (f.Status != diag.Fail || len(f.Evidence) != c.want) {
					t.Errorf("%v with evidence %v, want %d", f.Status, f.Evidence, c.want)
				}
			}
		})
	}
	if c := bytes.Coverage(); c != 0.5 {
		t.Errorf("coverage %v", c)
	}
}
