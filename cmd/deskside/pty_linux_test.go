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
	flat := ttytest.Flat(s.Screen())
	for _, w := range want {
		if !strings.Contains(flat, ttytest.Flat(w)) {
			s.t.Errorf("%q is not on the screen:\n%s", w, s.Screen())
		}
	}
}

var undoCommand = regexp.MustCompile(`deskside undo ([0-9A-Z]{26})`)

// What a person reads, from the catalogue: these tests are about what is said
// when, not about its wording.
var (
	firstPage  = en.S("ui.opening.title")
	silentDNS  = en.S("cause.dns.server_silent.title", "Server", lab.Quad9)
	nothingYet = en.S("ui.plan.nothing_yet")
	exactly    = en.S("ui.back.R0")
	consent    = en.S("ui.confirm.title")
	looking    = en.S("ui.applying.looking")
	helped     = en.S("ui.result.cured")
	kept       = en.S("ui.kept.done")
	repaired   = en.S("ui.summary.gone", "Cause", silentDNS)
	undoAsk    = en.S("ui.undo.title")
	takenBack  = en.S("ui.undo.done")
	allWell    = en.S("ui.verdict.ok")
	goodbye    = en.S("ui.plain.bye")
	noServer   = "nameserver " + lab.Quad9
	goodServer = "nameserver " + lab.OneOne
)

// compared is the line that puts two looks at the name service side by side.
func compared(before, after string) string {
	word := func(s string) string { return en.S("ui.status." + s) }
	return en.S("ui.compare.line", "Check", en.S("check.dns.title"), "Before", word(before), "After", word(after))
}

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
	s.shows(en.S("ui.cause.title"), en.S("screen.broken"))
	p.unchanged("after the diagnosis")
	s.press("f", nothingYet)
	s.shows(noServer, goodServer, exactly)
	p.unchanged("after the preview")
	s.press("a", consent)
	s.press("y", helped)
	s.shows(en.S("ui.compare.title"), compared("fail", "ok"))
	p.changed("after the fix")

	s.press("k", kept)
	s.shows("deskside undo ")
	s.press("\r", repaired)
	s.press("\x1b[F", "deskside undo ") // the end of the page: the command that takes it back
	command := undoCommand.FindStringSubmatch(s.Screen())
	if command == nil {
		t.Fatalf("no undo command on the summary:\n%s", s.Screen())
	}

	s.press("1", undoAsk)
	s.press("y", takenBack)
	s.shows(compared("ok", "fail"))
	p.unchanged("after the undo")
	s.press("\r", silentDNS) // the symptom is back, and named
	s.shows(en.S("ui.summary.remains"))
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
	s.press("f", nothingYet)
	s.press("a", consent)
	s.press("y")
}
