package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// tickMsg redraws elapsed seconds.
type tickMsg struct{}

// tickEvery is how often elapsed seconds are looked at: often enough that
// none is skipped, rare enough for a slow line. Ticks stop with the work.
const tickEvery = 500 * time.Millisecond

func tick() tea.Cmd {
	return tea.Tick(tickEvery, func(time.Time) tea.Msg { return tickMsg{} })
}
