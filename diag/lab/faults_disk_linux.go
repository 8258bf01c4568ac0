package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const dataDir = "/srv" // on every Linux (FHS 3.0), and rarely anyone's home

// diskFaults fill a filesystem of the PC's own to the last byte or file.
func diskFaults() []World {
	return []World{
		{Name: "disk-full", Story: "A disk is full.", Expect: []string{"disk.full"}, Build: (*Net).fullDisk},
		{Name: "disk-inodes", Story: "A disk has space and no room for one more file.", Expect: []string{"disk.inodes_full"}, Build: func(n *Net) {
			n.PC.Disk(dataDir, "4m", "64")
			n.PC.untilFull(func(i int) error {
				f, err := os.OpenFile(filepath.Join(dataDir, fmt.Sprintf("%06d", i)), os.O_CREATE|os.O_EXCL, 0o644)
				if err == nil {
					err = f.Close()
				}
				return err
			})
		}},
	}
}

func (n *Net) fullDisk() {
	n.PC.Disk(dataDir, "4m", "")
	n.PC.untilFull(func(int) error {
		f, err := os.OpenFile(filepath.Join(dataDir, "film.mkv"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.Write(make([]byte, os.Getpagesize()))
		return err
	})
}

// untilFull repeats inside until there is no space left, of either kind.
func (n *Node) untilFull(more func(i int) error) {
	n.inside(dataDir, func() error {
		for i := 0; ; i++ {
			switch err := more(i); {
			case errors.Is(err, unix.ENOSPC):
				return nil
			case err != nil:
				return err
			}
		}
	})
}
