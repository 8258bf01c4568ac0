package wizard

import (
	"context"
	"slices"
	"time"

	"deskside/diag"
	"deskside/diag/text"
)

// loadProbe is the transfer; a look without it does not speak of it.
const loadProbe = "path.load"

// stoppedKey is what is said of the path when a longer look was stopped and
// had seen nothing amiss.
const stoppedKey = "ui.deepening.stopped"

// deepening is a longer look while it runs: which part, how far, how long
// already. The answer of the look before it stands until it is over.
type deepening struct {
	from     screen
	stop     context.CancelFunc
	stopping bool
	since    time.Time
	parts    []diag.Part // of the second tier; nil while the first is made again
}

func isDeepening(s screen) bool { _, ok := s.(deepening); return ok }

// Deepened is what a longer look reports.
type Deepened struct {
	Parts  []diag.Part
	Result *diag.Result // it is over

	asked   diag.Focus
	stopped bool // by the person
	told    bool // it had come to a verdict of its own by then
}

// deepen starts a longer look, with the transfer or without.
func (w *Wizard) deepen(from screen, load bool) []Effect {
	over, stop := context.WithCancel(context.Background())
	w.at = deepening{from: from, stop: stop, since: w.clock()}
	run, asked := w.deps.Run, diag.Focus{Target: w.target, Deep: true, NoLoad: !load, Answers: w.answers}
	return []Effect{func(ctx context.Context, emit func(Event)) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(over, cancel)()
		defer stop()
		told, shown := false, []diag.Part(nil)
		res := run(ctx, asked, func(e diag.Event) {
			told = told || e.Verdict != nil
			parts := slices.DeleteFunc(slices.Clone(e.Parts), func(p diag.Part) bool { return !load && p.Probe == loadProbe })
			if e.Progress != nil && !slices.Equal(parts, shown) {
				shown = parts
				emit(Event{Deepened: &Deepened{Parts: parts}})
			}
		})
		emit(Event{Deepened: &Deepened{Result: &res, asked: asked, stopped: over.Err() != nil, told: told}})
	}}
}

func (s deepening) show(*Wizard) Page {
	p := Page{ID: "deepening", Title: text.M("ui.deepening.title"), Lead: []Para{para(Plain, "ui.deepening.stands")},
		Busy: &Busy{What: text.M("ui.deepening.first"), Since: s.since, Of: len(s.parts)}}
	running := false
	for _, part := range s.parts {
		p.Detail = append(p.Detail, s.line(part))
		switch {
		case part.Ended:
			p.Busy.Done++
		case !running:
			p.Busy.What, running = partName(part), true
		}
	}
	if s.parts != nil && !running {
		p.Busy.What = text.M("ui.deepening.end")
	}
	if s.stopping {
		p.Busy.What = text.M("ui.deepening.stopping")
	}
	stop := choice(ChoiceBack, "x")
	stop.Label = text.M("ui.choice.stop_deep")
	p.Choices = []Choice{stop}
	return p
}

// line is one measurement and how far it is. The transfer would spoil the
// others, so it waits until they are over.
func (s deepening) line(p diag.Part) Para {
	others := slices.ContainsFunc(s.parts, func(o diag.Part) bool { return o.Probe != loadProbe && !o.Ended })
	switch {
	case p.Probe == loadProbe && !p.Ended && others:
		return para(Dim, "ui.deepening.part_waits", "Part", partName(p))
	case p.Ended:
		return para(Dim, "ui.deepening.part_ended", "Part", partName(p))
	case p.Of > 0:
		return para(Dim, "ui.deepening.part_of", "Part", partName(p), "Done", p.Done, "Of", p.Of)
	}
	return para(Dim, "ui.deepening.part_begun", "Part", partName(p))
}

func partName(p diag.Part) text.Message {
	return text.M(known("part."+p.Probe, "ui.waiting."+deepCheck))
}

// choose: there is only stopping it. Nothing is lost by that: what was measured
// until then is kept.
func (s deepening) choose(w *Wizard, _ string) []Effect {
	s.stop() // its last word turns the page
	s.stopping = true
	w.at = s
	return nil
}

// deepened takes what a longer look reports. One that is over becomes the look
// that every page speaks of, and so does one that was stopped when it had
// found the reason. Of another that was stopped only its own check is kept,
// beside the look before it; one that was stopped before it had an answer of
// its own leaves no trace.
func (w *Wizard) deepened(e Deepened) (then []Effect) {
	if e.Result == nil {
		w.each(func(s screen) screen { at := s.(deepening); at.parts = e.Parts; return at }, isDeepening)
		return nil
	}
	switch {
	case !e.stopped || e.told && len(e.Result.Diagnosis.Causes) > 0:
		w.asked = e.asked
		then = w.again(e.Result)
	case e.told:
		w.beside(*e.Result)
	}
	w.each(func(s screen) screen { return w.afterDeep(s.(deepening).from) }, isDeepening)
	return then
}

// beside keeps what a stopped look saw of the path.
func (w *Wizard) beside(r diag.Result) {
	path := result(r.Assessment, deepCheck)
	if path.ID == "" {
		return
	}
	if path.Status == diag.OK || path.Status == diag.Unknown { // the part that was not looked at is not known to be fine
		path.Status, path.Summary = diag.Skipped, text.M(stoppedKey)
	}
	// What was cut short cannot say why it saw nothing; the person knows.
	path.Unseen = []diag.Unseen{{What: text.M("ui.deepening.rest"), Why: text.M("ui.deepening.cut")}}
	w.now.Checks = append(slices.DeleteFunc(slices.Clone(w.now.Checks), func(c diag.CheckResult) bool { return c.ID == deepCheck }), path)
	w.now.Status = w.now.Status.Worse(path.Status)
}

// afterDeep is where the conversation goes on: the reason, or the step that
// the longer look was about.
func (w *Wizard) afterDeep(from screen) screen {
	if len(w.causes()) > 0 {
		return w.cause(0)
	}
	if _, looked := w.check(deepCheck); looked {
		return w.step(slices.Index(w.order(), deepCheck))
	}
	return from
}
