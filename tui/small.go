package tui

// tooSmall reports a window in which a page cannot be read.
func (m *model) tooSmall() bool { return m.width < leastWidth || m.height < leastHeight }

// small asks for a larger window and offers the way that needs none. The
// conversation goes on behind it.
func (m *model) small() string {
	key := "screen.too_small"
	if m.talk.Working() {
		key = "screen.too_small_working"
	}
	s := m.s(key, "Width", leastWidth, "Height", leastHeight, "HasWidth", m.width, "HasHeight", m.height)
	return m.frame(wrap(s, m.width))
}
