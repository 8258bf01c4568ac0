package disk

import (
	"bufio"
	"bytes"
	"sort"
	"strconv"
	"strings"
)

// mount is one line of /proc/self/mountinfo (proc(5)).
type mount struct {
	id, parent int
	dev        string // major:minor of the superblock
	point      string
	options    []string // of this mount
	fstype     string
	source     string
	super      []string // of the superblock
}

// parseMounts reads mountinfo. Lines that are none are left out.
//
// gopsutil's Partitions is not used on Linux: it reads the table of process 1,
// which may live in another mount namespace, and drops the superblock number,
// without which bind mounts and two tmpfs cannot be told apart (v3.24.5).
func parseMounts(b []byte) []mount {
	var out []mount
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		left, right, ok := strings.Cut(lines.Text(), " - ")
		l, r := strings.Fields(left), strings.Fields(right)
		if !ok || len(l) < 6 || len(r) < 2 {
			continue
		}
		id, err1 := strconv.Atoi(l[0])
		parent, err2 := strconv.Atoi(l[1])
		if err1 != nil || err2 != nil {
			continue
		}
		m := mount{id: id, parent: parent, dev: l[2], point: unescape(l[4]), options: strings.Split(l[5], ","),
			fstype: r[0], source: unescape(r[1])}
		if len(r) > 2 {
			m.super = strings.Split(r[2], ",")
		}
		out = append(out, m)
	}
	return out
}

// unescape undoes the kernel's \040 for blanks and backslashes in names.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// visible leaves out what another mount covers. A path leads to a mount only
// if every mount on the way to it is one that it stands on.
func visible(all []mount) []mount {
	byID := map[int]mount{}
	at := map[string][]int{}
	for _, m := range all {
		byID[m.id] = m
		at[m.point] = append(at[m.point], m.id)
	}
	var out []mount
	for _, m := range all {
		standsOn := map[int]bool{m.id: true}
		for p, ok := byID[m.parent]; ok && !standsOn[p.id]; p, ok = byID[p.parent] {
			standsOn[p.id] = true
		}
		covered := false
		for _, p := range upwards(m.point) {
			for _, id := range at[p] {
				covered = covered || !standsOn[id]
			}
		}
		if !covered {
			out = append(out, m)
		}
	}
	return out
}

// upwards lists a path and everything above it: /a/b, /a, /.
func upwards(path string) []string {
	out := []string{path}
	for path != "/" {
		i := strings.LastIndexByte(path, '/')
		if i < 0 {
			break
		}
		path = path[:max(i, 1)]
		out = append(out, path)
	}
	return out
}

// distinct keeps one mount per superblock, the one with the shortest path: a
// bind mount and a btrfs subvolume share the bytes of their filesystem.
func distinct(all []mount) []mount {
	sorted := append([]mount{}, all...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if len(sorted[i].point) != len(sorted[j].point) {
			return len(sorted[i].point) < len(sorted[j].point)
		}
		return sorted[i].point < sorted[j].point
	})
	seen := map[string]bool{}
	var out []mount
	for _, m := range sorted {
		if !seen[m.dev] {
			seen[m.dev] = true
			out = append(out, m)
		}
	}
	return out
}

func has(options []string, want string) bool {
	for _, o := range options {
		if o == want {
			return true
		}
	}
	return false
}

// readOnly reports whether nothing can be written through this mount.
func (m mount) readOnly() bool { return has(m.options, "ro") || m.stopped() }

// stopped reports a superblock that takes no writes. After errors ext4 set it
// "ro"; since Linux 6.12 it stays "rw" and says "emergency_ro" (measured on
// 6.18), or "shutdown" once it was forced down.
func (m mount) stopped() bool {
	return has(m.super, "ro") || has(m.super, "emergency_ro") || has(m.super, "shutdown")
}

// lost reports by which sign a read-only mount was meant to be writable; see
// [Filesystem.Lost]. A mount that alone is read-only is on purpose: a service's
// sandbox (systemd ProtectSystem=) looks like that over a writable disk.
func (m mount) lost(fstab map[string][]string) string {
	if kindOf(m) != block || !m.stopped() {
		return ""
	}
	if has(m.options, "rw") {
		return "kernel"
	}
	if wanted, listed := fstab[m.point]; listed && !has(wanted, "ro") && !has(wanted, "noauto") {
		return "fstab"
	}
	return ""
}

// parseFstab returns the options of every mount point that fstab(5) names.
func parseFstab(b []byte) map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) >= 4 && !strings.HasPrefix(f[0], "#") {
			out[unescape(f[1])] = strings.Split(f[3], ",")
		}
	}
	return out
}
