package ttytest

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Kind says whether the terminal answers what it is asked.
type Kind bool

// A mute terminal swallows every query, as many serial lines, screen readers
// and expect scripts do.
const (
	Answering Kind = false
	Mute      Kind = true
)

// TTY is a program on a pseudo-terminal with an emulator that draws what it
// says.
type TTY struct {
	Cmd  *exec.Cmd
	Born time.Time

	tb     testing.TB
	master *os.File
	quit   func()        // ends the reading, so that closing the master really closes it
	exited chan struct{} // closed when the program has ended

	mu      sync.Mutex
	screen  *vt.Emulator
	raw     bytes.Buffer
	changed chan struct{} // closed and replaced after every write
}

// Open starts a command on a terminal of so many columns and rows. The command
// leads a session of its own, with this as its controlling terminal: without
// that neither SIGWINCH nor SIGHUP would arrive. The test's end ends it.
func Open(tb testing.TB, cmd *exec.Cmd, columns, rows int, kind Kind) *TTY {
	tb.Helper()
	x := &TTY{Cmd: cmd, Born: time.Now(), tb: tb, exited: make(chan struct{}),
		screen: vt.NewEmulator(columns, rows), changed: make(chan struct{})}
	// Under nohup SIGHUP is ignored, and who is started inherits that; a signal
	// that is caught starts out as its default (execve(2)).
	signal.Notify(make(chan os.Signal, 1), unix.SIGHUP)
	wake, stop, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	x.master, err = pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
	if err != nil {
		wake.Close()
		stop.Close()
		tb.Fatal(err)
	}
	read := make(chan struct{})
	go func() { defer close(read); defer wake.Close(); x.read(int(x.master.Fd()), int(wake.Fd())) }()
	go x.answer(kind)
	go func() { _ = cmd.Wait(); close(x.exited) }() // how it ended is in ProcessState
	x.quit = sync.OnceFunc(func() { stop.Close(); <-read })
	tb.Cleanup(func() {
		_ = cmd.Process.Kill() // ended already: nothing to kill
		x.HangUp()
		<-x.exited
		x.deafen()
	})
	return x
}

// HangUp closes the terminal, as a line that drops does.
func (x *TTY) HangUp() {
	x.quit()
	x.master.Close()
}

// read feeds the emulator until told to stop. A read or a poll that waits
// keeps the master open, whoever closes it meanwhile.
func (x *TTY) read(fd, wake int) {
	buf := make([]byte, 4096)
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(wake)}}
		if _, err := unix.Poll(fds, -1); err == unix.EINTR {
			continue
		}
		if fds[1].Revents != 0 || fds[0].Revents&unix.POLLNVAL != 0 {
			return
		}
		n, err := unix.Read(fd, buf)
		if n > 0 {
			x.take(buf[:n])
		}
		if err != nil && err != unix.EINTR {
			return
		}
	}
}

func (x *TTY) take(b []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.raw.Write(b)
	x.screen.Write(b)
	close(x.changed)
	x.changed = make(chan struct{})
}

// answer sends what the emulator replies to queries, or swallows it.
func (x *TTY) answer(kind Kind) {
	buf := make([]byte, 256)
	for {
		n, err := x.screen.Read(buf)
		if err != nil {
			return
		}
		if kind == Answering {
			_, _ = x.master.Write(buf[:n]) // the line may have dropped meanwhile
		}
	}
}

// deafen ends answer. The emulator's own Close is no good for that: it races
// with a Read that waits.
func (x *TTY) deafen() {
	if pipe, ok := x.screen.InputPipe().(io.Closer); ok {
		pipe.Close()
	}
}

// Screen is what a person sees now.
func (x *TTY) Screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

// Raw is every byte the program wrote.
func (x *TTY) Raw() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.raw.String()
}

// Await waits until the screen shows one of the texts, whatever its line
// breaks, and returns which.
func (x *TTY) Await(texts ...string) string {
	x.tb.Helper()
	return x.await((*TTY).Screen, texts)
}

// AwaitRaw is Await for what was ever written, wherever it scrolled to.
func (x *TTY) AwaitRaw(texts ...string) string {
	x.tb.Helper()
	return x.await((*TTY).Raw, texts)
}

func (x *TTY) await(seen func(*TTY) string, texts []string) string {
	x.tb.Helper()
	limit := time.After(Patience)
	for {
		x.mu.Lock()
		changed := x.changed // before looking: a change meanwhile wakes us
		x.mu.Unlock()
		shown := Flat(seen(x))
		for _, s := range texts {
			if strings.Contains(shown, Flat(s)) {
				return s
			}
		}
		select {
		case <-changed:
		case <-limit:
			x.tb.Fatalf("%q never came; the screen:\n%s", texts, x.Screen())
		}
	}
}

// Flat is a text on one line with single spaces.
func Flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// Type presses keys.
func (x *TTY) Type(keys string) {
	x.tb.Helper()
	if _, err := x.master.Write([]byte(keys)); err != nil {
		x.tb.Fatal(err)
	}
}

// Resize changes the window.
func (x *TTY) Resize(columns, rows int) {
	x.tb.Helper()
	x.mu.Lock()
	x.screen.Resize(columns, rows)
	x.mu.Unlock()
	if err := pty.Setsize(x.master, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)}); err != nil {
		x.tb.Fatal(err)
	}
}

// Ends waits for the program and returns its exit code; -1 when a signal
// ended it.
func (x *TTY) Ends() int {
	x.tb.Helper()
	select {
	case <-x.exited:
	case <-time.After(Patience):
		x.tb.Fatalf("the program stays behind; its screen:\n%s", x.Screen())
	}
	return x.Cmd.ProcessState.ExitCode()
}
