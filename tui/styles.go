package tui

import (
	"github.com/charmbracelet/lipgloss"

	"deskside/diag"
	"deskside/tui/wizard"
)

// styles are roles, in the terminal's own sixteen colours so that the
// person's theme decides what they look like. No colour carries anything
// alone: marks and signs say the same (see mark and sign).
type styles struct {
	title, key, cursor, dim, note lipgloss.Style
	role                          map[wizard.Role]lipgloss.Style
}

func newStyles(r *lipgloss.Renderer) styles {
	s := func() lipgloss.Style { return r.NewStyle() }
	colour := func(c string) lipgloss.Style { return s().Foreground(lipgloss.Color(c)) }
	const red, green, yellow, cyan = "1", "2", "3", "6"
	return styles{
		title:  s().Bold(true),
		key:    s().Bold(true),
		cursor: s().Bold(true),
		dim:    s().Faint(true),
		note:   colour(yellow),
		role: map[wizard.Role]lipgloss.Style{
			wizard.Plain:    s(),
			wizard.Heading:  s().Bold(true),
			wizard.Good:     colour(green).Bold(true),
			wizard.Caution:  colour(yellow).Bold(true),
			wizard.Bad:      colour(red).Bold(true),
			wizard.NotKnown: colour(cyan),
			wizard.Skip:     s().Faint(true),
			wizard.Dim:      s().Faint(true),
			wizard.Say:      colour(cyan).Bold(true),
			wizard.Ask:      colour(cyan).Bold(true),
			wizard.Next:     s().Bold(true),
			wizard.Before:   colour(red),
			wizard.After:    colour(green),
			wizard.Command:  s(),
		},
	}
}

// paint colours one line for a role; an unknown role is plain.
func (s styles) paint(role wizard.Role, line string) string {
	if style, ok := s.role[role]; ok && line != "" {
		return style.Render(line)
	}
	return line
}

// roleOf is how a status looks; the role's name is the status's name.
func roleOf(status diag.Status) wizard.Role { return wizard.Role(status.String()) }

// mark is the plain sign of a role, seven cells with its space, or "".
func (m *model) mark(role wizard.Role) string {
	switch role {
	case wizard.Good, wizard.Caution, wizard.Bad, wizard.NotKnown, wizard.Skip:
		return m.s("screen.mark." + string(role))
	case wizard.Say, wizard.Ask, wizard.Next:
		return m.s("screen.label." + string(role))
	}
	return ""
}

// glyph returns one of two ways to draw something.
func (m *model) glyph(utf8, ascii string) string {
	if m.ascii {
		return ascii
	}
	return utf8
}

func (m *model) ellipsis() string  { return m.glyph("…", "~") }
func (m *model) separator() string { return m.glyph(" · ", " - ") }
