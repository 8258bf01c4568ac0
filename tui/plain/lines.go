package plain

import (
	"fmt"
	"io"
	"time"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/tui/wizard"
)

// width is the longest line, in columns.
const width = 78

// lines writes; the first error stays.
type lines struct {
	p   *text.Printer
	w   io.Writer
	err error
}

func (l *lines) put(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}

// say prints a sentence behind a mark, wrapped, its later lines indented.
func (l *lines) say(mark string, m text.Message) {
	if !m.IsZero() {
		l.raw(mark, l.p.T(m))
	}
}

func (l *lines) raw(mark, s string) {
	for _, row := range wrap(mark, s) {
		l.put(row + "\n")
	}
}

// page prints all of a page but its choices.
func (l *lines) page(p wizard.Page) {
	l.put("\n")
	title := text.M("ui.plain.title", "Title", p.Title)
	if p.Step > 0 {
		title = text.M("ui.plain.step", "Step", p.Step, "Of", p.Of, "Title", p.Title)
	}
	l.say("", title)
	l.path(p.Path)
	for _, para := range append(append([]wizard.Para{}, p.Lead...), p.Detail...) {
		l.para(para)
	}
	if p.Busy != nil {
		l.busy(p.Busy)
	}
}

func (l *lines) para(p wizard.Para) {
	if p.Raw != "" {
		mark := l.mark(p.Role)
		if mark == "" {
			mark = "  " // in line with what goes and what comes
		}
		l.raw(mark, p.Raw)
		return
	}
	switch p.Role {
	case wizard.Say:
		l.say("", text.M("ui.plain.say", "What", p.Text))
	case wizard.Ask:
		l.say("", text.M("ui.plain.ask", "What", p.Text))
	case wizard.Next:
		l.say("", text.M("ui.plain.next", "What", p.Text))
	default:
		l.say(l.mark(p.Role), p.Text)
	}
}

// path reads the path map aloud: every station with its word, and the break.
func (l *lines) path(hops []wizard.Hop) {
	out := ""
	for i, h := range hops {
		key := "ui.plain.hop"
		switch {
		case h.Break:
			key = "ui.plain.hop_break"
		case h.Waiting:
			key = "ui.plain.hop_waiting"
		case h.State == diag.Unknown:
			key = "ui.plain.hop_unknown"
		case h.State == diag.Skipped:
			key = "ui.plain.hop_behind"
		}
		if i > 0 {
			out += " - "
		}
		out += l.p.T(text.M(key, "Hop", h.Label, "Status", text.M("ui.status."+h.State.String())))
	}
	l.raw("", l.p.S("ui.plain.path")+" "+out)
}

func (l *lines) busy(b *wizard.Busy) {
	secs := max(0, int(time.Since(b.Since).Seconds()))
	m := text.M("ui.plain.busy", "What", b.What, "Count", secs)
	if b.Of > 0 {
		m = text.M("ui.plain.busy_of", "What", b.What, "Count", secs, "Done", b.Done, "Of", b.Of)
	}
	l.say(l.p.S("screen.mark.waiting")+" ", m)
}

// choices prints the numbered choices with their keys.
func (l *lines) choices(p wizard.Page) {
	l.put("\n")
	for i, c := range p.Choices {
		key := "ui.plain.choice"
		if c.Default {
			key = "ui.plain.choice_default"
		}
		l.say(fmt.Sprintf("%2d. ", i+1), text.M(key, "Label", c.Label, "Key", c.Key))
	}
}

// prompt puts the question; the answer is typed behind it.
func (l *lines) prompt(p wizard.Page) {
	m := text.M("ui.plain.prompt", "Count", len(p.Choices))
	if p.Entry != nil {
		m = text.M("ui.plain.prompt_entry", "Label", p.Entry.Label)
	}
	for _, c := range p.Choices {
		if c.Default {
			m = text.M("ui.plain.prompt_default", "Count", len(p.Choices), "Key", c.Key)
		}
	}
	l.put(l.p.T(m) + " ")
}

// mark is the sign before a paragraph: characters, never colour.
func (l *lines) mark(r wizard.Role) string {
	switch r {
	case wizard.Good, wizard.Caution, wizard.Bad, wizard.NotKnown, wizard.Skip:
		return l.p.S("screen.mark."+string(r)) + " "
	case wizard.Before:
		return "- "
	case wizard.After:
		return "+ "
	case wizard.Command:
		return commandMark
	}
	return ""
}
