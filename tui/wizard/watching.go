package wizard

import (
	"context"

	"deskside/diag/text"
	"deskside/diag/watch"
)

// watching looks on for a while, for trouble that comes and goes. The person
// asked for it with a key; it ends with one, or with the conversation.
type watching struct {
	from screen
	stop context.CancelFunc
	view *watch.View // nil until the first answers are in
	over bool
}

func (s watching) under() screen           { return s.from }
func (s watching) onto(from screen) screen { s.from = from; return s }

func isWatching(s screen) bool { _, ok := s.(watching); return ok }

// watch starts looking on.
func (w *Wizard) watch() []Effect {
	over, stop := context.WithCancel(context.Background())
	w.at = watching{from: w.at, stop: stop}
	run := w.deps.Watch
	return []Effect{func(ctx context.Context, emit func(Event)) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(over, cancel)()
		defer stop()
		v := run(ctx, func(v watch.View) { emit(Event{Watched: &Watched{View: v}}) })
		emit(Event{Watched: &Watched{View: v, Over: true}})
	}}
}

// Watched carries a watch as it stands.
type Watched struct {
	View watch.View
	Over bool // it has ended, and View is the summary
}

// heard takes a watch as it stands; words that come after its end are old.
func (s watching) heard(e Watched) screen {
	if !s.over {
		s.view, s.over = &e.View, e.Over
	}
	return s
}

func (s watching) show(*Wizard) Page {
	if s.over {
		return s.told()
	}
	p := Page{ID: "watching", Title: text.M("ui.watch.title"), Watch: s.view, Choices: []Choice{stopWatch()}}
	if s.view == nil {
		p.Lead = []Para{para(Plain, "ui.watch.waiting"), para(Dim, "ui.watch.rate")}
		return p
	}
	p.Lead = []Para{para(Good, "ui.watch.fine")}
	for n := len(s.view.Incidents) - 1; n >= 0; n-- {
		i := s.view.Incidents[n]
		if i.Open {
			p.Lead = []Para{say(Bad, i.Message()), say(Plain, i.Verdict.Message())}
		}
	}
	p.Detail = s.incidents()
	return p
}

// stopWatch goes back a page too, to what was seen: so Esc does it as well.
func stopWatch() Choice {
	c := standard(ChoiceBack, "s")
	c.Label = text.M("ui.choice.stop_watch")
	return c
}

// told is the page when the watch is over.
func (s watching) told() Page {
	p := Page{ID: "watched", Title: text.M("ui.watch.title"), Watch: s.view, Choices: []Choice{standard(ChoiceBack, "b")}}
	p.Lead = []Para{para(Plain, "ui.watch.summary.title", "Long", watch.Long(s.view.Watched))}
	p.Detail = s.incidents()
	for station := watch.Router; station < watch.Stations; station++ {
		p.Detail = append(p.Detail, say(Dim, s.view.Summary(station)))
	}
	return p
}

// wasSeen is what a watch of this session saw, in the order of time; nothing
// when it saw nothing.
func (w *Wizard) wasSeen() []Para {
	if w.watched == nil || len(w.watched.Incidents) == 0 {
		return nil
	}
	out := []Para{para(Heading, "ui.watch.summary.title", "Long", watch.Long(w.watched.Watched))}
	for _, i := range w.watched.Incidents {
		i.Left = i.Open // leaving ends the watch
		out = append(out, say(Plain, i.Whole()))
	}
	return out
}

// incidents is the newest first.
func (s watching) incidents() []Para {
	out := []Para{para(Heading, "ui.watch.incidents")}
	if len(s.view.Incidents) == 0 {
		return append(out, para(Plain, "ui.watch.none"))
	}
	for n := len(s.view.Incidents) - 1; n >= 0; n-- {
		out = append(out, say(Plain, s.view.Incidents[n].Whole()))
	}
	return out
}

func (s watching) choose(w *Wizard, id string) []Effect {
	switch id {
	case ChoiceBack:
		if s.over {
			w.at = s.from
		} else {
			s.stop() // the last word of the watch turns the page
		}
	}
	return nil
}
