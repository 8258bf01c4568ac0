package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Local is the machine this process runs on.
type Local struct{}

const (
	maxFile   = 16 << 20
	maxOutput = 1 << 20
)

// OS returns runtime.GOOS.
func (Local) OS() string { return runtime.GOOS }

// Euid returns the effective user ID, -1 on Windows.
func (Local) Euid() int { return os.Geteuid() }

// Now returns the wall clock.
func (Local) Now() time.Time { return time.Now() }

// Getenv returns an environment variable.
func (Local) Getenv(name string) string { return os.Getenv(name) }

// ReadFile reads a file of at most 16 MiB; a longer one is an error.
func (Local) ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("larger than 16 MiB")}
	}
	return b, err
}

// Lstat describes a path without following a link at its end.
func (Local) Lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }

// Stat describes what a path leads to.
func (Local) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }

// Readlink returns where a link points, unresolved.
func (Local) Readlink(path string) (string, error) { return os.Readlink(path) }

// ReadDir lists a directory, sorted by name.
func (Local) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }

// Run runs a command with an empty standard input, LC_ALL=C, in a process
// group of its own, which is killed when ctx ends. A non-zero exit code is
// not an error; a command that is missing or was killed is.
func (Local) Run(ctx context.Context, argv ...string) (Output, error) {
	if len(argv) == 0 {
		return Output{}, errors.New("run: no command")
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANG=C")
	var out, errOut limited
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.WaitDelay = 200 * time.Millisecond // a grandchild may hold the pipes open
	ownGroup(cmd)
	err := cmd.Run()
	res := Output{Stdout: out.b.Bytes(), Stderr: errOut.b.Bytes(), Code: cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return res, nil
	}
	if err != nil {
		return res, fmt.Errorf("run %s: %w", argv[0], err)
	}
	return res, nil
}

// limited keeps the first maxOutput bytes and swallows the rest.
type limited struct{ b bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := maxOutput - l.b.Len(); room > 0 {
		l.b.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// Dial connects; ctx bounds it. The address must be an IP literal and a port:
// names are resolved by package dns, never here.
func (Local) Dial(ctx context.Context, opt DialOptions, network, address string) (net.Conn, error) {
	h, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if _, err := net.ResolveIPAddr("ip", h); err != nil || net.ParseIP(trimZone(h)) == nil {
		return nil, fmt.Errorf("dial %s: not an address", address)
	}
	d := net.Dialer{Control: prepare(opt), FallbackDelay: -1}
	conn, err := d.DialContext(ctx, network, address)
	if tcp, ok := conn.(*net.TCPConn); ok && opt.Terse {
		_ = tcp.SetLinger(0) // a connection that cannot be reset is closed the long way
		holdAcks(tcp)
	}
	return conn, err
}

func trimZone(h string) string {
	for i := range h {
		if h[i] == '%' {
			return h[:i]
		}
	}
	return h
}
