// Package fake is a machine made of maps, for unit tests of gatherers.
package fake

import (
	"context"
	"io/fs"
	"net"
	"strings"
	"testing/fstest"
	"time"

	"deskside/diag/host"
)

// Host answers from its fields. Paths in Files have no leading slash.
type Host struct {
	System   string // default "linux"
	UID      int
	Clock    time.Time
	Env      map[string]string
	Caps     map[host.Capability]bool
	Files    fstest.MapFS
	Links    map[string]string      // symlinks, absolute path to target
	Commands map[string]host.Output // by the whole command line
	Dialer   func(ctx context.Context, opt host.DialOptions, network, address string) (net.Conn, error)
}

var _ host.Host = (*Host)(nil)

// OS returns System, or "linux".
func (h *Host) OS() string {
	if h.System == "" {
		return "linux"
	}
	return h.System
}

// Euid returns UID.
func (h *Host) Euid() int { return h.UID }

// Now returns Clock.
func (h *Host) Now() time.Time { return h.Clock }

// Getenv answers from Env.
func (h *Host) Getenv(name string) string { return h.Env[name] }

// Can answers from Caps.
func (h *Host) Can(c host.Capability) bool { return h.Caps[c] }

func rel(path string) string { return strings.TrimPrefix(path, "/") }

func (h *Host) follow(path string) string {
	for range 8 {
		target, ok := h.Links[path]
		if !ok {
			return path
		}
		path = target
	}
	return path
}

// ReadFile answers from Files, following Links.
func (h *Host) ReadFile(path string) ([]byte, error) { return h.Files.ReadFile(rel(h.follow(path))) }

// Stat answers from Files, following Links.
func (h *Host) Stat(path string) (fs.FileInfo, error) { return h.Files.Stat(rel(h.follow(path))) }

// Lstat answers from Files, or with a symlink from Links.
func (h *Host) Lstat(path string) (fs.FileInfo, error) {
	if _, ok := h.Links[path]; ok {
		m := fstest.MapFS{"l": &fstest.MapFile{Mode: fs.ModeSymlink | 0o777}}
		return m.Lstat("l")
	}
	return h.Files.Stat(rel(path))
}

// Readlink answers from Links.
func (h *Host) Readlink(path string) (string, error) {
	if t, ok := h.Links[path]; ok {
		return t, nil
	}
	return "", &fs.PathError{Op: "readlink", Path: path, Err: fs.ErrInvalid}
}

// ReadDir answers from Files.
func (h *Host) ReadDir(path string) ([]fs.DirEntry, error) { return h.Files.ReadDir(rel(path)) }

// Run answers from Commands.
func (h *Host) Run(_ context.Context, argv ...string) (host.Output, error) {
	if out, ok := h.Commands[strings.Join(argv, " ")]; ok {
		return out, nil
	}
	return host.Output{Code: -1}, &fs.PathError{Op: "run", Path: argv[0], Err: fs.ErrNotExist}
}

// Dial uses Dialer; without one every connection is refused.
func (h *Host) Dial(ctx context.Context, opt host.DialOptions, network, address string) (net.Conn, error) {
	if h.Dialer == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fs.ErrPermission}
	}
	return h.Dialer(ctx, opt, network, address)
}
