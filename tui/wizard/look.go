package wizard

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/fixes"
)

// findings are what the current look at the machine knows so far.
type findings struct {
	look      int // counts looks, so that a late word of an old one is not heard
	asked     diag.Focus
	running   bool
	since     time.Time
	pending   map[string]bool // checks whose probes still run
	assessed  bool
	now       diag.Assessment
	decided   bool         // the diagnosis will not change any more
	verdictAt time.Time    // since when
	known     diag.Facts   // what led to it, to plan repairs from
	result    *diag.Result // set when the look is over
	offers    []fixes.Offer
	treated   []diag.Cause // the reasons that fixes were asked for
	asks      int          // counts askings, as look counts looks
	offersDue bool
	asking    bool               // what they are for is being looked at once more
	quiet     context.CancelFunc // ends that
	wrong     []diag.Cause       // every root cause that any look of this session named
}

// start looks at everything at once; it is the answer to a person's choice.
func (w *Wizard) start() []Effect {
	w.stopAsking()
	look := w.look
	if w.result != nil || w.running { // a look at something else may still run
		look++
	}
	w.findings = findings{look: look, asked: diag.Focus{Target: w.target, Answers: w.answers}, running: true, since: w.clock(), pending: map[string]bool{}, wrong: w.wrong}
	for _, id := range w.due() {
		w.pending[id] = true
	}
	w.causeRead, w.saved = false, nil
	run, focus := w.deps.Run, w.asked
	return []Effect{func(ctx context.Context, emit func(Event)) {
		res := run(ctx, focus, func(e diag.Event) {
			if e.Finished == nil { // said once, below, whether or not Run says it too
				emit(Event{Diag: &e, look: look})
			}
		})
		emit(Event{Diag: &diag.Event{AtMS: res.DurationMS, Finished: &res}, look: look})
	}}
}

// learn takes one event of the look.
func (w *Wizard) learn(e diag.Event) []Effect {
	switch {
	case e.Progress != nil:
		w.now, w.assessed = *e.Progress, true
		w.pending = map[string]bool{}
		for _, id := range e.Running {
			w.pending[id] = true
		}
	case e.Verdict != nil:
		w.now, w.assessed, w.known, w.verdictAt = *e.Verdict, true, e.Facts, w.clock()
		w.decide()
		return w.lookForFixes()
	case e.Finished != nil:
		if !w.decided {
			w.verdictAt = w.clock()
		}
		w.adopt(*e.Finished)
		return w.lookForFixes()
	}
	return nil
}

// adopt makes a finished look the one that every page speaks of.
func (w *Wizard) adopt(r diag.Result) {
	r = w.heard(r)
	w.result, w.now, w.known, w.assessed, w.running = &r, r.Assessment, r.Facts, true, false
	w.pending = nil
	w.decide()
}

// decide notes the diagnosis. A person who only waits is shown the root cause
// at once; one who reads another page is not torn away from it.
func (w *Wizard) decide() {
	w.decided = true
	for _, c := range w.now.Diagnosis.Causes {
		if !named(w.wrong, c.ID) {
			w.wrong = append(w.wrong, c)
		}
	}
	if _, waiting := w.at.(looking); waiting && len(w.now.Diagnosis.Causes) > 0 && !w.causeRead {
		w.at = w.cause(0)
	}
}

// again makes a second look, after a fix or an undo, the current one. Words
// of the look before it no longer count.
func (w *Wizard) again(r *diag.Result) []Effect {
	if r == nil || w.over {
		return nil
	}
	w.look++
	w.stopAsking()
	w.verdictAt = w.clock()
	w.adopt(*r)
	w.causeRead = len(r.Diagnosis.Causes) == 0
	return w.lookForFixes()
}

func (w *Wizard) clock() time.Time {
	if w.deps.Now == nil {
		return time.Now()
	}
	return w.deps.Now()
}

// order is the checks as the symptom ranks them.
func (w *Wizard) order() []string { return w.symptom.order(w.due()) }

// check returns what is known about one check.
func (w *Wizard) check(id string) (diag.CheckResult, bool) {
	for _, c := range w.now.Checks {
		if c.ID == id {
			return c, true
		}
	}
	return diag.CheckResult{}, false
}

// cutShort reports a check that was stopped when the reason was found: the
// part of it that ran may be fine, but that does not make the check fine.
func (w *Wizard) cutShort(c diag.CheckResult) bool {
	if w.result == nil {
		return false
	}
	for _, p := range diag.RunSection.Of(w.result.Facts).Probes {
		if p.Check == c.ID && p.End == diag.EndCut {
			return true
		}
	}
	return false
}

func (w *Wizard) causes() []diag.Cause {
	if !w.decided {
		return nil
	}
	return w.now.Diagnosis.Causes
}

func named(causes []diag.Cause, id string) bool {
	for _, c := range causes {
		if c.ID == id {
			return true
		}
	}
	return false
}
