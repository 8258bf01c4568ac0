package disk

import (
	"strings"
	"testing"
)

const table = `22 27 0:21 / /proc rw - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,errors=remount-ro
30 27 254:0 /srv/data /bind rw - ext4 /dev/vda rw
31 27 0:40 /@home /home rw - btrfs /dev/vdb rw,subvol=/@home
32 27 0:40 /@ /mnt/pool/whole rw - btrfs /dev/vdb rw,subvol=/@
33 27 0:41 / /shm rw - tmpfs tmpfs rw
34 33 0:42 / /shm rw - tmpfs tmpfs rw
35 27 0:43 / /covered/below rw - tmpfs tmpfs rw
36 27 0:44 / /covered rw - tmpfs tmpfs rw
37 36 0:45 / /covered/on\040top rw - tmpfs tmpfs rw
38 27 7:1 / /snap/core ro - squashfs /dev/loop1 ro
39 27 0:46 / /srv/nfs rw - nfs4 server:/export rw
40 27 0:47 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
41 27 0:48 / /sys/firmware/efi/efivars rw - efivarfs efivarfs rw
not a line
99 nonsense 1:1 / /x rw - ext4 /dev/x rw`

func TestRowsOfATable(t *testing.T) {
	var worth []mount
	for _, m := range visible(parseMounts([]byte(table))) {
		if worthARow(m) {
			worth = append(worth, m)
		}
	}
	var points []string
	for _, m := range distinct(worth) {
		points = append(points, m.point)
	}
	want := "/ /shm /home /covered /srv/nfs /covered/on top"
	if got := strings.Join(points, " "); got != want {
		t.Errorf("rows: %s\nwant: %s", got, want)
	}
	for _, m := range worth {
		if m.point == "/shm" && m.dev != "0:42" {
			t.Errorf("/shm is %s, the covered one", m.dev)
		}
	}
}

func TestLost(t *testing.T) {
	fstab := parseFstab([]byte("# comment\nUUID=1 / ext4 errors=remount-ro 0 1\nUUID=2 /ro ext4 ro 0 2\nUUID=3 /ask ext4 noauto 0 2\nshort line\n"))
	ext4 := func(point, mountOpt, superOpt string) mount {
		return mount{dev: "8:1", point: point, options: []string{mountOpt}, fstype: "ext4", super: []string{superOpt}}
	}
	for want, list := range map[string][]mount{
		"":       {ext4("/", "rw", "rw"), ext4("/", "ro", "rw"), ext4("/ro", "ro", "ro"), ext4("/ask", "ro", "ro"), ext4("/unlisted", "ro", "ro")},
		"kernel": {ext4("/", "rw", "ro"), ext4("/unlisted", "rw", "ro"), ext4("/", "rw", "emergency_ro")},
		"fstab":  {ext4("/", "ro", "ro")},
	} {
		for _, m := range list {
			if got := m.lost(fstab); got != want {
				t.Errorf("%+v: %q, want %q", m, got, want)
			}
		}
	}
	image := mount{dev: "7:0", point: "/", options: []string{"rw"}, fstype: "squashfs", super: []string{"ro"}}
	if got := image.lost(fstab); got != "" {
		t.Errorf("an image is read-only by nature: %q", got)
	}
}

func TestRoles(t *testing.T) {
	for point, want := range map[string]Role{
		"/": Root, "/var/log": System, "/homework": Data, "/home/ann": Home, "/boot/efi": Boot, "/run/user/1000": Special,
		"/dev/shm": Special, "/tmp": Temp, "/media/ann/STICK": External, "/run/media/ann/STICK": External, "/data": Data,
	} {
		if got := roleOf(point); got != want {
			t.Errorf("%s is %s, want %s", point, got, want)
		}
	}
}

func FuzzMounts(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte(`1 1 0:1 / \0401\777 rw - a b`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, m := range distinct(visible(parseMounts(b))) {
			m.lost(parseFstab(b))
		}
	})
}
