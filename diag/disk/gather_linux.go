package disk

import (
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"deskside/diag"
)

// filesystems lists what is mounted where this process can see it.
func filesystems(env *diag.Env) ([]Filesystem, diag.Tri) {
	table, err := env.Host.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, diag.No
	}
	fstab, _ := env.Host.ReadFile("/etc/fstab") // absent in containers: then nothing is said about intentions
	wanted := parseFstab(fstab)
	var worth []mount
	for _, m := range visible(parseMounts(table)) {
		if worthARow(m) {
			worth = append(worth, m)
		}
	}
	var out []Filesystem
	for _, m := range distinct(worth) {
		fs := Filesystem{
			Mount: strings.ToValidUTF8(m.point, "\uFFFD"), Device: strings.ToValidUTF8(m.source, "\uFFFD"), Type: m.fstype, Role: roleOf(m.point), State: Pending,
			ReadOnly: m.readOnly(), Lost: m.lost(wanted), Errors: errorCount(env, m),
		}
		if kindOf(m) == network {
			fs.State = Unasked
		}
		out = append(out, fs)
	}
	return out, diag.Yes
}

// errorCount reads how often ext4 found its own structures damaged since the
// last fsck; 0 for other filesystems.
func errorCount(env *diag.Env, m mount) int {
	if m.fstype != "ext4" {
		return 0
	}
	device, err := env.Host.Readlink("/sys/dev/block/" + m.dev)
	if err != nil {
		return 0
	}
	b, err := env.Host.ReadFile("/sys/fs/ext4/" + path.Base(device) + "/errors_count")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return n
}

// blockRatio corrects gopsutil, which multiplies block counts by f_bsize. The
// counts are in units of f_frsize (statvfs(3)); the two differ on some FUSE
// filesystems.
func blockRatio(point string) float64 {
	var st unix.Statfs_t
	if unix.Statfs(point, &st) != nil || st.Frsize <= 0 || st.Bsize <= 0 {
		return 1
	}
	return float64(st.Frsize) / float64(st.Bsize)
}
