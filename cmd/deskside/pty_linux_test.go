package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// screen is the wizard on a terminal, driven by a person.
type screen struct {
	*ttytest.TTY
	t *testing.T
}

func (p *pc) wizard(env ...string) *screen {
	p.t.Helper()
	cmd := p.deskside(lab.Options{Env: append(screenEnv, env...)})
	return &screen{ttytest.Open(p.t, cmd, 80, 24, ttytest.Mute), p.t}
}

// press answers what is on the screen and waits for what follows. There is no
// event in a person having read a page, and a key pressed sooner than anyone
// reads counts as type-ahead (settle in package tui), so this does take time.
func (s *screen) press(key string, then ...string) {
	s.t.Helper()
	time.Sleep(300 * time.Millisecond)
	s.Type(key)
	if len(then) > 0 {
		s.Await(then...)
	}
}

// shows says whether the screen has all of this, whatever the line breaks.
func (s *screen) shows(want ...string) {
	s.t.Helper()
	flat := strings.Join(strings.Fields(s.Screen()), " ")
	for _, w := range want {
		if !strings.Contains(flat, w) {
			s.t.Errorf("%q is not on the screen:\n%s", w, s.Screen())
		}
	}
}

var undoCommand = regexp.MustCompile(`deskside undo ([0-9A-Z]{26})`)

const (
	firstPage  = "Who is contacted"
	silentDNS  = "The name server does not answer"
	helped     = "It helped"
	takenBack  = "It is taken back"
	noServer   = "nameserver " + lab.Quad9
	goodServer = "nameserver " + lab.OneOne
)

// TestWizard is the whole road on the PC's own terminal.
func TestWizard(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	walk(t, p, p.wizard())
}

// walk leads a person along the whole road in the world with a silent name
// server: no internet, the root cause, the fix, it helped, kept, and taken
// back again.
func walk(t *testing.T, p *pc, s *screen) {
	t.Helper()
	s.toTheCause()
	s.shows("What is wrong", "BROKEN HERE")
	p.unchanged("after the diagnosis")
	s.press("f", "Go on to change it")
	s.shows(noServer, goodServer, "It can be taken back exactly")
	p.unchanged("after the preview")
	s.press("a", "Yes, do it")
	s.press("y", helped)
	s.shows("Before and after", "before problem, now fine")
	p.changed("after the fix")

	s.press("k", "It is kept")
	s.shows("deskside undo ")
	s.press("\r", "Summary")
	s.shows("Repaired: " + silentDNS)
	s.press("\x1b[F", "deskside undo ") // the end of the page: the command that takes it back
	command := undoCommand.FindStringSubmatch(s.Screen())
	if command == nil {
		t.Fatalf("no undo command on the summary:\n%s", s.Screen())
	}

	s.press("1", "Take this back?")
	s.press("y", takenBack)
	s.shows("before fine, now problem")
	p.unchanged("after the undo")
	s.press("\r", silentDNS) // the symptom is back, and named
	s.shows("Summary")
	s.press("q")
	if code := s.Ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	p.unchanged("at the end")
	p.run("status", "--json").want(t, 0, command[1], `"undone"`)
	p.run("check", "dns").want(t, 2, silentDNS)
}

// toTheCause answers the first question and waits for the root cause.
func (s *screen) toTheCause() {
	s.t.Helper()
	s.Await(firstPage)
	began := time.Now()
	s.Type("1") // No internet: the yes to look, nothing to be read first
	s.Await(silentDNS)
	took := time.Since(began)
	s.t.Logf("root cause on the screen %v after the choice", took.Round(time.Millisecond))
	if took > stall {
		s.t.Errorf("root cause after %v", took)
	}
	s.Await("[f] ") // the fixes for it are offered a moment later
}

// fix goes from the cause to the consent and says yes.
func (s *screen) fix() {
	s.t.Helper()
	s.press("f", "Go on to change it")
	s.press("a", "Yes, do it")
	s.press("y")
}
