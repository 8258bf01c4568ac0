//go:build unix

package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// checksModes: permission bits mean something here.
const checksModes = true

// ours reports that we own it. The superuser trusts nobody else's files.
func ours(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// Lock takes the machine-wide lock or returns ErrBusy at once. The file stays
// when it is released: unlinking it would let two hold it. A crash releases
// it by itself.
func (j *Journal) Lock() (unlock func(), err error) {
	f, err := j.root.OpenFile("lock", os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := j.private("lock", false); err != nil {
		f.Close()
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		return nil, fmt.Errorf("journal: lock: %w", err)
	}
	return func() { f.Close() }, nil
}
