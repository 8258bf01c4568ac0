package step

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// Inode flags of chattr(1), from linux/fs.h.
const (
	immutable  = 0x10
	appendOnly = 0x20
)

// maxFile is the largest file a fix touches; settings are far smaller.
const maxFile = 8 << 20

// ObserveFile reads a path without following a link at its end. A file that
// changes while it is read is read again, three times at most.
func ObserveFile(path string) (FileState, error) {
	for range 3 {
		s, stable, err := observeOnce(path)
		if err != nil {
			return FileState{}, fmt.Errorf("read %s: %w", path, err)
		}
		if stable {
			return s, nil
		}
	}
	return FileState{}, fmt.Errorf("read %s: it keeps changing", path)
}

func (fileKind) observe(path string, _ json.RawMessage) (json.RawMessage, error) {
	s, err := ObserveFile(path)
	if err != nil {
		return nil, err
	}
	return mustJSON(s), nil
}

func observeOnce(path string) (s FileState, stable bool, err error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); errors.Is(err, unix.ENOENT) {
		return FileState{Type: Absent}, true, nil
	} else if err != nil {
		return s, false, err
	}
	s = FileState{Mode: st.Mode & 0o7777, UID: int(st.Uid), GID: int(st.Gid), MTime: st.Mtim.Nano()}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFLNK:
		s.Type, s.Mode = Symlink, 0
		s.Link, err = os.Readlink(path)
		if err == nil && !utf8.ValidString(s.Link) {
			err = errors.New("the link's target is not text")
		}
		return s, true, err
	case unix.S_IFREG:
		return observeRegular(path, s, st)
	}
	return s, false, errors.New("neither a plain file nor a link")
}

func observeRegular(path string, s FileState, before unix.Stat_t) (FileState, bool, error) {
	if before.Size > maxFile {
		return s, false, fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return s, false, err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return s, false, err
	}
	if s.Xattrs, err = xattrs(fd); err != nil {
		return s, false, err
	}
	var after unix.Stat_t
	if err := unix.Fstat(fd, &after); err != nil {
		return s, false, err
	}
	sum := sha256.Sum256(b)
	s.Type, s.Bytes, s.Size, s.SHA256 = Regular, b, len(b), hex.EncodeToString(sum[:])
	stable := before.Ino == after.Ino && before.Size == after.Size && before.Mtim == after.Mtim &&
		before.Ctim == after.Ctim && int64(len(b)) == after.Size
	return s, stable, nil
}

// xattrs reads every extended attribute of an open file; a filesystem
// without them has none.
func xattrs(fd int) (map[string][]byte, error) {
	out := map[string][]byte{}
	n, err := unix.Flistxattr(fd, nil)
	if errors.Is(err, unix.ENOTSUP) || n == 0 && err == nil {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	names := make([]byte, n)
	if n, err = unix.Flistxattr(fd, names); err != nil {
		return nil, err
	}
	for _, name := range strings.Split(strings.TrimRight(string(names[:n]), "\x00"), "\x00") {
		value := make([]byte, 64<<10) // XATTR_SIZE_MAX, xattr(7)
		n, err := unix.Fgetxattr(fd, name, value)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		out[name] = value[:n:n]
	}
	return out, nil
}

// Locked returns the path (the file itself or its folder) that is marked
// immutable or append-only (chattr(1)) and so cannot be replaced; "" is none.
func Locked(path string) string {
	for _, p := range []string{path, filepath.Dir(path)} {
		fd, err := unix.Open(p, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			continue // absent, a link, or unreadable: the write will say it
		}
		flags, err := unix.IoctlGetUint32(fd, unix.FS_IOC_GETFLAGS)
		unix.Close(fd)
		if err == nil && flags&(immutable|appendOnly) != 0 {
			return p
		}
	}
	return ""
}
