package fixes

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"deskside/diag/host"
)

// version is a library's, as 2.36.
type version struct{ major, minor int }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

func (v version) before(w version) bool {
	return v.major < w.major || v.major == w.major && v.minor < w.minor
}

// glibc is the version of the GNU C library, which most programs here find
// names with; false where there is another one, or nobody says.
func glibc(ctx context.Context, h host.Host) (version, bool) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := h.Run(ctx, "getent", "--version")
	if err != nil {
		return version{}, false
	}
	return glibcVersion(out.Stdout)
}

// libcLine is the first line of the library's own programs, as in
// "getent (Debian GLIBC 2.36-9+deb12u13) 2.36" and "getent (GNU libc) 2.41".
var libcLine = regexp.MustCompile(`^getent \(.*(?:GLIBC|GNU libc).*\) (\d{1,3})\.(\d{1,3})`)

func glibcVersion(said []byte) (version, bool) {
	first, _, _ := bytes.Cut(said, []byte("\n"))
	m := libcLine.FindSubmatch(first)
	if m == nil {
		return version{}, false
	}
	major, err1 := strconv.Atoi(string(m[1]))
	minor, err2 := strconv.Atoi(string(m[2]))
	return version{major, minor}, err1 == nil && err2 == nil
}
