package tui

import "deskside/tui/wizard"

// markCells is the column where text begins beside a mark.
const markCells = 7

// paragraphs turns a page's paragraphs into lines of at most width cells.
// Loose leaves an empty line between sentences; lists and excerpts stay
// together either way.
func (m *model) paragraphs(paras []wizard.Para, width int, loose bool) []string {
	var lines []string
	for i, p := range paras {
		if i > 0 && m.gap(paras[i-1], p, loose) {
			lines = append(lines, "")
		}
		lines = append(lines, m.paragraph(p, width)...)
	}
	return lines
}

// gap decides on the empty line between two paragraphs.
func (m *model) gap(a, b wizard.Para, loose bool) bool {
	if b.Role == wizard.Heading {
		return true
	}
	if !loose || a.Role == wizard.Heading {
		return false
	}
	return !(line(a) && line(b)) && !(m.mark(a.Role) != "" && a.Role == b.Role)
}

// line reports a paragraph that is one line of something longer.
func line(p wizard.Para) bool {
	switch p.Role {
	case wizard.Before, wizard.After, wizard.Command, wizard.Dim:
		return true
	}
	return p.Raw != ""
}

// paragraph wraps one paragraph with its mark or sign, and colours it.
func (m *model) paragraph(p wizard.Para, width int) []string {
	lead, body := m.sign(p), ""
	split := wrap
	if p.Raw != "" {
		body, split = cleanRaw(p.Raw), hardWrap
	} else {
		body = m.t(p.Text)
	}
	if p.Role == wizard.Command {
		split = hardWrap
	}
	marked := m.mark(p.Role) != ""
	var lines []string
	for i, s := range split(body, width-cells(lead)) {
		if i > 0 {
			lead = blank(cells(lead))
		}
		if marked { // only the mark is coloured: the sentence stays easy to read
			lines = append(lines, m.styles.paint(p.Role, lead)+s)
		} else {
			lines = append(lines, m.styles.paint(p.Role, lead+s))
		}
	}
	return lines
}

// sign is what stands in front of a paragraph. Lines from the machine stand
// in one column, changed or not.
func (m *model) sign(p wizard.Para) string {
	if mark := m.mark(p.Role); mark != "" {
		return mark + blank(max(1, markCells-cells(mark)))
	}
	switch {
	case p.Role == wizard.Before:
		return "  - "
	case p.Role == wizard.After:
		return "  + "
	case p.Role == wizard.Command || p.Raw != "":
		return "    "
	}
	return ""
}
