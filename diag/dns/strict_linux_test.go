package dns

import (
	"testing"
	"testing/fstest"

	"deskside/diag"
	"deskside/diag/host/fake"
)

// The strongest directory's file counts, and after it all drop-ins by name.
func TestStrict(t *testing.T) {
	const yes, no = "[Resolve]\nDNSOverTLS = yes\n", "[Resolve]\nDNSOverTLS=opportunistic\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  diag.Tri
	}{
		{"no file", nil, diag.No},
		{"a comment", map[string]string{"etc/systemd/resolved.conf": "[Resolve]\n#DNSOverTLS=yes\n"}, diag.No},
		{"yes", map[string]string{"etc/systemd/resolved.conf": yes}, diag.Yes},
		{"yes, hidden by /etc", map[string]string{"etc/systemd/resolved.conf": "", "usr/lib/systemd/resolved.conf": yes}, diag.No},
		{"a drop-in says otherwise", map[string]string{"etc/systemd/resolved.conf": yes, "usr/lib/systemd/resolved.conf.d/10-a.conf": no}, diag.No},
		{"the last drop-in counts", map[string]string{"etc/systemd/resolved.conf.d/10-a.conf": no, "run/systemd/resolved.conf.d/20-b.conf": yes}, diag.Yes},
		{"a drop-in of the same name", map[string]string{"etc/systemd/resolved.conf.d/10-a.conf": no, "run/systemd/resolved.conf.d/10-a.conf": yes}, diag.No},
		{"another file", map[string]string{"etc/systemd/resolved.conf.d/README": yes}, diag.No},
	} {
		h := &fake.Host{Files: fstest.MapFS{}}
		for path, content := range c.files {
			h.Files[path] = &fstest.MapFile{Data: []byte(content)}
		}
		if got := readStrict(h); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
