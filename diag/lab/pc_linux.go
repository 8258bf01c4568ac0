package lab

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// ownMounts gives the node a mount namespace: a /sys that shows its network,
// an /etc of its own over the machine's, and nothing in the places where
// other software leaves word about the machine's real network.
func (n *Node) ownMounts(scratch string) {
	err := onThread(func() error {
		if err := unix.Setns(int(n.ns), unix.CLONE_NEWNET); err != nil {
			return err
		}
		if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
			return err
		}
		if err := mounts(scratch); err != nil {
			return err
		}
		f, err := os.Open("/proc/thread-self/ns/mnt")
		n.mnt = f
		return err
	})
	must(err, "%s: mounts", n.Name)
}

func mounts(scratch string) error {
	// Nothing mounted from here on is seen outside.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return os.NewSyscallError("mount private", err)
	}
	if err := unix.Mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
		return os.NewSyscallError("mount /sys", err)
	}
	if err := overEtc(scratch); err != nil {
		return err
	}
	for _, dir := range []string{"/run", "/var/lib/NetworkManager", "/var/lib/dhcp", "/var/lib/dhcpcd"} {
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=755,size=16m"); err != nil {
			return os.NewSyscallError("mount "+dir, err)
		}
	}
	return nil
}

// overEtc keeps the upper layer on a tmpfs that is detached at once: the
// overlay holds on to it, and no list of mounts shows it.
func overEtc(scratch string) error {
	if err := unix.Mount("tmpfs", scratch, "tmpfs", 0, "mode=755,size=64m"); err != nil {
		return os.NewSyscallError("mount tmpfs", err)
	}
	upper, work := filepath.Join(scratch, "upper"), filepath.Join(scratch, "work")
	for _, dir := range []string{upper, work} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	opts := "lowerdir=/etc,upperdir=" + upper + ",workdir=" + work
	if err := unix.Mount("overlay", "/etc", "overlay", 0, opts); err != nil {
		return os.NewSyscallError("mount overlay on /etc", err)
	}
	return os.NewSyscallError("detach", unix.Unmount(scratch, unix.MNT_DETACH))
}

// plainFiles are what a PC without any network manager has in /etc.
var plainFiles = map[string]string{
	"/etc/resolv.conf":   "nameserver " + Quad9 + "\n",
	"/etc/hosts":         "127.0.0.1 localhost\n127.0.1.1 pc\n::1 localhost ip6-localhost ip6-loopback\n",
	"/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\n",
	"/etc/environment":   "",
}

func (n *Node) plainEtc() {
	for path, content := range plainFiles {
		n.File(path, content)
	}
	n.Gone("/etc/gai.conf")
	// What sets a proxy on the machine itself has no business in its worlds.
	for _, path := range []string{"/etc/profile.d", "/etc/environment.d", "/etc/apt/apt.conf.d", "/etc/apt/apt.conf", "/etc/dconf"} {
		n.Gone(path)
	}
	n.Gone("/etc/resolvconf")
}

// File replaces a file inside, mode 0644, whatever was there.
func (n *Node) File(path, content string) {
	n.Gone(path)
	n.inside(path, func() error {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, []byte(content), 0o644)
	})
}

// Link replaces a path inside by a symbolic link.
func (n *Node) Link(path, target string) {
	n.Gone(path)
	n.inside(path, func() error { return os.Symlink(target, path) })
}

// Gone removes a path inside.
func (n *Node) Gone(path string) { n.inside(path, func() error { return os.RemoveAll(path) }) }

// Disk mounts a filesystem of its own on a directory inside; size and inodes
// as tmpfs(5) takes them, "" for no limit of inodes.
func (n *Node) Disk(path, size, inodes string) {
	opts := "mode=755,size=" + size
	if inodes != "" {
		opts += ",nr_inodes=" + inodes
	}
	n.inside(path, func() error { return os.NewSyscallError("mount", unix.Mount("data", path, "tmpfs", 0, opts)) })
}

func (n *Node) inside(path string, f func() error) { must(n.Do(f), "%s: %s", n.Name, path) }
