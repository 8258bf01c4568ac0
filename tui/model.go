package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// The design size, assumed until the window has said its own.
const (
	designWidth  = 80
	designHeight = 24
)

// model is the one Bubble Tea model. What is shown comes from the
// conversation; the model only remembers where the person looks.
type model struct {
	talk   Conversation
	runner Runner
	inbox  *inbox
	say    *text.Printer
	fixed  map[string]string // sentences without values, by key
	styles styles
	ascii  bool
	now    func() time.Time

	width, height int
	page          wizard.Page
	turned        time.Time // since when these choices have been on offer
	cursor        string    // ID of the choice that Enter takes
	moved         bool      // the person put the cursor there
	top           int       // first line shown of what scrolls
	keys          bool      // the key list is open
	typed         string    // on a page with an entry
	note          text.Message
	ticking       bool
	plain         bool // left for plain lines
}

func newModel(o Options, r *lipgloss.Renderer) *model {
	m := &model{
		talk: o.Wizard, runner: o.Runner, inbox: newInbox(o.Runner.Events()), say: o.Printer, fixed: map[string]string{},
		styles: newStyles(r), ascii: o.Facts.ASCII(), now: o.Now,
	}
	if m.now == nil {
		m.now = time.Now
	}
	m.resize(o.Facts.Width, o.Facts.Height)
	m.turn()
	return m
}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	return tea.Batch(m.inbox.next, m.tickWhileBusy())
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
		return m, nil
	case eventMsg:
		if e, ok := m.inbox.take(); ok {
			m.handle(e)
		}
		return m, tea.Batch(m.turn(), m.inbox.next)
	case tickMsg:
		m.ticking = false
		return m, m.tickWhileBusy()
	case tea.KeyMsg:
		return m, m.key(msg)
	}
	return m, nil
}

// resize takes a window's size; tmux and some terminals say 0x0 first.
func (m *model) resize(width, height int) {
	if width <= 0 || height <= 0 {
		width, height = designWidth, designHeight
	}
	m.width, m.height = width, height
	m.scroll(0)
}

func (m *model) handle(e wizard.Event) { m.runner.Run(m.talk.Handle(e)) }

// choose gives a choice to the conversation and shows what comes of it.
func (m *model) choose(id string) tea.Cmd {
	m.runner.Run(m.talk.Choose(id))
	return m.turn()
}

// turn takes the conversation's page. On another page the cursor and the
// scrolling start anew; on the same one they stay where the person left them.
func (m *model) turn() tea.Cmd {
	if m.talk.Over() {
		return tea.Quit
	}
	old := m.page
	m.page = m.talk.Page()
	if !samePlace(old, m.page) {
		m.moved, m.top, m.keys, m.typed, m.note = false, 0, false, "", text.Message{}
	}
	if !sameOffer(old, m.page) {
		m.turned = m.now()
	}
	m.settleCursor()
	m.scroll(0)
	return m.tickWhileBusy()
}

func samePlace(a, b wizard.Page) bool {
	return a.ID == b.ID && a.Place == b.Place && a.Step == b.Step
}

// sameOffer reports whether the same keys would do the same things.
func sameOffer(a, b wizard.Page) bool {
	if !samePlace(a, b) || len(a.Choices) != len(b.Choices) {
		return false
	}
	for i := range a.Choices {
		x, y := a.Choices[i], b.Choices[i]
		if x.ID != y.ID || x.Key != y.Key || x.Consent != y.Consent {
			return false
		}
	}
	return true
}

func (m *model) tickWhileBusy() tea.Cmd {
	if m.ticking || m.page.Busy == nil {
		return nil
	}
	m.ticking = true
	return tick()
}

// t puts a message into safe words.
func (m *model) t(msg text.Message) string { return clean(m.say.T(msg)) }

// s is t for a sentence of the screen's own. Those without values are looked
// up once: a frame has dozens of them.
func (m *model) s(key string, pairs ...any) string {
	if len(pairs) > 0 {
		return m.t(text.M(key, pairs...))
	}
	if _, ok := m.fixed[key]; !ok {
		m.fixed[key] = m.t(text.M(key))
	}
	return m.fixed[key]
}
