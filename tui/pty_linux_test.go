package tui

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

const firstPage = "Who is contacted?"

// stall is what termenv waits for a terminal that never answers (OSCTimeout
// 5 s); a first frame that comes in less was not waited for.
const stall = 3 * time.Second

func TestFirstFrame(t *testing.T) {
	for name, mute := range map[string]bool{"a terminal that answers": false, "one that never does": true} {
		t.Run(name, func(t *testing.T) {
			x := openTTY(t, "opening", design, mute)
			x.await(firstPage)
			took := time.Since(x.born)
			t.Logf("first frame after %v", took.Round(time.Millisecond))
			if took > stall {
				t.Errorf("first frame after %v", took)
			}
			for _, query := range []string{"\x1b]11;?", "\x1b]10;?", "\x1b[6n", "\x1b[c", "\x1b[?2026$p"} {
				if strings.Contains(x.bytes(), query) {
					t.Errorf("the terminal was asked %q", query)
				}
			}
			for _, mouse := range []string{"\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h"} {
				if strings.Contains(x.bytes(), mouse) {
					t.Errorf("the mouse was switched on: %q", mouse)
				}
			}
		})
	}
}

func TestWalkOnATerminal(t *testing.T) {
	x := openTTY(t, "opening", design, true)
	x.await(firstPage)
	x.typeKeys("1")
	x.await("Asking the name servers")
	x.typeKeys("\x1b[B\r") // one line only: the arrow does nothing, Enter takes it
	x.await("The name server does not answer.")
	x.typeKeys("?")
	x.await("Keys on this page")
	x.typeKeys("?")
	x.await("BROKEN HERE")
	x.typeKeys("\x03")
	x.await("Leave?")
	x.later()
	x.typeKeys("y")
	if trace := x.ends(); !strings.Contains(trace, "over: <nil>") {
		t.Errorf("trace %q", trace)
	}
}

func TestResizeRedraws(t *testing.T) {
	x := openTTY(t, "cause", design, true)
	x.await("BROKEN HERE")
	x.resize(size{40, 10})
	x.await("make this window larger")
	x.resize(size{120, 40})
	x.await("? all keys")
	if lines := strings.Split(x.text(), "\n"); !strings.Contains(lines[39], "all keys") {
		t.Errorf("the footer is not on the last line:\n%s", x.text())
	}
	x.resize(size{60, 20})
	x.await("more below")
	if lines := strings.Split(x.text(), "\n"); !strings.Contains(lines[0], "deskside") || len(lines) > 20 {
		t.Errorf("the frame does not fit:\n%s", x.text())
	}
}

func TestTypeAheadOverALineIsNotConsent(t *testing.T) {
	x := openTTY(t, "cause", design, true)
	x.await("BROKEN HERE")
	x.typeKeys("f\x1b[A\r") // the plan, up to "apply", Enter: in one write
	x.await("That key came before you could read this page.")
	x.hangUp()
	if trace := x.ends(); strings.Contains(trace, "begun") {
		t.Errorf("type-ahead changed the machine: %q", trace)
	}
}

// later lets a person's time pass: there is no event in not having pressed a
// key yet.
func (x *tty) later() { time.Sleep(settle + 50*time.Millisecond) }

// The line drops: really, by closing the master. The screen ends, the running
// change ends as it should, nothing stays behind.
func TestHangup(t *testing.T) {
	for name, env := range map[string]string{"with SIGHUP": "", "where SIGHUP does not arrive": "DEMO_IGNORE_HUP=1"} {
		t.Run(name, func(t *testing.T) {
			x := openTTY(t, "plan", design, true, env)
			x.await("Yes, make this change")
			x.later()
			x.typeKeys("a")
			x.await("Making the change")
			x.hangUp()
			trace := x.ends()
			if !strings.Contains(trace, "begun\nfinished\nover: ") {
				t.Errorf("trace %q: the change was torn", trace)
			}
		})
	}
}

func TestTerminateGivesTheTerminalBack(t *testing.T) {
	x := openTTY(t, "opening", design, true)
	x.await(firstPage)
	x.cmd.Process.Signal(syscall.SIGTERM)
	x.ends()
	limit := time.After(patience)
	for !strings.Contains(x.bytes(), "\x1b[?1049l") || !strings.Contains(x.bytes(), "\x1b[?25h") {
		x.mu.Lock()
		changed := x.changed
		x.mu.Unlock()
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("the terminal was not given back: %q", x.bytes())
		}
	}
}
