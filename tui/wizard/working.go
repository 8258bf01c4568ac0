package wizard

import (
	"reflect"
	"time"

	"deskside/diag"
	"deskside/diag/text"
)

// working is shown while a hand is on the machine. Nothing quits it.
type working struct {
	id    string // applying, keeping, undoing
	title text.Message
	what  text.Message
	since time.Time
	done  int
	of    int
}

func isWorking(s screen) bool { _, ok := s.(working); return ok }

func (s working) step(d StepDone) screen {
	s.done, s.of = d.Done, d.Of
	if d.Of > 0 && d.Done >= d.Of {
		s.what = text.M("ui.applying.looking")
	}
	return s
}

func (s working) show(w *Wizard) Page {
	return Page{ID: s.id, Title: s.title, Locked: true, Lead: []Para{para(Plain, "ui.applying.wait")},
		Busy: &Busy{What: s.what, Since: s.since, Done: s.done, Of: s.of}}
}

func (working) choose(*Wizard, string) []Effect { return nil }

// locked reports that a hand is on the machine.
func (w *Wizard) locked() bool { return isWorking(base(w.at)) }

// compared puts two looks side by side, one line per check.
func (w *Wizard) compared(before, after diag.Assessment) []Para {
	out := []Para{para(Heading, "ui.compare.title")}
	for _, id := range w.order() {
		b, a := result(before, id), result(after, id)
		if b.ID == "" && a.ID == "" {
			continue
		}
		key := "ui.compare.line"
		if a.Status == b.Status {
			key = "ui.compare.same"
		}
		out = append(out, para(roleOf(a.Status), key, "Check", checkTitle(id),
			"Before", statusWord(b.Status), "After", statusWord(a.Status)))
		still := a.Status == diag.Fail || a.Status == diag.Warn // perhaps for another reason now
		if b.Status != a.Status || still && !reflect.DeepEqual(b.Summary, a.Summary) {
			out = append(out, para(Dim, "ui.compare.before", "Summary", b.Summary), para(Dim, "ui.compare.after", "Summary", a.Summary))
		}
	}
	return out
}

func statusWord(s diag.Status) text.Message { return text.M("ui.status." + s.String()) }

func result(a diag.Assessment, id string) diag.CheckResult {
	for _, c := range a.Checks {
		if c.ID == id {
			return c
		}
	}
	return diag.CheckResult{}
}
