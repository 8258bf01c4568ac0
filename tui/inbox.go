package tui

import (
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"deskside/tui/wizard"
)

// eventMsg says that an event lies in the inbox.
type eventMsg struct{}

// inbox carries events from the effects to the model and loses none. Bubble
// Tea drops a message that arrives while it quits; so the message is only a
// notice, and the event stays here until somebody takes it. A fix may report
// its end in just that moment.
type inbox struct {
	events <-chan wizard.Event
	taken  chan wizard.Event // at most one
	done   chan struct{}
	wait   sync.Mutex // held while something waits for an event
}

func newInbox(events <-chan wizard.Event) *inbox {
	return &inbox{events: events, taken: make(chan wizard.Event, 1), done: make(chan struct{})}
}

// next waits for one event. It is armed again after each, which keeps the
// order.
func (in *inbox) next() tea.Msg {
	in.wait.Lock()
	defer in.wait.Unlock()
	select {
	case <-in.done:
		return nil
	default:
	}
	select {
	case e := <-in.events:
		in.taken <- e
		return eventMsg{}
	case <-in.done:
		return nil
	}
}

// take returns the event that a notice announced.
func (in *inbox) take() (wizard.Event, bool) {
	select {
	case e := <-in.taken:
		return e, true
	default:
		return wizard.Event{}, false
	}
}

// close ends the waiting and returns what was received but not yet handled.
// Afterwards nothing here reads from events any more.
func (in *inbox) close() (wizard.Event, bool) {
	close(in.done)
	in.wait.Lock()
	defer in.wait.Unlock()
	return in.take()
}
