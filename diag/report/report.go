// Package report turns a result into what is printed, stored or sent: JSON,
// text, Nagios, Prometheus, Markdown, HTML; and reads a saved report back.
//
// Nothing is redacted in words: the facts are masked by class first (package
// privacy), and everything else is made again from the masked facts. So a
// redacted report cannot say what its facts do not hold, and explaining it
// reaches the same causes.
package report

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"sort"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/privacy"
	"deskside/diag/target"
	"deskside/diag/text"
)

// Schema names the form of the JSON document. Members may be added to it.
const Schema = "deskside.report/1"

// Version of the program, as the report names it.
const Version = "0.1.0"

// Report is the JSON document of CONTRACT.md.
type Report struct {
	Schema     string         `json:"schema"`
	Tool       Tool           `json:"tool"`
	Started    string         `json:"started"`
	DurationMS float64        `json:"duration_ms"`
	VerdictMS  float64        `json:"verdict_ms"`
	Status     diag.Status    `json:"status"`
	Stopped    bool           `json:"interrupted,omitempty"` // by the person, before everything was looked at
	Diagnosis  []Cause        `json:"diagnosis"`
	Notes      []Cause        `json:"notes"`
	Checks     []Check        `json:"checks"`
	Facts      diag.Facts     `json:"facts"`
	Contacted  []diag.Contact `json:"contacted"`
	Redacted   bool           `json:"redacted"`
	Masked     map[string]int `json:"redaction,omitempty"` // fields masked, by class; "dropped" had none
}

// Tool is the program that wrote the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Cause is a root cause in words.
type Cause struct {
	Cause      string      `json:"cause"`
	Severity   diag.Status `json:"severity"`
	Confidence float64     `json:"confidence"`
	Title      string      `json:"title"`
	Say        string      `json:"say"`
	Next       string      `json:"next"`
	Explains   []string    `json:"explains"`
	Evidence   []Evidence  `json:"evidence"`
	Fixes      []string    `json:"fixes"`
	Rivals     []string    `json:"rivals,omitempty"` // named beside it, and the same to look at: one of them is true
	Questions  []Question  `json:"questions"`        // worth asking a person, best first
}

// Question is something that only a person can tell, in words.
type Question struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Where    string   `json:"where"`
	Splits   []string `json:"splits"`
}

// Evidence is one thing that was seen, in words.
type Evidence struct {
	What   string  `json:"what"`
	Source string  `json:"source"`
	AtMS   float64 `json:"at_ms"`
}

// Check is one check in words.
type Check struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Status     diag.Status `json:"status"`
	Summary    string      `json:"summary"`
	DurationMS float64     `json:"duration_ms"`
	Findings   []Finding   `json:"findings"`
	Unseen     []Unseen    `json:"unseen"`
}

// Finding is one finding in words.
type Finding struct {
	Code     string      `json:"code"`
	Status   diag.Status `json:"status"`
	Says     string      `json:"says"`
	Evidence []Evidence  `json:"evidence"`
}

// Unseen is what could not be looked at, in words.
type Unseen struct {
	What   string `json:"what"`
	Why    string `json:"why"`
	Unlock string `json:"unlock"`
}

// Options say how a report is made.
type Options struct {
	Printer *text.Printer
	Config  config.Config // its addresses and names are the operator's, they are not masked
	Full    bool          // do not redact
}

// New makes the report of a result.
func New(res diag.Result, o Options) (Report, error) {
	rep := Report{
		Schema: Schema, Tool: Tool{"deskside", Version}, Started: res.StartedAt,
		DurationMS: res.DurationMS, VerdictMS: res.VerdictMS, Redacted: !o.Full,
		Facts: res.Facts, Contacted: append([]diag.Contact{}, res.Contacted...),
	}
	a := res.Assessment
	if !o.Full {
		facts, err := copyOf(res.Facts)
		if err != nil {
			return rep, err
		}
		r := privacy.NewRedactor(operators(o.Config.Probe))
		r.Facts(facts)
		r.Contacts(rep.Contacted)
		rep.Facts, rep.Masked = facts, r.Counts
		a = catalog.Explain(facts)
	}
	rep.say(a, o.Printer)
	return rep, nil
}

// copyOf gives facts of their own by way of JSON, which loses nothing.
func copyOf(f diag.Facts) (diag.Facts, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return f, err
	}
	return catalog.DecodeFacts(b)
}

// operators are the values that the operator configured: no secret of the PC.
func operators(p config.Probe) []string {
	keep := append([]string{}, p.Names...)
	keep = append(keep, p.DNSControl...)
	for _, a := range p.Anchors {
		if ap, err := netip.ParseAddrPort(a); err == nil {
			keep = append(keep, ap.Addr().String())
		}
	}
	urls := append([]string{}, p.HTTPS...)
	for _, w := range p.Web {
		urls = append(urls, w.URL)
	}
	for _, s := range urls {
		keep = append(keep, s)
		if u, err := url.Parse(s); err == nil {
			keep = append(keep, u.Hostname())
		}
	}
	for _, s := range p.Services {
		if w, err := target.Parse(s); err == nil {
			keep = append(keep, w.Shown())
		}
	}
	return keep
}

