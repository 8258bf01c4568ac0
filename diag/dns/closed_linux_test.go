package dns

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// What resolv.conf is decides who may read it; a pipe is not read at all,
// since that would wait for somebody to write.
func TestConfClosed(t *testing.T) {
	for name, c := range map[string]struct {
		file   fstest.MapFile
		closed string
		why    string
	}{
		"plain":        {fstest.MapFile{Mode: 0o644}, "", ""},
		"private":      {fstest.MapFile{Mode: 0o600}, ClosedUsers, ""},
		"for a group":  {fstest.MapFile{Mode: 0o640}, ClosedUsers, ""},
		"a directory":  {fstest.MapFile{Mode: fs.ModeDir | 0o755}, ClosedAll, "error"},
		"a pipe":       {fstest.MapFile{Mode: fs.ModeNamedPipe | 0o644}, "", "error"},
		"a link there": {fstest.MapFile{Mode: 0o444}, "", ""},
	} {
		file := c.file
		file.Data = []byte("nameserver 192.0.2.1\n")
		env := diag.NewEnv(&fake.Host{Files: fstest.MapFS{"etc/resolv.conf": &file}}, config.Default())
		got := readConf(env)
		if got.Closed != c.closed || got.Why != c.why || (len(got.Servers) == 1) != (c.why == "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
