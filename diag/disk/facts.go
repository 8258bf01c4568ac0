// Package disk looks at every real filesystem's bytes and inodes, which one is
// in trouble, and what fills it.
package disk

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "disk"}

// Facts are the filesystems a person can fill, and what fills the worst one.
type Facts struct {
	AtMS        float64      `json:"at_ms" privacy:"none"`
	Readable    diag.Tri     `json:"readable" privacy:"none"`     // Yes: the table of mounts was read
	FailPercent float64      `json:"fail_percent" privacy:"none"` // config thresholds.disk_free_percent at the time
	Filesystems []Filesystem `json:"filesystems,omitempty"`       // one per superblock, by mount point
	Folders     *Folders     `json:"folders,omitempty"`           // nil: nobody looked
}

// Filesystem is one superblock, named by the shortest of its visible mounts.
type Filesystem struct {
	Mount    string `json:"mount" privacy:"path"`
	Device   string `json:"device" privacy:"path"`
	Type     string `json:"type" privacy:"none"` // ext4, btrfs, tmpfs …
	Role     Role   `json:"role" privacy:"none"`
	State    State  `json:"state" privacy:"none"`
	ReadOnly bool   `json:"read_only" privacy:"none"`
	// Lost says by which sign a read-only filesystem was meant to be writable:
	// "kernel" (mounted rw, and the superblock takes no writes, as ext4 makes it
	// with errors=remount-ro) or "fstab" (/etc/fstab does not say ro). Empty:
	// writable, or read-only on purpose.
	Lost   string `json:"lost,omitempty" privacy:"none"`
	Errors int    `json:"errors,omitempty" privacy:"none"` // /sys/fs/ext4/<dev>/errors_count

	Total uint64 `json:"total" privacy:"none"` // bytes
	Used  uint64 `json:"used" privacy:"none"`  // bytes, without the reserve
	Avail uint64 `json:"avail" privacy:"none"` // bytes that everybody may still use (f_bavail)
	Free  uint64 `json:"free" privacy:"none"`  // bytes, with the superuser's reserve (f_bfree)

	Inodes     uint64 `json:"inodes" privacy:"none"` // 0: does not count them (btrfs, vfat)
	InodesFree uint64 `json:"inodes_free" privacy:"none"`
}

// Role is what a filesystem is for. It is read off the mount point when facts
// are gathered, so that judges need not look at paths.
type Role string

// Roles.
const (
	Root     Role = "root"     // /
	System   Role = "system"   // /usr, /var, /etc, /opt and below
	Home     Role = "home"     // /home, /root and below
	Boot     Role = "boot"     // /boot, /efi: small and filled once
	Temp     Role = "temp"     // /tmp, /var/tmp
	Special  Role = "special"  // small memory filesystems: /run, /dev/shm …
	External Role = "external" // /media: what a person plugged in
	Data     Role = "data"     // everything else
)

// State says whether a filesystem told its numbers.
type State string

// States.
const (
	Answered State = "answered"
	Pending  State = "pending" // did not answer at once; a probe waits for it
	Mute     State = "mute"    // did not answer for [askLimit]
	Unasked  State = "unasked" // on the network: asking may hang for ever
	Refused  State = "refused" // an error instead of numbers
)

// FreePercent is what everybody may still use, of what everybody can use:
// avail / (used + avail), as df shows it. 0 to 100; 100 when the size is 0.
func (f Filesystem) FreePercent() float64 { return percent(f.Avail, f.Used+f.Avail) }

// FreeInodePercent is 100 where inodes are not counted.
func (f Filesystem) FreeInodePercent() float64 { return percent(f.InodesFree, f.Inodes) }

func percent(part, whole uint64) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

// Folders is what a walk over one filesystem found.
type Folders struct {
	Mount      string  `json:"mount" privacy:"path"`
	AtMS       float64 `json:"at_ms" privacy:"none"`
	TookMS     float64 `json:"took_ms" privacy:"none"`
	Finished   bool    `json:"finished" privacy:"none"` // false: stopped before everything was seen
	By         Measure `json:"by" privacy:"none"`       // what Used and the spots count
	Bytes      uint64  `json:"bytes" privacy:"none"`    // allocated bytes seen
	Used       uint64  `json:"used" privacy:"none"`     // bytes or inodes in use by the filesystem's own account
	Entries    int     `json:"entries" privacy:"none"`  // names seen, directories included
	Unreadable int     `json:"unreadable" privacy:"none"`
	Spots      []Spot  `json:"spots,omitempty"` // biggest first, none inside another's bytes
}

// Measure is what makes a folder large.
type Measure string

// Measures.
const (
	ByBytes Measure = "bytes"
	ByFiles Measure = "files" // names, when a filesystem runs out of inodes
)

// Coverage is the part of what is used that the walk saw, 0 to 1.
func (f Folders) Coverage() float64 {
	seen := f.Bytes
	if f.By == ByFiles {
		seen = uint64(f.Entries)
	}
	if f.Used == 0 || seen >= f.Used {
		return 1
	}
	return float64(seen) / float64(f.Used)
}

// Spot is a place where bytes are: a folder without its spots further down,
// or a single big file.
type Spot struct {
	Path  string `json:"path" privacy:"path"`
	Bytes uint64 `json:"bytes,omitempty" privacy:"none"` // by bytes
	Files uint64 `json:"files,omitempty" privacy:"none"` // by files
	File  bool   `json:"file,omitempty" privacy:"none"`
}
