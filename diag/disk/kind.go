package disk

import "strings"

// kind says how a mount is treated.
type kind int

const (
	pseudo  kind = iota // no bytes of its own, or full by nature: left out
	block               // on a block device
	memory              // tmpfs
	layered             // overlay: shows the numbers of its upper filesystem
	network             // may hang for ever when asked
)

var kinds = map[string]kind{
	"tmpfs": memory, "overlay": layered, "zfs": block, "btrfs": block, "bcachefs": block,
	"nfs": network, "nfs4": network, "cifs": network, "smb3": network, "smbfs": network, "ncpfs": network,
	"afs": network, "ceph": network, "9p": network, "virtiofs": network, "lustre": network, "gpfs": network, "ocfs2": network,
	// Images: filled to the last block when they are made.
	"squashfs": pseudo, "iso9660": pseudo, "udf": pseudo, "erofs": pseudo, "cramfs": pseudo, "romfs": pseudo,
	// Files that pretend to be a filesystem for one desktop session or container.
	"fuse.portal": pseudo, "fuse.gvfsd-fuse": pseudo, "fuse.lxcfs": pseudo, "fuse.snapfuse": pseudo, "fuse.squashfuse": pseudo,
}

// kindOf sorts by type; an unknown type counts when a block device is behind
// it (major number not 0: Documentation/admin-guide/devices.txt).
func kindOf(m mount) kind {
	if k, known := kinds[m.fstype]; known {
		return k
	}
	switch {
	case strings.HasPrefix(m.fstype, "fuse."):
		return network // sshfs, rclone and the like: a person's program may be stuck behind it
	case !strings.HasPrefix(m.dev, "0:"):
		return block
	}
	return pseudo
}

// roleOf reads the role off a mount point.
func roleOf(point string) Role {
	switch {
	case point == "/":
		return Root
	case under(point, "/media", "/run/media"):
		return External
	case under(point, "/boot", "/efi"):
		return Boot
	case under(point, "/run", "/dev", "/var/run", "/var/lock"):
		return Special
	case under(point, "/tmp", "/var/tmp"):
		return Temp
	case under(point, "/usr", "/var", "/etc", "/opt", "/nix", "/gnu"):
		return System
	case under(point, "/home", "/root"):
		return Home
	}
	return Data
}

func under(path string, tops ...string) bool {
	for _, top := range tops {
		if path == top || strings.HasPrefix(path, top+"/") {
			return true
		}
	}
	return false
}

// worthARow leaves out container layers, whose bytes are their host's, and what
// the kernel's own trees stand on.
func worthARow(m mount) bool {
	k := kindOf(m)
	return k != pseudo && !under(m.point, "/sys", "/proc") && !(k == layered && under(m.point, "/var/lib", "/run"))
}
