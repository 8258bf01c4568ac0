package local

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

func file(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }

func TestPorts(t *testing.T) {
	h := &fake.Host{Files: fstest.MapFS{
		"proc/sys/net/ipv4/ip_local_port_range": file("40000\t40003\n"),
		"proc/self/net/sockstat":                file("sockets: used 9\nTCP: inuse 5 orphan 0 tw 3 alloc 7 mem 1\nUDP: inuse 2 mem 0\n"),
		"proc/self/net/sockstat6":               file("TCP6: inuse 1\nUDP6: inuse 4\n"),
	}}
	if p := readPorts(h); p != (Ports{Low: 40000, High: 40003, Used: 9}) || p.Size() != 4 {
		t.Errorf("%+v, %d ports", p, p.Size())
	}
	if p := readPorts(&fake.Host{}); p.Size() != 0 {
		t.Errorf("%d ports without a range", p.Size())
	}
}

func TestCrowded(t *testing.T) {
	for _, c := range []struct {
		open, limit int
		want        bool
	}{{1024, 1024, true}, {973, 1024, true}, {972, 1024, false}, {31, 32, true}, {4, 4, false}, {0, 0, false}, {40, 32, false}, {5, 0, false}} {
		if got := crowded(c.open, c.limit); got != c.want {
			t.Errorf("%d of %d: %v", c.open, c.limit, got)
		}
	}
}

// One program of this network is crowded, one of a container is, and one may
// not be looked at.
func TestCountFiles(t *testing.T) {
	files, links := fstest.MapFS{"proc/sys/fs/file-nr": file("1024\t0\t65536\n")}, map[string]string{"/proc/self/ns/net": "net:[1]"}
	program := func(pid, stat, network string, open int) {
		files["proc/"+pid+"/stat"] = file(stat)
		files["proc/"+pid+"/limits"] = file("Limit  Soft Limit  Hard Limit  Units\nMax open files            32                   4096                 files\n")
		files["proc/"+pid+"/comm"] = file("odd) name\n")
		if network != "" {
			links["/proc/"+pid+"/ns/net"] = network
		}
		for i := range open {
			files["proc/"+pid+"/fd/"+strings.Repeat("1", i+1)] = file("")
		}
	}
	const user = " (odd) name) S 1 1 1 0 -1 4194560 0"
	program("7", "7"+user, "net:[1]", 32)
	program("8", "8"+user, "net:[2]", 32)
	program("9", "9"+user, "", 0)
	program("10", "10"+user, "net:[1]", 3)
	program("11", "11 (kworker) S 1 1 1 0 -1 2129984 0", "", 0)
	env := diag.NewEnv(&fake.Host{Files: files, Links: links}, config.Default())
	if err := countFiles(context.Background(), env); err != nil {
		t.Fatal(err)
	}
	env.Facts.Look(func(f diag.Facts) {
		got := Section.Of(f).Files
		if len(got.Crowded) != 1 || got.Crowded[0] != (Process{PID: 7, Name: "odd) name", Open: 32, Limit: 32}) {
			t.Errorf("crowded: %+v", got.Crowded)
		}
		if got.Unseen != 1 || got.Open != 1024 || got.Max != 65536 {
			t.Errorf("%+v", got)
		}
	})
}
