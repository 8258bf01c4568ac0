package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/text"
)

// Marks stand before a line and say its status without colour.
var Marks = map[diag.Status]string{
	diag.OK: "[ OK ]", diag.Warn: "[WARN]", diag.Fail: "[FAIL]", diag.Unknown: "[ ?? ]", diag.Skipped: "[SKIP]",
}

// ansi16 are the colours of marks: the terminal's own sixteen.
var ansi16 = map[diag.Status]string{diag.OK: "32", diag.Warn: "33", diag.Fail: "31", diag.Unknown: "36", diag.Skipped: "2"}

// width of the text form; fits the design size of 80 columns.
const width = 78

type writer struct {
	out    io.Writer
	colour bool
	err    error
}

func (w *writer) line(indent int, s string) {
	for _, row := range text.Wrap(s, width-indent) {
		w.raw(strings.Repeat(" ", indent) + row)
	}
}

func (w *writer) raw(s string) {
	if w.err == nil {
		_, w.err = fmt.Fprintln(w.out, s)
	}
}

// marked writes a status mark and a sentence hanging beside it.
func (w *writer) marked(s diag.Status, sentence string) {
	mark := Marks[s]
	if w.colour {
		mark = "\x1b[" + ansi16[s] + "m" + mark + "\x1b[0m"
	}
	rows := text.Wrap(sentence, width-7)
	w.raw(mark + " " + rows[0])
	for _, row := range rows[1:] {
		w.raw("       " + row)
	}
}

// Text writes the report for a person at a terminal.
func Text(out io.Writer, rep Report, p *text.Printer, colour bool) error {
	w := &writer{out: out, colour: colour}
	if len(rep.Diagnosis) == 0 {
		w.marked(rep.Status, p.S(rep.none()))
	}
	for i, c := range rep.Diagnosis {
		if between := joint(rep.Diagnosis, i); between != "" {
			w.raw("")
			w.raw(p.S("report." + between))
		}
		w.cause(c, unasked(rep.Diagnosis, i), p)
	}
	w.raw("")
	for _, c := range rep.Checks {
		w.marked(c.Status, c.ID+": "+c.Summary) // the title says the healthy state, which reads wrong beside FAIL
		for _, u := range c.Unseen {
			w.line(7, strings.TrimSpace(p.S("report.unseen", "What", u.What, "Why", u.Why)+" "+u.Unlock))
		}
	}
	for _, n := range rep.Notes {
		w.raw("")
		w.line(0, p.S("report.note", "Title", n.Title, "Say", n.Say))
	}
	w.raw("")
	w.line(0, p.S("report.took", "Verdict", fmt.Sprintf("%.2f", rep.VerdictMS/1000), "Parties", parties(rep.Contacted)))
	return w.err
}

// none is the key of what is said when no cause was named.
func (rep Report) none() string {
	if rep.Stopped && rep.Status == diag.Unknown {
		return "report.none.stopped"
	}
	return "report.none." + rep.Status.String()
}

// joint is what stands before a cause: nothing before the first, "or" where it
// takes the place of the one above, "also" where the independent ones begin.
func joint(all []Cause, i int) string {
	alternative := func(i int) bool { return i > 0 && slices.Contains(all[i].Rivals, all[i-1].Cause) }
	switch {
	case alternative(i):
		return "or"
	case i > 0 && (i == 1 || alternative(i-1)):
		return "also"
	}
	return ""
}

func (w *writer) cause(c Cause, questions []Question, p *text.Printer) {
	w.marked(c.Severity, c.Title+"  ("+c.Cause+")")
	w.line(7, c.Say)
	w.line(7, p.S("report.next", "Next", c.Next))
	for _, e := range c.Evidence {
		w.line(7, p.S("report.evidence", "What", e.What, "Source", e.Source))
	}
	for _, q := range questions {
		w.line(7, p.S("report.ask", "Question", q.Question, "ID", q.ID))
	}
	if len(c.Fixes) > 0 {
		w.line(7, p.S("report.fix", "Fix", c.Fixes[0]))
	}
}

// parties counts distinct addresses.
func parties(rows []diag.Contact) int {
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.Address] = true
	}
	return len(seen)
}
