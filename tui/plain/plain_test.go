package plain

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/tui/wizard"
	"deskside/tui/wizard/fake"
)

func TestAWholeConversation(t *testing.T) {
	m := &fake.Machine{Broken: true, Helps: true}
	out, err := talk(t, context.Background(), m, typed("1", "f", "A", "y", "k", "", "w", "1", "y", "", "b", "q", "y")...)
	if err != nil || m.Applied != 1 || m.Back != 1 || m.Looks != 3 || m.Saved != 1 {
		t.Errorf("err %v, machine %+v", err, m)
	}
	hears(t, out, "Step 5 of 6", "Step 6 of 6: Summary", "[FAIL] ", "[ OK ] It helped", "- nameserver 192.0.2.53", "+ nameserver 192.0.2.1",
		"$ deskside undo tx1", "name service BROKEN HERE", "web not reached", "Say: ", "/state/report.json", "(Enter)")
}

// However far a person came: when the input ends, nothing was agreed to.
func TestEndOfInputNeverConsents(t *testing.T) {
	all := typed("1", "f", "a", "y", "k")
	for n := range len(all) + 1 {
		m := &fake.Machine{Broken: true, Helps: true}
		out, err := talk(t, context.Background(), m, all[:n]...)
		if err != nil {
			t.Errorf("after %d answers: %v", n, err)
		}
		switch {
		case n < 4 && m.Applied != 0:
			t.Errorf("after %d answers the end of the input applied a fix", n)
		case n == 0 && m.Looks != 0:
			t.Error("the end of the input looked at the machine")
		case n == 4 && (m.Back != 1 || !m.Broken):
			t.Error("an undecided fix was not taken back")
		case n == 4:
			hears(t, out, "That is a no", "[ OK ] It is taken back")
		case n == 5 && m.Back != 0:
			t.Error("a kept fix was taken back")
		}
	}
}

func TestHalfALineIsNoAnswer(t *testing.T) {
	m := &fake.Machine{Broken: true, Helps: true}
	in, typing := io.Pipe()
	go func() {
		io.WriteString(typing, "1\nf\n")
		io.WriteString(typing, "a\n")
		io.WriteString(typing, "y")
		typing.Close()
	}()
	if err := Run(context.Background(), wizard.New(deps(m)), text.New("en"), in, io.Discard); err != nil || m.Applied != 0 {
		t.Errorf("err %v, applied %d", err, m.Applied)
	}
}

// What was typed ahead turns pages, but consents to nothing.
func TestTypeAheadDoesNotConsent(t *testing.T) {
	m := &fake.Machine{Broken: true, Helps: true}
	p := &person{}
	err := Run(context.Background(), wizard.New(deps(m)), text.New("en"), strings.NewReader("1\nf\na\ny\ny\n"), discard{p})
	if err != nil || m.Applied != 0 {
		t.Errorf("err %v, applied %d", err, m.Applied)
	}
	hears(t, p.transcript(), "Change this PC now?", "typed before the question", "The input ended. That is a no")
}

// discard listens without answering.
type discard struct{ p *person }

func (d discard) Write(b []byte) (int, error) { return d.p.heard.Write(b) }

func TestBadInputIsAskedAgain(t *testing.T) {
	m := &fake.Machine{}
	out, _ := talk(t, context.Background(), m, typed("", "yes", "99", "-1", "0", strings.Repeat("1", 5000), "\x1b[A", "6", "q", "", "q", "y")...)
	if n := strings.Count(out, "none of the choices"); n != 7 {
		t.Errorf("asked again %d times, want 7 in:\n%s", n, out)
	}
	hears(t, out, "as it should be", "Leave deskside?")
	if m.Looks != 1 {
		t.Errorf("looked %d times", m.Looks)
	}
}

func TestNumbersAndKeysAreTheSameChoices(t *testing.T) {
	byKey, _ := talk(t, context.Background(), &fake.Machine{Broken: true}, typed("2", "n", "e", "b", "q")...)
	byNumber, _ := talk(t, context.Background(), &fake.Machine{Broken: true}, typed("2", "2", "3", "1", "8")...)
	if k, n := settledPages(byKey), settledPages(byNumber); k != n {
		t.Errorf("by key:\n%s\nby number:\n%s", k, n)
	}
}

// settledPages leaves out pages that were said while something was waited for
// and said again when it had come: how often that is depends on the machine.
func settledPages(transcript string) string {
	var out []string
	for _, page := range strings.Split(transcript, "\n== ") {
		title, _, _ := strings.Cut(page, "\n")
		if n := len(out); n > 0 && strings.HasPrefix(out[n-1], title+"\n") {
			out = out[:n-1]
		}
		out = append(out, page)
	}
	return strings.Join(out, "\n== ")
}

