package tui

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// patience bounds every wait in these tests; a busy machine is slow, not wrong.
const patience = 10 * time.Second

// tty is the demo program on a real pseudo-terminal, with an emulator that
// draws what it says.
type tty struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	trace  string
	born   time.Time
	exited chan error
	mute   func() // ends the reading, so that closing the master really closes it

	mu      sync.Mutex
	screen  *vt.Emulator
	raw     bytes.Buffer
	changed chan struct{} // closed and replaced after every write
}

// openTTY starts the demo at a page. A mute terminal never answers a query.
func openTTY(t *testing.T, page string, at size, mute bool, env ...string) *tty {
	t.Helper()
	if testing.Short() {
		t.Skip("a real pseudo-terminal: not with -short")
	}
	x := &tty{t: t, trace: t.TempDir() + "/trace", exited: make(chan error, 1),
		screen: vt.NewEmulator(at.w, at.h), changed: make(chan struct{})}
	x.cmd = exec.Command(os.Args[0])
	x.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8",
		demoEnv + "=" + page, "DEMO_TRACE=" + x.trace}, env...)
	x.born = time.Now()
	// StartWithSize makes a session with this as its controlling terminal;
	// without that no SIGWINCH and no SIGHUP would arrive.
	master, err := pty.StartWithSize(x.cmd, &pty.Winsize{Cols: uint16(at.w), Rows: uint16(at.h)})
	if err != nil {
		t.Fatal(err)
	}
	x.master = master
	read := make(chan struct{})
	hang, stop, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() { defer close(read); defer hang.Close(); x.read(int(hang.Fd())) }()
	go x.answer(mute)
	go func() { x.exited <- x.cmd.Wait() }()
	x.mute = sync.OnceFunc(func() { stop.Close(); <-read })
	t.Cleanup(func() {
		x.cmd.Process.Kill()
		x.hangUp()
		x.screen.Close()
	})
	return x
}

// hangUp closes the master, as a line that drops does.
func (x *tty) hangUp() {
	x.mute()
	x.master.Close()
}

// read feeds the emulator until told to stop. A read or a poll that waits
// keeps the master open, whoever closes it meanwhile.
func (x *tty) read(hang int) {
	buf := make([]byte, 4096)
	fd := int(x.master.Fd())
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(hang)}}
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		}
		if fds[1].Revents != 0 || fds[0].Revents&unix.POLLNVAL != 0 {
			return
		}
		n, err := unix.Read(fd, buf)
		if n > 0 {
			x.mu.Lock()
			x.raw.Write(buf[:n])
			x.screen.Write(buf[:n])
			close(x.changed)
			x.changed = make(chan struct{})
			x.mu.Unlock()
		}
		if err != nil && err != unix.EINTR {
			return
		}
	}
}

// answer sends what the terminal replies to queries, or swallows it.
func (x *tty) answer(mute bool) {
	buf := make([]byte, 256)
	for {
		n, err := x.screen.Read(buf)
		if err != nil {
			return
		}
		if !mute {
			x.master.Write(buf[:n])
		}
	}
}

func (x *tty) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

func (x *tty) bytes() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.raw.String()
}

// await waits until the screen shows one of the texts and returns which.
func (x *tty) await(texts ...string) string {
	x.t.Helper()
	limit := time.After(patience)
	for {
		x.mu.Lock()
		screen, changed := x.screen.String(), x.changed
		x.mu.Unlock()
		for _, s := range texts {
			if strings.Contains(screen, s) {
				return s
			}
		}
		select {
		case <-changed:
		case <-limit:
			x.t.Fatalf("%q never came; the screen:\n%s", texts, screen)
		}
	}
}

func (x *tty) typeKeys(s string) {
	x.t.Helper()
	if _, err := x.master.Write([]byte(s)); err != nil {
		x.t.Fatal(err)
	}
}

func (x *tty) resize(at size) {
	x.t.Helper()
	x.mu.Lock()
	x.screen.Resize(at.w, at.h)
	x.mu.Unlock()
	if err := pty.Setsize(x.master, &pty.Winsize{Cols: uint16(at.w), Rows: uint16(at.h)}); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the process and returns its trace.
func (x *tty) ends() string {
	x.t.Helper()
	select {
	case <-x.exited:
	case <-time.After(patience):
		x.t.Fatalf("the program stays behind; its screen:\n%s", x.text())
	}
	trace, err := os.ReadFile(x.trace)
	if err != nil {
		x.t.Fatal(err)
	}
	return string(trace)
}
