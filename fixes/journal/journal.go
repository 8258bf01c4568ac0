// Package journal keeps transactions on disk: what a fix is about to change
// is durable before it changes anything, so that every crash can be finished
// or taken back, and every kept fix can be undone on another day.
//
//	<state>/lock                    flock(2), never unlinked
//	<state>/tx/<ulid>/              open: being applied, undecided, or stuck
//	<state>/archive/<ulid>/         closed: kept, undone or rolled back
//	    intent.json                 immutable, ends with its own SHA-256
//	    blobs/<sha256>              old and new bytes of files
//	    staging/<mark>              allocated beforehand
//	    applied kept undoing undone rolled_back stuck     marks, when reached
//	    conflict/                   bytes found in the way, never destroyed
//
// There is no log and no database: a few small files that never change, so
// none can be torn, and all can be read with cat from a rescue shell. A mark
// is made by link(2) from staging, which needs no room for data: deciding
// works on a full disk, and of two that decide one fails.
//
// Sources of the scheme: field notes fixes.md 2 and 3; ALICE (OSDI'14) for
// "nothing is durable, not even a name, without fsync".
package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"deskside/fixes/internal/failpoint"
)

// ErrBusy says that another process works on this machine's fixes now.
var ErrBusy = errors.New("another deskside is changing this machine right now")

// Folders under the state directory.
const (
	open    = "tx"
	archive = "archive"
)

// Journal is an opened state directory. All access goes through one os.Root:
// no name in it can lead out of it.
type Journal struct {
	root *os.Root
	path string
}

// Open opens the state directory and makes what is missing. It refuses one
// that is a link, belongs to somebody else or that others may enter: what
// lies there decides what the superuser writes. That is an error that says
// which, and nothing has been changed.
func Open(path string) (*Journal, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	j, err := openExisting(path)
	if err != nil {
		return nil, err
	}
	if err := j.furnish(); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

// furnish makes the folders that are missing, durably.
func (j *Journal) furnish() error {
	made := false
	for _, dir := range []string{open, archive} {
		err := j.root.Mkdir(dir, 0o700)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("state directory: %w", err)
		}
		made = made || err == nil
		if err := j.private(dir, true); err != nil {
			return err
		}
	}
	if !made {
		return nil
	}
	if err := j.sync("."); err != nil {
		return err
	}
	parent, err := os.Open(filepath.Dir(j.path))
	if err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	defer parent.Close()
	return parent.Sync()
}

// View opens the state directory for reading only. Where there is none yet,
// the error is fs.ErrNotExist.
func View(path string) (*Journal, error) { return openExisting(path) }

func openExisting(path string) (*Journal, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	// That others may list it does no harm: all that is in it is closed to them.
	if err := trusted(path, info, true, 0o022); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	return &Journal{root: root, path: path}, nil
}

// Close releases the directory.
func (j *Journal) Close() { j.root.Close() }

// private checks one name under the state directory.
func (j *Journal) private(name string, dir bool) error {
	info, err := j.root.Lstat(name)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return trusted(j.path+"/"+name, info, dir, 0o077)
}

// trusted refuses what somebody else may have put there; forbidden are the
// permission bits it must not have.
func trusted(path string, info fs.FileInfo, dir bool, forbidden fs.FileMode) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("journal: %s is a link; refusing to follow it", path)
	case dir != info.IsDir() || !dir && !info.Mode().IsRegular():
		return fmt.Errorf("journal: %s is not what it should be (%s)", path, info.Mode())
	case !ours(info):
		return fmt.Errorf("journal: %s belongs to somebody else", path)
	case checksModes && info.Mode().Perm()&forbidden != 0:
		return fmt.Errorf("journal: %s may be opened by others (%s)", path, info.Mode())
	}
	return nil
}

// read reads a private file whole.
func (j *Journal) read(name string) ([]byte, error) {
	if err := j.private(name, false); err != nil {
		return nil, err
	}
	b, err := j.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return b, nil
}

// write creates a file and makes its content durable. The name is durable
// only after sync of its folder.
func (j *Journal) write(name string, b []byte) error {
	failpoint.Reach("journal create " + name)
	f, err := j.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(b); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	failpoint.Reach("journal fsync " + name)
	if err := f.Sync(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// sync makes the names in a folder durable.
func (j *Journal) sync(dir string) error {
	failpoint.Reach("journal fsync folder " + dir)
	f, err := j.root.Open(dir)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// move renames a transaction's folder and makes both ends durable.
func (j *Journal) move(from, to string, folders ...string) error {
	failpoint.Reach("journal rename " + from)
	if err := j.root.Rename(from, to); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	for _, dir := range folders {
		if err := j.sync(dir); err != nil {
			return err
		}
	}
	return nil
}