// While something runs a line says so, not more often than the pace allows,
// and a person is asked all the same when it takes long.
func TestWaitingIsSaid(t *testing.T) {
	ready := make(chan struct{})
	m := &fake.Machine{OnLook: func(ctx context.Context) {
		select {
		case <-ready:
		case <-ctx.Done():
		}
	}}
	p := &person{answers: typed("1", "n", "s", "q")}
	p.onWord = func(heard string) {
		if strings.Count(heard, "so far.") == 3 {
			select {
			case <-ready:
			default:
				close(ready)
			}
		}
	}
	out, err := listenTo(context.Background(), m, p, pace{beat: time.Nanosecond, word: 20 * time.Millisecond, quiet: time.Minute})
	if err != nil {
		t.Error(err)
	}
	hears(t, out, "[ .. ] Waiting for answers from outside", "as it should be")
	if n := strings.Count(out, "== No internet =="); n != 2 {
		t.Errorf("the page was printed %d times: waiting and ready make two", n)
	}

	m = &fake.Machine{OnLook: func(ctx context.Context) { <-ctx.Done() }}
	out, _ = listenTo(context.Background(), m, &person{answers: typed("1", "n", "n", "q", "y")}, pace{beat: time.Nanosecond, word: time.Minute, quiet: time.Nanosecond})
	hears(t, out, "Step 2 of 6", "still being looked at")
}

func TestASignalTakesBackWhatIsUndecided(t *testing.T) {
	m := &fake.Machine{Broken: true, Helps: true}
	ctx, hangUp := context.WithCancel(context.Background())
	defer hangUp()
	p := &person{answers: typed("1", "f", "a", "y")}
	p.onWord = func(heard string) {
		if strings.Contains(heard, "Keep it, or take it back?") {
			hangUp()
		}
	}
	_, err := listenTo(ctx, m, p, defaultPace)
	if m.Applied != 1 || m.Back != 1 || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("applied %d, back %d, err %v", m.Applied, m.Back, err)
	}
}

func TestAnOutputThatEndsEndsTheConversation(t *testing.T) {
	in, _ := io.Pipe()
	if err := Run(context.Background(), wizard.New(deps(&fake.Machine{})), text.New("en"), in, full{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// Whatever the machine says, a line is a line: at most 78 columns, nothing
// that moves a cursor or changes a colour.
func TestLinesStayLines(t *testing.T) {
	hostile := "\x1b[2J\u202eevil\r\n" + strings.Repeat("x", 300) + strings.Repeat("漢字 ", 60) + "\xff\x00"
	var out strings.Builder
	l := &lines{p: text.New("en"), w: &out}
	for _, role := range []wizard.Role{wizard.Plain, wizard.Bad, wizard.Before, wizard.After, wizard.Say, wizard.Next, wizard.Dim} {
		l.para(wizard.Para{Role: role, Raw: hostile})
		l.para(wizard.Para{Role: role, Text: text.M("ui.failed", "Why", hostile)})
	}
	l.page(wizard.Page{Title: text.M("ui.failed", "Why", hostile), Path: wizard.Path(diag.Assessment{}, false)})
	l.choices(wizard.Page{Choices: []wizard.Choice{{Key: "x", Label: text.M("ui.failed", "Why", hostile)}}})
	check(t, out.String())
	l.para(wizard.Para{Role: wizard.Command, Raw: hostile}) // a command is long, but still one safe line
	if n := strings.Count(out.String(), "\x1b") + strings.Count(out.String(), "\u202e"); n != 0 {
		t.Errorf("%d control characters reached the terminal", n)
	}
	talked, _ := talk(t, context.Background(), &fake.Machine{Broken: true, Second: true, Unseen: true},
		typed("1", "e", "b", "?", "b", "n", "n", "n", "n", "n", "n", "n", "q", "y")...)
	check(t, talked)
}

func check(t *testing.T, out string) {
	t.Helper()
	for _, row := range strings.Split(out, "\n") {
		if i := strings.LastIndex(row, "): "); strings.HasPrefix(row, "Your choice") && i > 0 {
			row = row[:i] // the answer follows on the same line
		}
		if w := uniseg.StringWidth(row); w > width {
			t.Errorf("%d columns: %q", w, row)
		}
		for _, r := range row {
			if r < ' ' || r == 0x7f || r == '\u202e' {
				t.Errorf("control character %U in %q", r, row)
			}
		}
	}
}

// The lines must work where the full screen cannot even start.
func TestNoScreenLibraryIsImported(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range strings.Fields(string(out)) {
		if strings.Contains(dep, "charmbracelet") || strings.Contains(dep, "muesli") {
			t.Errorf("imports %s", dep)
		}
	}
	if !strings.Contains(string(out), "deskside/tui/wizard") {
		t.Errorf("looked in the wrong place: %s", out)
	}
}
