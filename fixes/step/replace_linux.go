package step

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"deskside/fixes/internal/failpoint"
)

func (fileKind) set(path, tag string, raw json.RawMessage) error {
	var to FileState
	if err := json.Unmarshal(raw, &to); err != nil {
		return err
	}
	dir, err := openFolder(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("folder of %s: %w", path, err)
	}
	defer unix.Close(dir)
	p := place{dir: dir, base: filepath.Base(path), temp: tempName(path, tag)}
	if err := unix.Unlinkat(dir, p.temp, 0); err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EROFS) {
		return fmt.Errorf("clear %s: %w", p.temp, err)
	}
	if err := p.become(to); err != nil {
		unix.Unlinkat(dir, p.temp, 0)
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// tempName is in the same folder, so that rename(2) can put it in place. It
// carries the transaction, so that recovery finds what a crash left.
func tempName(path, tag string) string {
	if tag == "" {
		tag = rand.Text()
	}
	return ".deskside-" + tag + "~" + filepath.Base(path)[:min(64, len(filepath.Base(path)))]
}

// ClearTemp removes the temporary file that a crash may have left.
func (s Step) ClearTemp(tag string) error {
	if s.Kind != File {
		return nil
	}
	err := unix.Unlink(filepath.Join(filepath.Dir(s.Target), tempName(s.Target, tag)))
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.EROFS) {
		return nil
	}
	return err
}

// openFolder opens a folder that nobody but its owner, and that is us or the
// superuser, can rearrange while we work in it.
func openFolder(path string) (int, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	var st unix.Stat_t
	err = unix.Fstat(fd, &st)
	if err == nil && (st.Mode&0o022 != 0 || int(st.Uid) != unix.Geteuid() && st.Uid != 0) {
		err = errors.New("others may write there")
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// place is one name in an open folder.
type place struct {
	dir        int
	base, temp string
}

func (p place) become(to FileState) error {
	switch to.Type {
	case Absent:
		failpoint.Reach("unlink target")
		if err := unix.Unlinkat(p.dir, p.base, 0); err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
		return p.syncFolder()
	case Symlink:
		if err := p.tempLink(to); err != nil {
			return err
		}
		return p.rename()
	case Regular:
		return p.becomeRegular(to)
	}
	return fmt.Errorf("unknown type %q", to.Type)
}

// becomeRegular replaces by rename, and writes in place where a rename would
// tear a hard link apart, cannot be (a mount point: EBUSY, moby #9295), or
// has no room for a second copy. A crash inside a write in place leaves a
// torn file; the journal has the bytes, and recovery puts them back.
func (p place) becomeRegular(to FileState) error {
	var st unix.Stat_t
	err := unix.Fstatat(p.dir, p.base, &st, unix.AT_SYMLINK_NOFOLLOW)
	regular := err == nil && st.Mode&unix.S_IFMT == unix.S_IFREG
	if regular && st.Nlink > 1 {
		return p.inPlace(to)
	}
	err = p.tempFile(to)
	if err == nil {
		err = p.rename()
	}
	if regular && (errors.Is(err, unix.EBUSY) || errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)) {
		unix.Unlinkat(p.dir, p.temp, 0)
		return p.inPlace(to)
	}
	return err
}

func (p place) tempFile(to FileState) error {
	failpoint.Reach("create temp")
	fd, err := unix.Openat(p.dir, p.temp, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return fill(fd, to)
}

func (p place) inPlace(to FileState) error {
	failpoint.Reach("open in place")
	fd, err := unix.Openat(p.dir, p.base, unix.O_WRONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return fill(fd, to)
}

// fill writes content and attributes, in the order that keeps them: chown
// clears setuid and capabilities, so mode and attributes come after it, and
// every write moves the modification time, so that comes last.
func fill(fd int, to FileState) error {
	for at := 0; at < len(to.Bytes); {
		failpoint.Reach("write")
		n, err := unix.Pwrite(fd, to.Bytes[at:], int64(at))
		if err != nil {
			return err
		}
		at += n
	}
	failpoint.Reach("truncate")
	if err := unix.Ftruncate(fd, int64(len(to.Bytes))); err != nil {
		return err
	}
	if err := unix.Fchown(fd, to.UID, to.GID); err != nil {
		return fmt.Errorf("owner: %w", err)
	}
	if err := unix.Fchmod(fd, to.Mode); err != nil {
		return fmt.Errorf("mode: %w", err)
	}
	if err := setXattrs(fd, to.Xattrs); err != nil {
		return err
	}
	if to.MTime != 0 {
		ts := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(to.MTime)}
		if err := futimens(fd, ts); err != nil {
			return fmt.Errorf("time: %w", err)
		}
	}
	failpoint.Reach("fsync target")
	return unix.Fsync(fd)
}

// futimens is futimens(3): utimensat on the descriptor's own path.
func futimens(fd int, ts []unix.Timespec) error {
	return unix.UtimesNanoAt(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", fd), ts, 0)
}

// setXattrs makes the extended attributes exactly want; nil leaves them. A
// security label that the system itself put on cannot be taken off.
func setXattrs(fd int, want map[string][]byte) error {
	if want == nil {
		return nil
	}
	have, err := xattrs(fd)
	if err != nil {
		return err
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			if err := unix.Fremovexattr(fd, name); err != nil && name != "security.selinux" {
				return fmt.Errorf("attribute %s: %w", name, err)
			}
		}
	}
	for name, value := range want {
		if err := unix.Fsetxattr(fd, name, value, 0); err != nil {
			return fmt.Errorf("attribute %s: %w", name, err)
		}
	}
	return nil
}

func (p place) tempLink(to FileState) error {
	failpoint.Reach("symlink temp")
	if err := unix.Symlinkat(to.Link, p.dir, p.temp); err != nil {
		return err
	}
	if err := unix.Fchownat(p.dir, p.temp, to.UID, to.GID, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("owner: %w", err)
	}
	if to.MTime == 0 {
		return nil
	}
	ts := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(to.MTime)}
	return unix.UtimesNanoAt(p.dir, p.temp, ts, unix.AT_SYMLINK_NOFOLLOW)
}

func (p place) rename() error {
	failpoint.Reach("rename target")
	if err := unix.Renameat(p.dir, p.temp, p.dir, p.base); err != nil {
		return err
	}
	return p.syncFolder()
}

// syncFolder makes the name durable: fsync of a file does not (renameio #11).
func (p place) syncFolder() error {
	failpoint.Reach("fsync folder")
	return unix.Fsync(p.dir)
}
