package disk

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// read adds up one open directory.
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
			child.rem.Store(w.rank.weight(blocks))
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
		weight := w.rank.weight(blocks)
		if weight >= w.rank.threshold {
			w.rank.add(&node{parent: n, name: goString(name)}, weight, true)
			continue
		}
		sum.own += weight
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
