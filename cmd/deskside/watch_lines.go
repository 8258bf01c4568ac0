package main

import (
	"fmt"
	"io"
	"time"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/tui/plain"
	"deskside/tui/wizard"
)

// lineHeartbeat is how often plain lines say that all goes on: often enough
// to be believed, rare enough for a screen reader.
const lineHeartbeat = 5 * time.Minute

// watchLines tells a watch line by line, as the plain wizard does: one for each
// thing that happens.
type watchLines struct {
	p    *text.Printer
	w    io.Writer
	beat time.Duration
}

func (l *watchLines) say(role wizard.Role, m text.Message) {
	plain.Print(l.w, l.p, []wizard.Para{{Role: role, Text: m}})
}

// start lists what will be sent, and why, before anything is.
func (l *watchLines) start(fl watchFlags) {
	asking := text.M("ui.watch.asking", "Every", watch.Long(fl.interval))
	if fl.long > 0 {
		asking = text.M("ui.watch.asking_for", "Every", watch.Long(fl.interval), "For", watch.Long(fl.long))
	}
	l.say(wizard.Plain, asking)
	l.say(wizard.Plain, text.M("ui.watch.looked"))
	l.say(wizard.Plain, text.M("ui.watch.stop_lines"))
}

func (l *watchLines) observe(changes []watch.Change, view func(int) watch.View) {
	for _, c := range changes {
		switch {
		case c.Opened != nil:
			l.say(wizard.Bad, c.Opened.Message())
		case c.Moved != nil:
			l.say(wizard.Bad, c.Moved.Message())
		case c.Closed != nil:
			l.say(wizard.Good, c.Closed.Message())
		case c.Named != nil:
			l.say(wizard.Plain, c.Named.Verdict.Message())
		case c.Withdrawn != nil:
			l.say(wizard.Skip, c.Withdrawn.Withdrawal())
		case c.Gap != nil:
			l.say(wizard.Caution, c.Gap.Message())
		case c.Learned != nil:
			var usual []string
			for s, median := range c.Learned {
				if median > 0 {
					usual = append(usual, l.p.T(watch.Usual(watch.Station(s), median)))
				}
			}
			l.say(wizard.Plain, text.M("ui.watch.learned", "At", view(0).Now.Wall.Format(time.TimeOnly), "Stations", usual))
		}
	}
	v := view(0)
	if v.Now.Mono-l.beat < lineHeartbeat && l.beat != 0 {
		return
	}
	l.beat = v.Now.Mono
	var now []string
	for s := watch.Router; s < watch.Stations; s++ {
		now = append(now, l.p.T(v.Short(s)))
	}
	l.say(wizard.Plain, text.M("ui.watch.heartbeat", "At", v.Now.Wall.Format(time.TimeOnly), "Stations", now))
}

// summary is what stays on the screen when the watch is over: what matters
// most last, where the eye is.
func (l *watchLines) summary(v watch.View, sent []diag.Contact) {
	if len(sent) > 0 {
		l.say(wizard.Plain, text.M("ui.watch.summary.sent"))
	}
	for _, c := range sent {
		l.say(wizard.Plain, text.M("ui.watch.summary.contact", "Packets", c.Packets, "Address", c.Address, "How", how(c), "Why", text.M("contact."+c.Why)))
	}
	l.say(wizard.Plain, text.M("ui.watch.summary.title", "Long", watch.Long(v.Watched)))
	for s := watch.Router; s < watch.Stations; s++ {
		l.say(wizard.Plain, v.Summary(s))
	}
	for _, g := range v.Gaps {
		l.say(wizard.Plain, g.Message())
	}
	l.incidents(v)
}

func (l *watchLines) incidents(v watch.View) {
	count, down := v.Tally.Incidents, v.Tally.Down
	for _, i := range v.Incidents {
		if i.Open {
			count, down = count+1, down+i.Lasts
		}
	}
	if count == 0 {
		l.say(wizard.Plain, text.M("ui.watch.summary.none"))
		return
	}
	l.say(wizard.Plain, text.M("ui.watch.summary.incidents", "Count", count, "Long", watch.Long(down)))
	if v.Forgotten > 0 {
		l.say(wizard.Plain, text.M("ui.watch.summary.forgotten", "Count", v.Forgotten))
	}
	for _, i := range v.Incidents {
		l.say(wizard.Plain, i.Whole())
	}
}

// how is the protocol, with its port where it has one.
func how(c diag.Contact) string {
	if c.Port == 0 {
		return c.Proto
	}
	return fmt.Sprintf("%s/%d", c.Proto, c.Port)
}
