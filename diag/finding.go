package diag

import "deskside/diag/text"

// Evidence is one thing that was seen: a sentence, the means, and when.
type Evidence struct {
	What   text.Message `json:"what"`
	Source string       `json:"source"` // technical means, never translated: "netlink route", "udp/53", "getent"
	AtMS   float64      `json:"at_ms"`  // milliseconds since the run began
}

// Finding is what one check says about one thing. Codes are stable, the text
// of a finding is "finding.<code>.<status>" in the catalogue with Args.
type Finding struct {
	Code     string     `json:"code"`
	Status   Status     `json:"status"`
	Args     text.Args  `json:"args,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
	// Side marks a finding that rounds off the picture. Its check says so when
	// it is not known, but the PC as a whole is not "could not tell" for it: a
	// healthy PC without rights, or alone on its channel, is healthy.
	Side bool `json:"side,omitempty"`
}

// Message is the sentence of a finding, from its code and status.
func (f Finding) Message() text.Message {
	return text.Message{Key: "finding." + f.Code + "." + f.Status.String(), Args: f.Args}
}

// Unseen is something a check would have liked to look at and could not.
type Unseen struct {
	What   text.Message `json:"what"`
	Why    text.Message `json:"why"`
	Unlock text.Message `json:"unlock"` // what the person can do to make it visible; may be zero
}

// Judgement is what a judge makes of the facts.
type Judgement struct {
	Findings []Finding
	Unseen   []Unseen
	// Clear is the all-clear where less was looked at than the check's own one
	// speaks of; zero for the check's own.
	Clear text.Message
}

// Add appends a finding.
func (j *Judgement) Add(code string, status Status, args text.Args, evidence ...Evidence) {
	j.Findings = append(j.Findings, Finding{Code: code, Status: status, Args: args, Evidence: evidence})
}

// Aside appends a finding that only rounds off the picture, see [Finding.Side].
func (j *Judgement) Aside(code string, status Status, args text.Args, evidence ...Evidence) {
	j.Findings = append(j.Findings, Finding{Code: code, Status: status, Args: args, Evidence: evidence, Side: true})
}

// Miss appends something that could not be seen, by its key: the catalogue
// has unseen.<key>.what, .why and, where something can be done, .unlock.
func (j *Judgement) Miss(key string, pairs ...any) {
	j.Unseen = append(j.Unseen, Unseen{
		What: text.M("unseen."+key+".what", pairs...), Why: text.M("unseen."+key+".why", pairs...),
		Unlock: text.M("unseen."+key+".unlock", pairs...)})
}

// Status is the worst of the findings; no finding at all is Unknown.
func (j Judgement) Status() Status {
	if len(j.Findings) == 0 {
		return Unknown
	}
	s := Skipped
	for _, f := range j.Findings {
		s = s.Worse(f.Status)
	}
	return s
}

// Cause is a root cause from the catalogue, as named for these facts.
// Its texts are cause.<id>.title, .say (for the caller) and .next, with Args.
type Cause struct {
	ID         string     `json:"cause"`
	Severity   Status     `json:"severity"`
	Confidence float64    `json:"confidence"` // 0..1, logistic of the summed log-odds
	Args       text.Args  `json:"args,omitempty"`
	Explains   []string   `json:"explains"` // finding codes that are only symptoms of this
	Evidence   []Evidence `json:"evidence"`
	Fixes      []string   `json:"fixes"`
	// Advice is what to do now where a person's answer changed it; zero for
	// the cause's own.
	Advice text.Message `json:"advice,omitzero"`
	// Saying is the sentence for the caller where their own answer changed it;
	// zero for the cause's own.
	Saying text.Message `json:"saying,omitzero"`
	// Rivals are the other causes of this diagnosis that look the same from
	// this PC: one of them is true, not all.
	Rivals []string `json:"rivals,omitempty"`
	// Questions are worth asking the person, best first.
	Questions []Question `json:"questions,omitempty"`
}

// Message returns one of the cause's texts: "title", "say" or "next".
func (c Cause) Message(part string) text.Message {
	if part == "next" && !c.Advice.IsZero() {
		return c.Advice
	}
	if part == "say" && !c.Saying.IsZero() {
		return c.Saying
	}
	return text.Message{Key: "cause." + c.ID + "." + part, Args: c.Args}
}

// Diagnosis is what the rules make of facts and findings.
type Diagnosis struct {
	Causes  []Cause // root causes, the first one first
	Notes   []Cause // harmless facts worth knowing
	Settled bool    // a proven cause explains everything that failed: more probing cannot change the answer
}
