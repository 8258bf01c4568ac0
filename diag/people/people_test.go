package people

import (
	"slices"
	"testing"
	"testing/fstest"

	"deskside/diag/host/fake"
)

func TestHere(t *testing.T) {
	const passwd = "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\nbert:x:1001:1001::/home/bert:/bin/sh\ngdm:x:118:118::/var/lib/gdm:/bin/false\n"
	for name, c := range map[string]struct {
		uid  int
		env  map[string]string
		runs []string
		want []string
	}{
		"root at the console, nobody there": {0, map[string]string{"HOME": "/root"}, nil, []string{"root", "anna", "bert"}},
		"one session":                       {0, map[string]string{"HOME": "/root"}, []string{"0", "118", "1001"}, []string{"bert", "root"}},
		"by sudo":                           {0, map[string]string{"HOME": "/root", "SUDO_UID": "1000"}, []string{"0"}, []string{"anna", "root"}},
		"a person":                          {1000, map[string]string{"HOME": "/home/anna"}, []string{"1000"}, []string{"anna"}},
		"a home elsewhere":                  {1000, map[string]string{"HOME": "/mnt/anna"}, nil, []string{"anna"}},
	} {
		h := &fake.Host{UID: c.uid, Env: c.env, Files: fstest.MapFS{"etc/passwd": {Data: []byte(passwd)}}}
		for _, id := range c.runs {
			h.Files["run/user/"+id+"/bus"] = &fstest.MapFile{}
		}
		var got []string
		for _, p := range Here(h) {
			got = append(got, p.Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := Here(&fake.Host{System: "windows", Env: map[string]string{"HOME": "/x"}}); got != nil {
		t.Errorf("on Windows: %v", got)
	}
}
