package report

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/text"
)

// Formats are the names of --format.
var Formats = []string{"text", "json", "markdown", "html", "nagios", "prometheus"}

// ExitCode is what check ends with: 0 no problem, 1 warning, 2 problem,
// 3 could not tell. These are the Nagios plugin codes.
func ExitCode(s diag.Status) int {
	return map[diag.Status]int{diag.OK: 0, diag.Skipped: 0, diag.Warn: 1, diag.Fail: 2, diag.Unknown: 3}[s]
}

// Write writes a report in one of Formats.
func Write(out io.Writer, format string, rep Report, p *text.Printer, colour bool) error {
	switch format {
	case "text":
		return Text(out, rep, p, colour)
	case "json":
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(rep)
	case "markdown":
		return markdown(out, rep, p)
	case "html":
		return page(out, rep, p)
	case "nagios":
		return nagios(out, rep, p)
	case "prometheus":
		return prometheus(out, rep)
	}
	return fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(Formats, ", "))
}

// headline is the report in one line: every root cause, the first one first.
func headline(rep Report, p *text.Printer) string {
	if len(rep.Diagnosis) == 0 {
		return p.S(rep.none())
	}
	var all []string
	for _, c := range rep.Diagnosis {
		all = append(all, c.Cause+": "+c.Title)
	}
	return strings.Join(all, "; ")
}

// nagios writes one line and its performance data (Nagios plugin API). The
// characters that the format gives a meaning are replaced.
func nagios(out io.Writer, rep Report, p *text.Printer) error {
	word := [...]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[ExitCode(rep.Status)]
	line := strings.NewReplacer("|", "/", "\n", " ").Replace(headline(rep, p))
	perf := fmt.Sprintf("verdict=%.0fms duration=%.0fms", rep.VerdictMS, rep.DurationMS)
	for _, c := range rep.Checks {
		perf += fmt.Sprintf(" %s=%d", c.ID, ExitCode(c.Status))
	}
	_, err := fmt.Fprintf(out, "DESKSIDE %s - %s|%s\n", word, line, perf)
	return err
}

// prometheus writes the text exposition format, without anything personal.
func prometheus(out io.Writer, rep Report) error {
	var b strings.Builder
	b.WriteString("# HELP deskside_check_status Outcome of a check: 0 ok, 1 warning, 2 problem, 3 could not tell.\n# TYPE deskside_check_status gauge\n")
	for _, c := range rep.Checks {
		fmt.Fprintf(&b, "deskside_check_status{check=%q} %d\n", c.ID, ExitCode(c.Status))
	}
	b.WriteString("# HELP deskside_cause A root cause named by the last run.\n# TYPE deskside_cause gauge\n")
	for _, c := range rep.Diagnosis {
		fmt.Fprintf(&b, "deskside_cause{cause=%q} %g\n", c.Cause, c.Confidence)
	}
	fmt.Fprintf(&b, "# HELP deskside_verdict_seconds Time until the diagnosis was settled.\n# TYPE deskside_verdict_seconds gauge\ndeskside_verdict_seconds %g\n", rep.VerdictMS/1000)
	fmt.Fprintf(&b, "# HELP deskside_info Version of the program.\n# TYPE deskside_info gauge\ndeskside_info{version=%q} 1\n", rep.Tool.Version)
	_, err := io.WriteString(out, b.String())
	return err
}

// title is the heading of a document: one word for how it ended, and when.
func title(rep Report, p *text.Printer) string {
	return p.S("report.title", "Status", p.S("report.word."+rep.Status.String()), "Started", rep.Started)
}

// mdSafe keeps host text from becoming markup; the words were made safe for
// terminals already.
var mdSafe = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "&lt;", ">", "&gt;", "|", "\\|", "#", "\\#")

func markdown(out io.Writer, rep Report, p *text.Printer) error {
	var b strings.Builder
	all := slices.Concat(rep.Diagnosis, rep.Notes)
	fmt.Fprintf(&b, "# %s\n\n", mdSafe.Replace(title(rep, p)))
	for i, c := range all {
		fmt.Fprintf(&b, "## %s (`%s`)\n\n%s\n\n%s\n\n", mdSafe.Replace(c.Title), c.Cause, mdSafe.Replace(c.Say), mdSafe.Replace(p.S("report.next", "Next", c.Next)))
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "- %s (%s)\n", mdSafe.Replace(e.What), mdSafe.Replace(e.Source))
		}
		for _, q := range unasked(all, i) {
			fmt.Fprintf(&b, "- %s\n", mdSafe.Replace(p.S("report.ask", "Question", q.Question, "ID", q.ID)))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "| %s | %s | %s |\n|---|---|---|\n", p.S("report.column.status"), p.S("report.column.check"), p.S("report.column.says"))
	for _, c := range rep.Checks {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Status, mdSafe.Replace(c.Title), mdSafe.Replace(c.Summary))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func page(out io.Writer, rep Report, p *text.Printer) error {
	esc := html.EscapeString
	var b strings.Builder
	all := slices.Concat(rep.Diagnosis, rep.Notes)
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=%q><meta charset=\"utf-8\"><title>deskside</title>\n<h1>%s</h1>\n", p.Lang, esc(title(rep, p)))
	for i, c := range all {
		fmt.Fprintf(&b, "<h2>%s <code>%s</code></h2>\n<p>%s</p>\n<p>%s</p>\n<ul>\n", esc(c.Title), esc(c.Cause), esc(c.Say), esc(p.S("report.next", "Next", c.Next)))
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "<li>%s <small>%s</small></li>\n", esc(e.What), esc(e.Source))
		}
		for _, q := range unasked(all, i) {
			fmt.Fprintf(&b, "<li>%s</li>\n", esc(p.S("report.ask", "Question", q.Question, "ID", q.ID)))
		}
		b.WriteString("</ul>\n")
	}
	b.WriteString("<table>\n")
	for _, c := range rep.Checks {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n", esc(c.Status.String()), esc(c.Title), esc(c.Summary))
	}
	b.WriteString("</table>\n</html>\n")
	_, err := io.WriteString(out, b.String())
	return err
}
