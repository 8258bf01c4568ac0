package plain

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"deskside/diag/config"
	"deskside/diag/text"
	"deskside/tui/wizard"
	"deskside/tui/wizard/fake"
)

// person reads what is printed and answers each question when it is put, one
// line at a time; when there are no more answers, the input ends.
type person struct {
	mu      sync.Mutex
	heard   bytes.Buffer
	answers []string
	say     chan string
	onWord  func(heard string) // called after every write
}

func (p *person) Write(b []byte) (int, error) {
	p.mu.Lock()
	p.heard.Write(b)
	heard, asked := p.heard.String(), strings.HasSuffix(string(b), ": ")
	p.mu.Unlock()
	if p.onWord != nil {
		p.onWord(heard)
	}
	if asked {
		p.answer()
	}
	return len(b), nil
}

func (p *person) answer() {
	if len(p.answers) == 0 {
		close(p.say)
		return
	}
	p.say <- p.answers[0]
	p.answers = p.answers[1:]
}

func (p *person) transcript() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.String()
}

func deps(m *fake.Machine) wizard.Deps {
	return wizard.Deps{Config: config.Default(), Fixes: m, Run: m.Run, Checks: fake.CheckIDs, SaveReport: m.Save, Now: time.Now}
}

// talk plays a conversation to its end and returns what was printed.
func talk(t *testing.T, ctx context.Context, m *fake.Machine, answers ...string) (string, error) {
	t.Helper()
	return listenTo(ctx, m, &person{answers: answers}, defaultPace)
}

func listenTo(ctx context.Context, m *fake.Machine, p *person, pace pace) (string, error) {
	in, typed := io.Pipe()
	p.say = make(chan string, 1)
	go func() {
		for s := range p.say {
			io.WriteString(typed, s)
		}
		typed.Close()
	}()
	w := wizard.New(deps(m))
	c := &conversation{w: w, out: &lines{p: text.New("en"), w: p}, in: listen(in), driver: wizard.Drive(ctx, w), pace: pace}
	err := c.run(ctx)
	in.Close()
	return p.transcript(), err
}

func typed(keys ...string) []string {
	for i := range keys {
		keys[i] += "\n"
	}
	return keys
}

func hears(t *testing.T, transcript string, want ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(transcript), " ") // whatever the wrapping
	for _, s := range want {
		if !strings.Contains(flat, strings.TrimSpace(s)) {
			t.Errorf("never said %q in:\n%s", s, transcript)
		}
	}
}
