package dns

import (
	"errors"
	"io/fs"

	"deskside/diag"
	"deskside/diag/host"
)

const (
	confPath = "/etc/resolv.conf"
	nssPath  = "/etc/nsswitch.conf"
	// upstreamPath lists the servers behind systemd-resolved's stub
	// (systemd-resolved.service(8)); D-Bus knows better, see probe dns.stub.
	upstreamPath = "/run/systemd/resolve/resolv.conf"
)

func readConf(env *diag.Env) Conf {
	h, at := env.Host, env.SinceMS()
	target := ""
	if info, err := h.Lstat(confPath); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		target, _ = h.Readlink(confPath)
	}
	closed, err := closedTo(h)
	var b []byte
	if err == nil {
		b, err = h.ReadFile(confPath)
	}
	c := Conf{Exists: diag.Maybe}
	switch {
	case err == nil:
		c = parseResolvConf(b)
	case errors.Is(err, fs.ErrNotExist):
		c.Exists, c.Dangling = diag.No, target != ""
	default:
		c.Why = whyNot(err)
	}
	c.AtMS, c.Link, c.Owner, c.Closed = at, target, ownerOf(h, target, b), closed
	return c
}

var errNoFile = errors.New("no file that ends")

// closedTo says whom resolv.conf shuts out by what it is. It is an error where
// reading would wait for somebody to write (a pipe).
func closedTo(h host.Host) (string, error) {
	info, err := h.Stat(confPath)
	switch {
	case err != nil:
		return "", nil // reading it will say why
	case info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return "", errNoFile
	case info.IsDir():
		return ClosedAll, nil
	case info.Mode().IsRegular() && info.Mode().Perm()&0o004 == 0:
		return ClosedUsers, nil
	}
	return "", nil
}

func readNSS(h host.Host) NSS {
	b, err := h.ReadFile(nssPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return NSS{}
	}
	return parseNSS(b)
}

// readStub is nil where no name service of this PC's own plays a part:
// systemd-resolved does when one of its two loopback listeners is configured
// (systemd-resolved.service(8)); others see readForwarder.
func readStub(h host.Host, c Conf) *Stub {
	inUse := c.Owner == OwnerResolved
	for _, s := range c.Servers {
		inUse = inUse || s == "127.0.0.53" || s == "127.0.0.54"
	}
	if !inUse {
		return readForwarder(h, c)
	}
	s := &Stub{Kind: OwnerResolved, Strict: readStrict(h)}
	if b, err := h.ReadFile(upstreamPath); err == nil {
		s.Upstreams, s.Source = parseResolvConf(b).Servers, upstreamPath
	}
	return s
}
