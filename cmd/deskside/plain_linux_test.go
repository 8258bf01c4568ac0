package main

import (
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// turn is one question and its answer.
type turn struct{ hear, answer string }

// pipes is a person behind pipes: reads what is printed, and answers each
// question when it is put and not before.
type pipes struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	mu    sync.Mutex
	heard strings.Builder
	news  chan struct{} // one token is enough: there was more to read
	ended chan struct{}

	answered int // how much had been said when the last answer was given
}

func (p *pc) talk(o lab.Options, args ...string) *pipes {
	p.t.Helper()
	x := &pipes{t: p.t, cmd: p.deskside(o, args...), news: make(chan struct{}, 1), ended: make(chan struct{})}
	in, err := x.cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	x.in, x.cmd.Stdout, x.cmd.Stderr = in, x, x
	if err := x.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() { defer close(x.ended); _ = x.cmd.Wait() }() // how it ended is in ProcessState
	return x
}

// Write takes what the program prints.
func (x *pipes) Write(b []byte) (int, error) {
	x.mu.Lock()
	x.heard.Write(b)
	x.mu.Unlock()
	select {
	case x.news <- struct{}{}:
	default:
	}
	return len(b), nil
}

func (x *pipes) words() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.heard.String()
}

// asked waits for a question that was not answered yet, and returns what was
// said since the last answer.
func (x *pipes) asked() string {
	x.t.Helper()
	limit := time.After(ttytest.Patience)
	for {
		if said := x.words()[x.answered:]; strings.HasSuffix(said, ": ") {
			return said
		}
		select {
		case <-x.news:
		case <-limit:
			x.t.Fatalf("no question came:\n%s", x.words())
		}
	}
}

// answers plays a part of the conversation. An empty answer leaves the
// question open.
func (x *pipes) answers(turns ...turn) {
	x.t.Helper()
	for _, turn := range turns {
		said := x.asked()
		if !strings.Contains(ttytest.Flat(said), ttytest.Flat(turn.hear)) {
			x.t.Fatalf("%q was not said before the question:\n%s", turn.hear, said)
		}
		if turn.answer == "" {
			return
		}
		x.answered += len(said)
		if _, err := io.WriteString(x.in, turn.answer+"\n"); err != nil {
			x.t.Fatal(err)
		}
	}
}

// ends closes the input, as a pipe that runs dry, and waits for the program.
func (x *pipes) ends() outcome {
	x.t.Helper()
	x.in.Close()
	select {
	case <-x.ended:
	case <-time.After(ttytest.Patience):
		x.t.Fatalf("the program stays behind:\n%s", x.words())
	}
	return outcome{x.cmd.ProcessState.ExitCode(), x.words(), ""}
}

// Parts of the conversation in the world with a silent name server.
var (
	toTheCause = []turn{{firstPage, "1"}, {silentDNS, "f"}}
	toTheFix   = append(toTheCause[:2:2], turn{"+ " + goodServer, "a"}, turn{consent, "y"}, turn{helped, ""})
)

// TestPlain is TestWizard in numbered lines.
func TestPlain(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	x := p.talk(lab.Options{}, "--plain")
	x.answers(append(toTheFix[:4:4],
		turn{helped, "k"}, turn{kept, ""})...)
	p.changed("after the fix")
	if undoCommand.FindString(x.words()) == "" {
		t.Error("no undo command was said")
	}
	x.answers(turn{"", "n"}, turn{repaired, "1"}, turn{undoAsk, "y"},
		turn{takenBack, ""})
	p.unchanged("after the undo")
	x.answers(turn{"", "n"}, turn{silentDNS, "q"})
	x.ends().want(t, 0, goodbye)
	p.unchanged("at the end")
}

// TestPlainEndOfInput: silence never consents, wherever it falls.
func TestPlainEndOfInput(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	for name, turns := range map[string][]turn{
		"at once":             nil,
		"before the choice":   {{firstPage, ""}},
		"on the cause":        {{firstPage, "1"}, {silentDNS, ""}},
		"on the preview":      append(toTheCause[:2:2], turn{nothingYet, ""}),
		"on the consent page": append(toTheCause[:2:2], turn{nothingYet, "a"}, turn{consent, ""}),
	} {
		t.Run(name, func(t *testing.T) {
			on := *p
			on.t = t
			x := on.talk(lab.Options{}, "--plain")
			if turns != nil {
				x.answers(turns...)
			}
			x.ends().want(t, 0, goodbye)
			on.unchanged("after the end of input")
			on.run("status", "--json").want(t, 0, "[]")
		})
	}
}

// TestPlainUndecided: the input ends after the fix and before a decision. It
// is taken back, and that is said.
func TestPlainUndecided(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	x := p.talk(lab.Options{}, "--plain")
	x.answers(toTheFix...)
	p.changed("after the fix")
	x.ends().want(t, 0, takenBack)
	p.unchanged("after the end of input")
	p.run("status", "--json").want(t, 0, `"rolled_back"`)
}

// TestPlainTypeAhead: a whole script at once was not written by somebody who
// read the questions; it may look around and consents to nothing.
func TestPlainTypeAhead(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	p.runWith(lab.Options{}, "1\nf\na\ny\nk\n", "--plain").want(t, 0)
	p.unchanged("after a script nobody read for")
	p.run("status", "--json").want(t, 0, "[]")
}

// TestPlainIsChosen: where the terminal cannot or the person will not, the
// lines come by themselves, without one escape sequence, and say why.
func TestPlainIsChosen(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	for name, env := range map[string][]string{
		"TERM=dumb":    {"TERM=dumb"},
		"ACCESSIBLE=1": {"ACCESSIBLE=1"},
	} {
		t.Run(name, func(t *testing.T) {
			on := *p
			on.t = t
			x := on.wizard(env...)
			x.AwaitRaw(firstPage)
			x.Type("6\n")
			x.AwaitRaw(allWell)
			x.Type("\x04") // end of input: Ctrl+D on an empty line
			if code := x.Ends(); code != 0 {
				t.Errorf("exit %d", code)
			}
			x.AwaitRaw(goodbye)
			if i := strings.IndexByte(x.Raw(), '\x1b'); i >= 0 {
				t.Errorf("an escape sequence: %q", x.Raw()[i:min(i+20, len(x.Raw()))])
			}
		})
	}
	p.unchanged("after two looks around")
}
