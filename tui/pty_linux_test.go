package tui

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"deskside/tui/ttytest"
)

const firstPage = "Who is contacted?"

// stall is what termenv waits for a terminal that never answers (OSCTimeout
// 5 s); a first frame that comes in less was not waited for.
const stall = 3 * time.Second

func TestFirstFrame(t *testing.T) {
	for name, mute := range map[string]bool{"a terminal that answers": false, "one that never does": true} {
		t.Run(name, func(t *testing.T) {
			x := openTTY(t, "opening", design, mute)
			x.Await(firstPage)
			took := time.Since(x.Born)
			t.Logf("first frame after %v", took.Round(time.Millisecond))
			if took > stall {
				t.Errorf("first frame after %v", took)
			}
			for _, query := range ttytest.Queries {
				if strings.Contains(x.Raw(), query) {
					t.Errorf("the terminal was asked %q", query)
				}
			}
			for _, mouse := range []string{"\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h"} {
				if strings.Contains(x.Raw(), mouse) {
					t.Errorf("the mouse was switched on: %q", mouse)
				}
			}
		})
	}
}

func TestWalkOnATerminal(t *testing.T) {
	x := openTTY(t, "opening", design, true)
	x.Await(firstPage)
	x.Type("1")
	x.Await("Asking the name servers")
	x.Type("\x1b[B\r") // one line only: the arrow does nothing, Enter takes it
	x.Await("The name server does not answer.")
	x.Type("?")
	x.Await("Keys on this page")
	x.Type("?")
	x.Await("BROKEN HERE")
	x.Type("\x03")
	x.Await("Leave?")
	x.later()
	x.Type("y")
	if trace := x.ends(); !strings.Contains(trace, "over: <nil>") {
		t.Errorf("trace %q", trace)
	}
}

func TestResizeRedraws(t *testing.T) {
	x := openTTY(t, "cause", design, true)
	x.Await("BROKEN HERE")
	x.Resize(40, 10)
	x.Await("make this window larger")
	x.Resize(120, 40)
	x.Await("? all keys")
	if lines := strings.Split(x.Screen(), "\n"); !strings.Contains(lines[39], "all keys") {
		t.Errorf("the footer is not on the last line:\n%s", x.Screen())
	}
	x.Resize(60, 20)
	x.Await("more below")
	if lines := strings.Split(x.Screen(), "\n"); !strings.Contains(lines[0], "deskside") || len(lines) > 20 {
		t.Errorf("the frame does not fit:\n%s", x.Screen())
	}
}

func TestTypeAheadOverALineIsNotConsent(t *testing.T) {
	x := openTTY(t, "cause", design, true)
	x.Await("BROKEN HERE")
	x.Type("f\x1b[A\r") // the plan, up to "apply", Enter: in one write
	x.Await("That key came before you could read this page.")
	x.HangUp()
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
			x.Await("Yes, make this change")
			x.later()
			x.Type("a")
			x.Await("Making the change")
			x.HangUp()
			trace := x.ends()
			if !strings.Contains(trace, "begun\nfinished\nover: ") {
				t.Errorf("trace %q: the change was torn", trace)
			}
		})
	}
}

func TestTerminateGivesTheTerminalBack(t *testing.T) {
	x := openTTY(t, "opening", design, true)
	x.Await(firstPage)
	x.Cmd.Process.Signal(syscall.SIGTERM)
	x.ends()
	x.AwaitRaw("\x1b[?1049l")
	x.AwaitRaw("\x1b[?25h")
}
