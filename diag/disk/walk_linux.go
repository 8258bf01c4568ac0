package disk

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

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

// walkFolders walks the filesystem mounted at point until it is done or ctx
// ends; what was seen until then counts. used is what the filesystem says is
// in use, in bytes. The error is that of opening point.
func walkFolders(ctx context.Context, point string, used uint64) (Folders, error) {
	w := &walk{ctx: ctx, rank: newRanking(point, used), flags: dirFlags}
	w.more = sync.NewCond(&w.mu)
	fd, err := unix.Open(point, dirFlags, 0)
	if err != nil {
		return Folders{}, err
	}
	var st unix.Statx_t
	if err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, statMask, &st); err != nil {
		unix.Close(fd)
		return Folders{}, err
	}
	w.mountID = place(&st)
	if os.Geteuid() == 0 {
		w.flags |= unix.O_NOATIME // looking must not change the disk; others may not ask for it
	}
	root := &node{fd: fd}
	root.unborn.Store(1)
	root.open.Store(1)
	root.rem.Store(int64(st.Blocks) * 512)
	w.bytes.Add(int64(st.Blocks) * 512)
	w.entries.Add(1)
	w.stack = append(w.stack, root)

	var workers sync.WaitGroup
	// Cold directories make threads wait for the disk: more of them than cores.
	for range min(max(4*runtime.GOMAXPROCS(0), 4), 16) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			w.work()
		}()
	}
	workers.Wait()
	return Folders{
		Mount: point, Finished: !w.unfinished.Load(), Bytes: uint64(w.bytes.Load()), Used: used,
		Entries: int(w.entries.Load()), Unreadable: int(w.unreadable.Load()), Spots: w.rank.top(),
	}, nil
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

func (w *walk) read(n *node, buf []byte) {
	var sum tally
	for w.ctx.Err() == nil {
		got, err := unix.Getdents(n.fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			w.unreadable.Add(1)
		}
		if err != nil || got <= 0 {
			break
		}
		w.names(n, buf[:got], &sum)
	}
	if w.ctx.Err() != nil {
		w.unfinished.Store(true)
	}
	n.rem.Add(sum.own)
	w.bytes.Add(sum.seen)
	w.entries.Add(sum.entries)
}

// tally is what one directory's names add up to, kept apart from the shared
// counters until it is read.
type tally struct{ own, seen, entries int64 }

// Layout of struct linux_dirent64 (getdents64(2)).
const (
	direntLen  = int(unsafe.Offsetof(unix.Dirent{}.Reclen))
	direntName = int(unsafe.Offsetof(unix.Dirent{}.Name))
)

// names stats every name of a chunk: files count for this directory, those that
// are spots by themselves only for the whole, directories are to be entered.
func (w *walk) names(n *node, chunk []byte, sum *tally) {
	var st unix.Statx_t
	for len(chunk) > direntName {
		size := int(*(*uint16)(unsafe.Pointer(&chunk[direntLen])))
		if size <= direntName || size > len(chunk) {
			break
		}
		name := chunk[direntName:size] // ends in at least one NUL
		chunk = chunk[size:]
		if name[0] == '.' && (name[1] == 0 || name[1] == '.' && name[2] == 0) {
			continue
		}
		if errno := statAt(n.fd, &name[0], &st); errno != 0 {
			if errno != unix.ENOENT { // gone since it was listed: nothing to count
				w.unreadable.Add(1)
			}
			continue
		}
		if place(&st) != w.mountID {
			continue // something else is mounted there
		}
		sum.entries++
		blocks := int64(st.Blocks) * 512
		if st.Mode&unix.S_IFMT == unix.S_IFDIR {
			sum.seen += blocks
			child := &node{parent: n, name: goString(name), fd: -1}
			child.unborn.Store(1)
			child.open.Store(1)
			child.rem.Store(blocks)
			n.unborn.Add(1)
			n.open.Add(1)
			w.push(child)
			continue
		}
		if st.Nlink > 1 {
			// Every name of a hard-linked file gets its fair share: sums stay
			// right, and the same in every run, without remembering inodes.
			blocks /= int64(st.Nlink)
		}
		sum.seen += blocks
		if blocks >= w.rank.threshold {
			leaf := node{parent: n, name: goString(name)}
			w.rank.add(Spot{Path: leaf.path(w.rank.mount), Bytes: uint64(blocks), File: true})
			continue
		}
		sum.own += blocks
	}
}

func goString(name []byte) string { return unix.ByteSliceToString(name) }

const statMask = unix.STATX_TYPE | unix.STATX_NLINK | unix.STATX_INO | unix.STATX_BLOCKS | unix.STATX_MNT_ID

// statAt is unix.Statx on a name where it lies, without the copy.
func statAt(dir int, name *byte, st *unix.Statx_t) unix.Errno {
	_, _, errno := unix.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(name)),
		unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT|unix.AT_STATX_DONT_SYNC, statMask, uintptr(unsafe.Pointer(st)), 0)
	return errno
}

// place tells mounts apart; before Linux 5.8 only devices can be.
func place(st *unix.Statx_t) uint64 {
	if st.Mask&unix.STATX_MNT_ID != 0 {
		return st.Mnt_id
	}
	return uint64(st.Dev_major)<<32 | uint64(st.Dev_minor)
}
