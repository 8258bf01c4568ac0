package tui

import (
	"context"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/tui/term"
)

// WatchSamples is how many ticks the screen can use: more than the widest
// window has columns.
const WatchSamples = 512

// WatchOptions is what Watch needs. Standard input and output where In and Out
// are nil.
type WatchOptions struct {
	Printer  *text.Printer
	Facts    term.Facts
	Color    term.Color
	In, Out  *os.File
	Interval time.Duration
	Views    <-chan watch.View // the watch as it stands, again and again; never closed
}

// Watch shows a watch until the person stops it (nil), the terminal goes away
// ([ErrHangup]), or ctx ends (its cause). It takes Views only while it runs.
func Watch(ctx context.Context, o WatchOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in, out := os.Stdin, os.Stdout
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithAltScreen(), tea.WithFPS(fps), tea.WithoutSignalHandler()}
	if o.In != nil && o.In != os.Stdin {
		in, opts = o.In, append(opts, tea.WithInput(o.In))
	}
	if o.Out != nil {
		out = o.Out
	}
	opts = append(opts, tea.WithOutput(out))
	go watchHangup(ctx, in, func() { cancel(ErrHangup) })
	m := newWatchScreen(o, renderer(out, o.Facts.Profile(o.Color)))
	m.done = ctx.Done()
	_, err := tea.NewProgram(m, opts...).Run()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// watchScreen is the Bubble Tea model: the newest view, and how far back in
// the timeline the person looks.
type watchScreen struct {
	say           *text.Printer
	styles        styles
	ascii         bool
	interval      time.Duration
	views         <-chan watch.View
	done          <-chan struct{}
	view          watch.View
	any           bool // a view has come
	width, height int
	back          int // incidents scrolled back from the newest
}

func newWatchScreen(o WatchOptions, r *lipgloss.Renderer) *watchScreen {
	m := &watchScreen{say: o.Printer, styles: newStyles(r), ascii: o.Facts.ASCII(), interval: o.Interval, views: o.Views}
	m.resize(o.Facts.Width, o.Facts.Height)
	return m
}

type viewMsg watch.View

// Init implements tea.Model.
func (m *watchScreen) Init() tea.Cmd { return m.next }

func (m *watchScreen) next() tea.Msg {
	select {
	case v := <-m.views:
		return viewMsg(v)
	case <-m.done:
		return nil
	}
}

// Update implements tea.Model.
func (m *watchScreen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case viewMsg:
		m.view, m.any = watch.View(msg), true
		return m, m.next
	case tea.KeyMsg:
		switch msg.String() {
		case "q", "Q", "s", "S", "ctrl+c": // no Esc: a split arrow key looks like it, and a night of watching would be over
			return m, tea.Quit
		case "up", "k":
			m.back = min(m.back+1, max(len(m.view.Incidents)-1, 0))
		case "down", "j":
			m.back = max(m.back-1, 0)
		}
	}
	return m, nil
}

func (m *watchScreen) resize(width, height int) {
	if width <= 0 || height <= 0 {
		width, height = designWidth, designHeight
	}
	m.width, m.height = width, height
}