// say fills everything that is words.
func (rep *Report) say(a diag.Assessment, p *text.Printer) {
	rep.Status, rep.Stopped = a.Status, diag.RunSection.Of(rep.Facts).Interrupted
	rep.Diagnosis, rep.Notes, rep.Checks = []Cause{}, []Cause{}, []Check{}
	for _, c := range a.Diagnosis.Causes {
		rep.Diagnosis = append(rep.Diagnosis, causeInWords(c, p))
	}
	for _, c := range a.Diagnosis.Notes {
		rep.Notes = append(rep.Notes, causeInWords(c, p))
	}
	for _, c := range a.Checks {
		rep.Checks = append(rep.Checks, checkInWords(c, p))
	}
}

func causeInWords(c diag.Cause, p *text.Printer) Cause {
	out := Cause{
		Cause: c.ID, Severity: c.Severity, Confidence: c.Confidence,
		Title: p.T(c.Message("title")), Say: p.T(c.Message("say")), Next: p.T(c.Message("next")),
		Explains: append([]string{}, c.Explains...), Evidence: evidenceInWords(c.Evidence, p), Fixes: append([]string{}, c.Fixes...),
		Rivals: c.Rivals, Questions: []Question{},
	}
	for _, q := range c.Questions {
		out.Questions = append(out.Questions, Question{q.ID, p.T(q.Message("ask")), p.T(q.Message("where")), q.Splits})
	}
	sort.Strings(out.Explains)
	return out
}

// unasked are the questions about a cause that no cause before it has put: one
// that splits two of them is read once.
func unasked(all []Cause, i int) []Question {
	return slices.DeleteFunc(slices.Clone(all[i].Questions), func(q Question) bool {
		return slices.ContainsFunc(all[:i], func(c Cause) bool {
			return slices.ContainsFunc(c.Questions, func(o Question) bool { return o.ID == q.ID })
		})
	})
}

func evidenceInWords(list []diag.Evidence, p *text.Printer) []Evidence {
	out := []Evidence{}
	for _, e := range list {
		out = append(out, Evidence{What: p.T(e.What), Source: text.Safe(e.Source), AtMS: e.AtMS})
	}
	return out
}

func checkInWords(c diag.CheckResult, p *text.Printer) Check {
	out := Check{
		ID: c.ID, Title: p.S("check." + c.ID + ".title"), Status: c.Status, Summary: p.T(c.Summary),
		DurationMS: c.DurationMS, Findings: []Finding{}, Unseen: []Unseen{},
	}
	for _, f := range c.Findings {
		out.Findings = append(out.Findings, Finding{Code: f.Code, Status: f.Status, Says: FindingWords(f, p), Evidence: evidenceInWords(f.Evidence, p)})
	}
	for _, u := range c.Unseen {
		out.Unseen = append(out.Unseen, Unseen{What: p.T(u.What), Why: p.T(u.Why), Unlock: OptionalWords(u.Unlock, p)})
	}
	return out
}

// FindingWords says a finding; for a status without a sentence of its own
// (skipped and unknown often have none) it says that status in general.
func FindingWords(f diag.Finding, p *text.Printer) string {
	if m := f.Message(); p.Has(m.Key) {
		return p.T(m)
	}
	return p.S("finding.any." + f.Status.String())
}

// OptionalWords is a message whose key may be missing on purpose.
func OptionalWords(m text.Message, p *text.Printer) string {
	if m.IsZero() || !p.Has(m.Key) {
		return ""
	}
	return p.T(m)
}

// Read reads a saved report and judges its facts again. What is wrong with a
// file is one error that says where.
func Read(b []byte) (Report, diag.Assessment, error) {
	var rep Report
	var head struct{ Schema *string }
	if err := json.Unmarshal(b, &head); err != nil {
		return rep, diag.Assessment{}, fmt.Errorf("not a report: %w", err)
	}
	if head.Schema == nil || *head.Schema != Schema {
		return rep, diag.Assessment{}, fmt.Errorf("not a report: schema is not %q", Schema)
	}
	if err := json.Unmarshal(b, &rep); err != nil {
		return rep, diag.Assessment{}, fmt.Errorf("damaged report: %w", err)
	}
	raw, err := json.Marshal(rep.Facts)
	if err == nil {
		rep.Facts, err = catalog.DecodeFacts(raw)
	}
	if err != nil {
		return rep, diag.Assessment{}, fmt.Errorf("damaged report: %w", err)
	}
	return rep, catalog.Explain(rep.Facts), nil
}

// Explained is a saved report with everything but its facts made again.
func Explained(rep Report, a diag.Assessment, p *text.Printer) Report {
	rep.say(a, p)
	return rep
}
