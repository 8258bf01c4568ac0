package disk

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
)

// own runs the calling test again in a mount namespace of its own, where it
// may mount what it likes; the body runs only there.
func own(t *testing.T, body func()) {
	t.Helper()
	if os.Getenv("DISK_TEST_NAMESPACE") != "" {
		body()
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("needs root to make a mount namespace")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "DISK_TEST_NAMESPACE=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte("--- SKIP")) {
		t.Skipf("inside: %s", out)
	}
	if err != nil || !bytes.Contains(out, []byte("--- PASS")) {
		t.Fatalf("%v\n%s", err, out)
	}
}

func tmpfs(t *testing.T, point, options string) string {
	t.Helper()
	if err := os.MkdirAll(point, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", point, "tmpfs", 0, options); err != nil {
		t.Skipf("mount tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(point, unix.MNT_DETACH) })
	return point
}

// look gathers everything about the disks.
func look(t *testing.T, focus ...string) Facts {
	t.Helper()
	env := diag.NewEnv(host.Local{}, config.Default())
	diag.RunSection.Update(env.Facts, func(f *diag.RunFacts) { f.Only = focus })
	Local(context.Background(), env)
	for _, p := range Probes() {
		if err := p.Run(context.Background(), env); err != nil {
			t.Fatal(err)
		}
	}
	var f Facts
	env.Facts.Look(func(all diag.Facts) { f = Section.Of(all) })
	return f
}

func at(t *testing.T, f Facts, point string) Filesystem {
	t.Helper()
	for _, s := range f.Filesystems {
		if s.Mount == point {
			return s
		}
	}
	t.Fatalf("no row for %s in %+v", point, f.Filesystems)
	return Filesystem{}
}

func TestFullTmpfs(t *testing.T) {
	own(t, func() {
		point := tmpfs(t, filepath.Join(t.TempDir(), "data"), "size=4m")
		if s := at(t, look(t), point); s.State != Answered || s.Total != 4*mib || among(Full(look(t)), point) != diag.Unknown {
			t.Fatalf("empty: %+v", s)
		}
		deep := filepath.Join(point, "photos", "2026")
		if err := os.MkdirAll(deep, 0o755); err != nil {
			t.Fatal(err)
		}
		_ = os.WriteFile(filepath.Join(deep, "film"), make([]byte, 8*mib), 0o644) // ends in ENOSPC
		f := look(t)
		// A short write leaves at most the page that did not fit.
		if s := at(t, f, point); among(Full(f), point) != diag.Fail || s.Avail > 4096 {
			t.Fatalf("full: %+v", s)
		}
		if f.Folders == nil {
			t.Error("a full disk, and nobody looked what fills it")
		}
		got, err := walkFolders(context.Background(), point, ByBytes, 4*mib)
		if err != nil || !got.Finished || len(got.Spots) != 1 || got.Spots[0].Path != filepath.Join(deep, "film") || !got.Spots[0].File {
			t.Errorf("folders: %+v, %v", got, err)
		}
	})
}

// among gives the severity of a mount in a list of troubles; the machine that
// runs the test may have troubles of its own.
func among(list []Trouble, point string) diag.Status {
	for _, x := range list {
		if x.Mount == point {
			return x.Severity
		}
	}
	return diag.Unknown
}

func TestInodesGone(t *testing.T) {
	own(t, func() {
		point := tmpfs(t, filepath.Join(t.TempDir(), "data"), "size=4m,nr_inodes=64")
		many := filepath.Join(point, "mail", "queue")
		if err := os.MkdirAll(many, 0o755); err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if os.WriteFile(filepath.Join(many, strconv.Itoa(i)), nil, 0o644) != nil {
				break
			}
		}
		f := look(t)
		if among(InodesFull(f), point) != diag.Fail || among(Full(f), point) != diag.Unknown {
			t.Errorf("inodes gone, bytes free: %+v", at(t, f, point))
		}
		got, err := walkFolders(context.Background(), point, ByFiles, 64)
		// 64 less the top itself, "mail", and what is not ours to count.
		if err != nil || len(got.Spots) != 1 || got.Spots[0].Path != many || got.Spots[0].Files < 58 || got.Spots[0].Bytes != 0 {
			t.Errorf("folders: %+v, %v", got, err)
		}
	})
}

func TestBindMountIsOneRow(t *testing.T) {
	own(t, func() {
		dir := t.TempDir()
		point := tmpfs(t, filepath.Join(dir, "a"), "size=1m")
		other := filepath.Join(dir, "bound")
		if err := os.Mkdir(other, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mount(point, other, "", unix.MS_BIND, ""); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Unmount(other, unix.MNT_DETACH) })
		n := 0
		for _, s := range look(t).Filesystems {
			if strings.HasPrefix(s.Mount, dir) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestReadOnlyAfterErrors(t *testing.T) {
	own(t, func() {
		dir := t.TempDir()
		image, point := filepath.Join(dir, "image"), filepath.Join(dir, "disk")
		if err := os.Mkdir(point, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, argv := range [][]string{
			{"truncate", "-s", "16M", image}, {"mke2fs", "-q", "-t", "ext4", image}, {"mount", "-o", "loop,errors=remount-ro", image, point},
		} {
			if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
				t.Skipf("%v: %v %s", argv, err, out)
			}
		}
		defer func() { _ = unix.Unmount(point, 0) }()
		if s := at(t, look(t), point); s.ReadOnly || s.Lost != "" {
			t.Fatalf("healthy: %+v", s)
		}
		// ext4 lets a test trigger what a damaged structure would.
		device := readMount(t, point)
		if err := os.WriteFile("/sys/fs/ext4/"+filepath.Base(device)+"/trigger_fs_error", []byte("test"), 0o200); err != nil {
			t.Skipf("this kernel has no trigger_fs_error: %v", err)
		}
		f := look(t)
		if s := at(t, f, point); among(ReadOnly(f), point) != diag.Fail || s.Lost != "kernel" || s.Errors == 0 {
			t.Errorf("after the error: %+v", s)
		}
	})
}

func readMount(t *testing.T, point string) string {
	t.Helper()
	b, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range parseMounts(b) {
		if m.point == point {
			return m.source
		}
	}
	t.Fatalf("%s is not mounted", point)
	return ""
}

// TestWalkEqualsDu compares with du over hard links, symlinks, holes, a mount
// inside and a path longer than PATH_MAX.
func TestWalkEqualsDu(t *testing.T) {
	own(t, func() {
		root := tmpfs(t, filepath.Join(t.TempDir(), "tree"), "size=64m")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 300 {
			dir := filepath.Join(root, fmt.Sprint(i%17), fmt.Sprint(i%5))
			must(os.MkdirAll(dir, 0o755))
			must(os.WriteFile(filepath.Join(dir, fmt.Sprint("f", i)), make([]byte, i*101), 0o644))
		}
		must(os.Link(filepath.Join(root, "0/0/f0"), filepath.Join(root, "link-to-nothing")))
		must(os.Link(filepath.Join(root, "1/3/f18"), filepath.Join(root, "second name")))
		must(os.Symlink("/", filepath.Join(root, "loop")))
		sparse, err := os.Create(filepath.Join(root, "sparse"))
		must(err)
		must(sparse.Truncate(40 * mib))
		must(sparse.Close())
		tmpfs(t, filepath.Join(root, "other"), "size=2m")
		must(os.WriteFile(filepath.Join(root, "other", "not ours"), make([]byte, mib), 0o644))
		deep(t, root, 60, strings.Repeat("d", 118))

		got, err := walkFolders(context.Background(), root, ByBytes, mib)
		must(err)
		bytes, inodes := du(t, "-sx", "-B1", root), du(t, "-sx", "--inodes", root)
		if !got.Finished || got.Unreadable != 0 || got.Bytes != uint64(bytes) {
			t.Errorf("walk: %+v, du: %d", got, bytes)
		}
		if got.Entries-2 != inodes { // two second names
			t.Errorf("entries %d, du has %d inodes", got.Entries, inodes)
		}
		var sum uint64
		for _, s := range got.Spots {
			sum += s.Bytes
			if strings.Contains(s.Path, "other") {
				t.Errorf("left the filesystem: %v", s)
			}
		}
		if sum > got.Bytes {
			t.Errorf("spots hold %d of %d bytes", sum, got.Bytes)
		}
	})
}

// deep makes a chain of directories longer than any path may be, with a file
// of 512 KiB at its end.
func deep(t *testing.T, root string, levels int, name string) {
	t.Helper()
	fd, err := unix.Open(root, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	for i := 0; i < levels && err == nil; i++ {
		if err = unix.Mkdirat(fd, name, 0o755); err != nil {
			break
		}
		next, e := unix.Openat(fd, name, unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		unix.Close(fd)
		fd, err = next, e
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	file, err := unix.Openat(fd, "hidden treasure", unix.O_CREAT|unix.O_WRONLY|unix.O_CLOEXEC, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(file)
	if _, err := unix.Write(file, make([]byte, 512<<10)); err != nil {
		t.Fatal(err)
	}
}

func du(t *testing.T, args ...string) int {
	t.Helper()
	out, err := exec.Command("du", args...).Output()
	if err != nil {
		t.Skipf("du: %v", err)
	}
	n, err := strconv.Atoi(strings.Fields(string(out))[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWalkStopsAndLeavesNothingOpen(t *testing.T) {
	dir := t.TempDir()
	for i := range 200 {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprint(i), "a", "b"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := descriptors(t)
	begin := time.Now()
	got, err := walkFolders(ctx, dir, ByBytes, mib)
	if err != nil || got.Finished {
		t.Errorf("a cancelled walk: %+v, %v", got, err)
	}
	if d := time.Since(begin); d > time.Second {
		t.Errorf("stopping took %v", d)
	}
	if full, err := walkFolders(context.Background(), dir, ByBytes, mib); err != nil || !full.Finished || full.Entries != 601 {
		t.Errorf("a whole walk: %+v, %v", full, err)
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func BenchmarkWalkUsr(b *testing.B) {
	for b.Loop() {
		f, err := walkFolders(context.Background(), "/usr", ByBytes, gib)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(f.Entries), "names")
	}
}
