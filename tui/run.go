// Package tui is the full-screen front end: the wizard's pages drawn with
// Bubble Tea.
//
// The rules it keeps, each with a test:
//   - A frame is never taller or wider than the window.
//   - Nothing depends on colour: every status has a mark, the chosen line a
//     character. Sixteen colours, no painted backgrounds, no mouse.
//   - No control character from the machine or the air reaches the screen.
//   - One list of actions handles the keys, fills the footer and the key list.
//   - What changes the machine takes one deliberate key press made after the
//     page was drawn. Esc never declines, aborts or quits.
//   - It never asks the terminal anything (see package tui/term).
package tui

import (
	"context"
	"errors"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"deskside/diag/text"
	"deskside/tui/term"
	"deskside/tui/wizard"
)

// Ways to leave that are not the person leaving.
var (
	// ErrPlain asks the caller to go on in plain lines, with the same wizard.
	ErrPlain = errors.New("plain lines wanted")
	// ErrHangup means that the terminal went away.
	ErrHangup = errors.New("the terminal hung up")
)

// Conversation is what a front end needs of [wizard.Wizard].
type Conversation interface {
	Page() wizard.Page
	Choose(id string) []wizard.Effect
	Enter(typed string) []wizard.Effect
	Handle(wizard.Event) []wizard.Effect
	Over() bool
	Working() bool
}

// Runner is what a front end needs of [wizard.Driver]: it runs effects and
// hands over what they report, in order. It outlives the screen: whoever owns
// it waits for a running fix.
type Runner interface {
	Run(effects []wizard.Effect)
	Events() <-chan wizard.Event
}

// Options is what Run needs. In and Out are standard input and output where
// nil; Windows resizes only with its real standard input.
type Options struct {
	Wizard  Conversation
	Runner  Runner
	Printer *text.Printer
	Facts   term.Facts
	Color   term.Color
	In, Out *os.File
	Now     func() time.Time // the clock; nil is time.Now
}

// fps bounds how often a changed frame is written. It costs nothing when
// nothing changes; the first frame and each echo wait at most one tick, 33 ms.
const fps = 30

// Run shows the wizard until the person leaves (nil), wants plain lines
// (ErrPlain), the terminal goes away (ErrHangup), or ctx ends (its cause).
// It does not wait for running effects: see [Runner].
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	opts := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithAltScreen(), tea.WithFPS(fps),
		tea.WithoutSignalHandler(), // signals belong to cmd, they end ctx
	}
	in, out := os.Stdin, os.Stdout
	if o.In != nil && o.In != os.Stdin {
		in, opts = o.In, append(opts, tea.WithInput(o.In))
	}
	if o.Out != nil {
		out = o.Out
	}
	opts = append(opts, tea.WithOutput(out))
	go watchHangup(ctx, in, func() { cancel(ErrHangup) })

	m := newModel(o, renderer(out, o.Facts.Profile(o.Color)))
	_, err := tea.NewProgram(m, opts...).Run()
	if e, ok := m.inbox.close(); ok {
		m.handle(e)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case m.plain:
		return ErrPlain
	}
	return nil
}

// renderer draws with a decided profile, so that nothing is ever detected.
func renderer(out *os.File, profile termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(out)
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(true)
	return r
}
