package disk

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v3/disk"

	"deskside/diag"
)

const (
	// patience is how long the local look waits for all filesystems together;
	// a healthy one answers in microseconds.
	patience = 40 * time.Millisecond
	// askLimit is how long one filesystem may take before it counts as mute
	// (disk.md build 12: statfs has no time-out of its own).
	askLimit = 2 * time.Second
)

// numbers fills in what a filesystem says about itself.
type numbers func(*Filesystem)

// calls are the questions that have no answer yet. Nothing can end a statfs
// that hangs; what we can do is to join it instead of asking a second time.
var calls sync.Map // mount point → *call

type call struct {
	done chan struct{} // closed when fill is there
	fill numbers
}

// question starts asking, or joins whoever asks already.
func question(point string) *call {
	c := &call{done: make(chan struct{})}
	if other, running := calls.LoadOrStore(point, c); running {
		return other.(*call)
	}
	go func() {
		c.fill = usage(point)
		calls.Delete(point)
		close(c.done)
	}()
	return c
}

// ask asks every filesystem that is to be asked, all at once, and gives got
// every answer that is there when ctx ends.
func ask(ctx context.Context, list []Filesystem, got func(mount string, fill numbers)) {
	asked := map[string]*call{}
	for _, fs := range list {
		if fs.State == Pending {
			asked[fs.Mount] = question(fs.Mount)
		}
	}
	for point, c := range asked {
		select {
		case <-c.done:
		case <-ctx.Done():
		}
		select {
		case <-c.done:
			got(point, c.fill)
		default:
		}
	}
}

// usage asks one mounted filesystem for its numbers.
func usage(point string) numbers {
	u, err := disk.Usage(point)
	if err != nil {
		return func(f *Filesystem) { f.State = Refused }
	}
	unit := blockRatio(point)
	bytes := func(n uint64) uint64 { return uint64(float64(n) * unit) }
	return func(f *Filesystem) {
		f.State = Answered
		f.Total, f.Used, f.Avail = bytes(u.Total), bytes(u.Used), bytes(u.Free)
		f.Free = f.Total - min(f.Used, f.Total)
		if u.InodesFree <= u.InodesTotal {
			f.Inodes, f.InodesFree = u.InodesTotal, u.InodesFree
		}
	}
}

// wait is the probe for those that did not answer at once. Who is still silent
// after askLimit is mute.
func wait(ctx context.Context, env *diag.Env) error {
	var list []Filesystem
	env.Facts.Look(func(f diag.Facts) { list = append(list, Section.Of(f).Filesystems...) })
	if !slices.ContainsFunc(list, func(s Filesystem) bool { return s.State == Pending }) {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	ask(limited, list, func(point string, fill numbers) {
		Section.Update(env.Facts, func(f *Facts) { f.fill(point, fill) })
	})
	if ctx.Err() != nil {
		return ctx.Err() // a run that was stopped proves nothing about the disk
	}
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Filesystems {
			if f.Filesystems[i].State == Pending {
				f.Filesystems[i].State = Mute
			}
		}
	})
	return nil
}

func (f *Facts) fill(point string, with numbers) {
	for i := range f.Filesystems {
		if f.Filesystems[i].Mount == point {
			with(&f.Filesystems[i])
		}
	}
}
