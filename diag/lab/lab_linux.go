package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"deskside/diag/host"
	"deskside/diag/link"
)

// Lab is a world that is up.
type Lab struct {
	*Net
	World World
	Dir   string // outside and inside: configuration, state, certificates
}

// ErrUnsupported says that this machine cannot build worlds.
var ErrUnsupported = errors.New("no lab here")

// Start brings a world up for a test, and down with it. Where the machine
// cannot (no root, no namespaces), the test is skipped and says why.
func Start(tb testing.TB, w World) *Lab {
	tb.Helper()
	l, err := Up(w)
	if errors.Is(err, ErrUnsupported) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
	})
	return l
}

// Up brings a world up: healthy first, then broken by its Build.
func Up(w World) (l *Lab, err error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: namespaces need root", ErrUnsupported)
	}
	l = &Lab{World: w, Net: &Net{Site: w.Site, over: make(chan struct{})}}
	defer func() {
		switch broke := recover().(type) {
		case nil:
		case buildError:
			err = errors.Join(unsupported(broke), l.Close())
		default:
			_ = l.Close()
			panic(broke)
		}
	}()
	l.makeDir()
	l.wire(filepath.Join(l.Dir, "scratch"))
	l.PC.plainEtc()
	l.serve()
	if w.Build != nil {
		w.Build(l.Net)
	}
	l.configure()
	return l, nil
}

// unsupported tells a kernel that cannot from a world that is wrong.
func unsupported(e buildError) error {
	for _, lacking := range []error{syscall.EPERM, syscall.EACCES, syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENODEV} {
		if errors.Is(e.error, lacking) {
			return fmt.Errorf("%w: %w", ErrUnsupported, e)
		}
	}
	return e
}

// Close takes the world down. Programs still running inside keep their
// namespaces, and nothing else.
func (l *Lab) Close() error {
	l.Net.close()
	return os.RemoveAll(l.Dir)
}

func (l *Lab) makeDir() {
	dir, err := os.MkdirTemp("", "deskside-lab-")
	must(err, "directory")
	l.Dir = dir
	must(os.Chmod(dir, 0o755), "directory") // a program without rights must read its configuration
	must(os.Mkdir(filepath.Join(dir, "scratch"), 0o755), "scratch")
	must(os.Mkdir(l.StateDir(), 0o700), "state")
}

func (l *Lab) configure() {
	toml := DefaultConfig(l.Net)
	if l.World.Config != nil {
		toml = l.World.Config(l.Net)
	}
	must(os.WriteFile(l.ConfigPath(), []byte(toml), 0o644), "configuration")
	roots := trusted().PEM()
	for _, a := range l.alsoTrusted {
		roots = append(roots, a.PEM()...)
	}
	must(os.WriteFile(l.caPath(), roots, 0o644), "certificate")
	if id, ok := users[l.World.User]; ok {
		must(os.Chown(l.StateDir(), id, id), "state")
	}
}

// ConfigPath is the program's configuration file for this world.
func (l *Lab) ConfigPath() string { return filepath.Join(l.Dir, "deskside.toml") }

// StateDir is an empty directory for the program's state.
func (l *Lab) StateDir() string { return filepath.Join(l.Dir, "state") }

func (l *Lab) caPath() string { return filepath.Join(l.Dir, "ca.pem") }

// Environ is the environment of programs inside: this process's own without
// what tells of another network or session, and the world's.
func (l *Lab) Environ() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if foreign(name) {
			continue
		}
		env = append(env, kv)
	}
	env = append(env, "DESKSIDE_CONFIG="+l.ConfigPath(), "DESKSIDE_STATE_DIR="+l.StateDir(), "SSL_CERT_FILE="+l.caPath(), "DESKSIDE_WORLD="+l.World.Name)
	if link.SSHConnection(host.Local{}) != "" {
		// Whoever runs the tests over SSH does not sit in the world: a session
		// of the PC with itself carries nothing, and hides theirs.
		env = append(env, "SSH_CONNECTION=127.0.0.1 1 127.0.0.1 22")
	}
	return append(env, l.Net.Env...)
}

func foreign(name string) bool {
	for _, prefix := range []string{"DESKSIDE_", "SSH_", "SSL_CERT_", "DBUS_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.HasSuffix(strings.ToLower(name), "_proxy")
}

// Options of a command.
type Options struct {
	User string   // "" is the world's user, which is root unless it says otherwise; or "root", "nobody"
	Env  []string // added to Environ; the last one of a name wins
}

// users a command may run as, by their number on Linux systems.
var users = map[string]int{"root": 0, "nobody": 65534}

// Command is a program on the PC of this world, ready to start as any other
// command: pipes, pseudo-terminals and cancelling work as usual.
func (l *Lab) Command(ctx context.Context, o Options, argv ...string) *exec.Cmd {
	user := o.User
	if user == "" {
		user = l.World.User
	}
	self, err := os.Executable()
	cmd := exec.CommandContext(ctx, self)
	if cmd.Err == nil {
		cmd.Err = err
	}
	if _, known := users[user]; !known && user != "" {
		cmd.Err = fmt.Errorf("lab: unknown user %q", user)
	}
	cmd.Args = argv
	pid := os.Getpid()
	door := fmt.Sprintf("%s=/proc/%d/fd/%d /proc/%d/fd/%d %d", doorVar, pid, l.PC.ns, pid, l.PC.mnt.Fd(), users[user])
	cmd.Env = append(append(l.Environ(), o.Env...), door)
	return cmd
}

// Inside runs f on a thread on the PC: its network, its files. f must not
// start goroutines that use them.
func (l *Lab) Inside(f func() error) error { return l.PC.Do(f) }

// ReadFile reads a file as the PC has it.
func (l *Lab) ReadFile(path string) (b []byte, err error) {
	err = l.Inside(func() (err error) { b, err = os.ReadFile(path); return err })
	return b, err
}
