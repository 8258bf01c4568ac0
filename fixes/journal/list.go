package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

// Records lists every transaction, newest first. Damaged ones are listed with
// their Err.
func (j *Journal) Records() ([]*Record, error) {
	dirs, err := j.dirs()
	if err != nil {
		return nil, err
	}
	var out []*Record
	for _, dir := range dirs {
		out = append(out, j.load(dir))
	}
	return out, nil
}

// dirs returns the folders of all transactions, newest first.
func (j *Journal) dirs() ([]string, error) {
	var out []string
	for _, folder := range []string{open, archive} {
		names, err := j.names(folder)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if isID(name) {
				out = append(out, folder+"/"+name)
			}
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a][strings.Index(out[a], "/"):] > out[b][strings.Index(out[b], "/"):] })
	return out, nil
}

func (j *Journal) names(folder string) ([]string, error) {
	if err := j.private(folder, true); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	f, err := j.root.Open(folder)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return names, nil
}

func (j *Journal) newest() (string, error) {
	dirs, err := j.dirs()
	if err != nil || len(dirs) == 0 {
		return "", err
	}
	return dirs[0][strings.Index(dirs[0], "/")+1:], nil
}

// Sweep removes what a crash left of an intent that was never durable:
// nothing was changed for it. Call it under the lock.
func (j *Journal) Sweep() error {
	names, err := j.names(open)
	if err != nil {
		return err
	}
	for _, name := range names {
		if id, ok := strings.CutPrefix(name, ".new-"); ok && isID(id) {
			if err := j.root.RemoveAll(open + "/" + name); err != nil {
				return fmt.Errorf("journal: %w", err)
			}
		}
	}
	return nil
}
