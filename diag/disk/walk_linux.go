package disk

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// walk adds up what one filesystem's directories hold. The job is bounded by
// one statx per name, so what counts is what is not done besides: no path
// strings, no allocation per file, every name used where getdents64 put it,
// every directory opened relative to its parent's descriptor (which also finds
// what lies deeper than PATH_MAX). Measured against du, gdu, dust in disk.md 2.
//
// It stays on one mount (the mount ID of statx, not the device number, which
// differs per btrfs subvolume), follows no symbolic link, and triggers no
// automount.
type walk struct {
	ctx     context.Context
	rank    *ranking
	mountID uint64
	flags   int // of every openat

	mu    sync.Mutex
	more  *sync.Cond
	stack []*node // depth first, so that few nodes live
	over  bool

	bytes, entries, unreadable atomic.Int64
	unfinished                 atomic.Bool // something was left out because ctx ended
}

// dirFlags never follow a link at the end of the name.
const dirFlags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC

// drain is how long a stopped walk may take to let go of what it holds: it
// makes one more system call per worker, and none of those waits, unless the
// disk hangs. Then the thread that hangs is left behind.
const drain = 300 * time.Millisecond

// walkFolders walks the filesystem mounted at point until it is done or ctx
// ends; what was seen until then counts. used is what the filesystem says is
// in use, in bytes or inodes. The error is that of opening point.
func walkFolders(ctx context.Context, point string, by Measure, used uint64) (Folders, error) {
	w := &walk{ctx: ctx, rank: newRanking(point, by, used), flags: dirFlags}
	w.more = sync.NewCond(&w.mu)
	if os.Geteuid() == 0 {
		w.flags |= unix.O_NOATIME // looking must not change the disk; others may not ask for it
	}
	ended := make(chan error, 1)
	go func() { ended <- w.run(point) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		hung := time.NewTimer(drain)
		defer hung.Stop()
		select {
		case err = <-ended:
		case <-hung.C:
			w.unfinished.Store(true)
		}
	}
	if err != nil {
		return Folders{}, err
	}
	return Folders{
		Mount: point, By: by, Finished: !w.unfinished.Load(), Bytes: uint64(w.bytes.Load()), Used: used,
		Entries: int(w.entries.Load()), Unreadable: int(w.unreadable.Load()), Spots: w.rank.top(),
	}, nil
}

// run opens the top and works until nothing is left.
func (w *walk) run(point string) error {
	fd, err := unix.Open(point, dirFlags, 0)
	if err != nil {
		return err
	}
	var st unix.Statx_t
	if err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, statMask, &st); err != nil {
		unix.Close(fd)
		return err
	}
	w.mountID = place(&st)
	root := &node{fd: fd}
	root.unborn.Store(1)
	root.open.Store(1)
	root.rem.Store(w.rank.weight(int64(st.Blocks) * 512))
	w.bytes.Add(int64(st.Blocks) * 512)
	w.entries.Add(1)
	w.stack = append(w.stack, root)

	var workers sync.WaitGroup
	// Cold directories make threads wait for the disk: more of them than cores.
	for range min(4*runtime.GOMAXPROCS(0), 16) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			gently()
			w.work()
		}()
	}
	workers.Wait()
	return nil
}

func (w *walk) work() {
	buf := make([]byte, 64<<10)
	for {
		n := w.next()
		if n == nil {
			return
		}
		w.enter(n, buf)
		if w.rank.done(n) {
			w.finish()
		}
	}
}

// next blocks until there is a directory to read; nil when the walk is over.
func (w *walk) next() *node {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.stack) == 0 && !w.over {
		w.more.Wait()
	}
	if w.over {
		return nil
	}
	n := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	return n
}

func (w *walk) push(n *node) {
	w.mu.Lock()
	w.stack = append(w.stack, n)
	w.mu.Unlock()
	w.more.Signal()
}

func (w *walk) finish() {
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	w.more.Broadcast()
}

// enter opens and reads one directory. When ctx has ended it only lets go of
// the parent, so that a stopped walk drains in no time.
func (w *walk) enter(n *node, buf []byte) {
	stopped := w.ctx.Err() != nil
	if n.parent != nil {
		fd, err := -1, error(nil)
		if !stopped {
			fd, err = unix.Openat(n.parent.fd, n.name, w.flags, 0)
			if err == unix.EPERM && w.flags&unix.O_NOATIME != 0 {
				fd, err = unix.Openat(n.parent.fd, n.name, dirFlags, 0) // root of a user namespace
			}
		}
		n.parent.release()
		if err != nil {
			w.unreadable.Add(1)
			return
		}
		n.fd = fd
	}
	if stopped {
		w.unfinished.Store(true)
		if n.parent == nil {
			n.release()
		}
		return
	}
	w.read(n, buf)
	n.release()
}

// release closes the descriptor when nobody needs it to open a child.
func (n *node) release() {
	if n.unborn.Add(-1) == 0 && n.fd >= 0 {
		unix.Close(n.fd)
		n.fd = -1
	}
}
