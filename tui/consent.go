package tui

import "time"

// settle is how long a page must have been offered before a key on it can
// change the machine. The frame itself takes up to 33 ms, and the fastest
// choice reactions to something seen begin near 250 ms (Hick 1952; Luce,
// Response Times, 1986). What comes earlier was typed before the page could be
// read: type-ahead, or the second half of a double press.
const settle = 250 * time.Millisecond

// tooFast reports that a key cannot be an answer to what is on the screen.
func (m *model) tooFast() bool { return m.now().Sub(m.turned) < settle }
