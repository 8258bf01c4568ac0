package wizard

import (
	"strconv"
	"sync"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// english answers which keys exist at all; English is the base that every
// language falls back to. Loaded late: the first frame does not wait for it.
var english = sync.OnceValue(func() *text.Printer { return text.New("en") })

// known returns the first key that the catalogue can say, so that a check or
// a cause without a sentence of its own gets the general one.
func known(keys ...string) string {
	for _, k := range keys {
		if english().Has(k) {
			return k
		}
	}
	return keys[len(keys)-1]
}

func checkTitle(id string) text.Message { return text.M("check." + id + ".title") }

func fixTitle(id string) text.Message { return text.M("fix." + id + ".title") }

// roleOf is how a status looks.
func roleOf(s diag.Status) Role {
	switch s {
	case diag.OK:
		return Good
	case diag.Warn:
		return Caution
	case diag.Fail:
		return Bad
	case diag.Skipped:
		return Skip
	}
	return NotKnown
}

// means says what a check's outcome means for the person. A narrower all-clear
// than the check's own means less.
func means(c diag.CheckResult) text.Message {
	if c.Status == diag.OK && !c.Clear.IsZero() {
		return text.M("ui.means.any.narrow")
	}
	return text.M(known("ui.means."+c.ID+"."+c.Status.String(), "ui.means.any."+c.Status.String()))
}

// waitingFor says what a check that still runs is waiting for.
func waitingFor(check string) text.Message {
	return text.M(known("ui.waiting."+check, "ui.waiting.any"))
}

// confidence puts a probability into words: the bands of ICD 203 (US
// Intelligence Community Directive 203, 2015), section D.6.e(2)(a).
func confidence(p float64) text.Message {
	switch {
	case p >= 0.95:
		return text.M("ui.confidence.certain")
	case p >= 0.80:
		return text.M("ui.confidence.verylikely")
	case p >= 0.55:
		return text.M("ui.confidence.likely")
	}
	return text.M("ui.confidence.possible")
}

// risks says in words what a plan can do to the session and whether it can be
// taken back.
func risks(p fixes.Plan) []Para {
	session := Dim
	if p.Cuts != fixes.S0 {
		session = Caution
	}
	back := Dim
	if p.Undo != fixes.R0 {
		back = Caution
	}
	return []Para{
		para(session, "ui.risk."+string(p.Cuts)),
		para(back, "ui.back."+string(p.Undo)),
	}
}

// seconds since the look began, from milliseconds.
func seconds(ms float64) string { return strconv.FormatFloat(ms/1000, 'f', 2, 64) }

// command is the exact command of this program that a person may type on a
// later day.
func (w *Wizard) command(what string) Para {
	if w.deps.Command == nil {
		return raw(Command, "deskside "+what)
	}
	return raw(Command, w.deps.Command(what))
}

// diffLines is a preview, line by line.
func diffLines(lines []fixes.DiffLine) []Para {
	var out []Para
	for _, l := range lines {
		role := Plain
		switch l.Sign {
		case "-":
			role = Before
		case "+":
			role = After
		}
		out = append(out, raw(role, l.Text))
	}
	return out
}

// byHand is the commands a person can type instead, under a heading.
func byHand(list []string) []Para { return commands("ui.byhand", list) }

func commands(heading string, list []string) []Para {
	if len(list) == 0 {
		return nil
	}
	out := []Para{para(Heading, heading)}
	for _, c := range list {
		out = append(out, raw(Command, c))
	}
	return out
}
