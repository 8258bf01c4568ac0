package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/lab"
	saved "deskside/diag/report"
	"deskside/diag/text"
)

// cell is one world seen with one kind of rights.
type cell struct {
	world  lab.World
	rights string
	report report
	replay string // what explain says instead; "" is the same
	err    error

	second bool   // this is the second look
	first  string // what the first one said
}

// verdict is how good an answer is.
type verdict int

const (
	wrong   verdict = iota
	right           // the causes of the world, all and only, in their order
	honest          // less, as the world says it must be without rights, and what would show more
	unbuilt         // this machine cannot build the world
)

func (v verdict) String() string { return [...]string{"WRONG", "right", "honest", "not built"}[v] }

func (c *cell) verdict() verdict {
	switch named, healthy := c.report.names(), len(c.world.Expect) == 0; {
	case errors.Is(c.err, lab.ErrUnsupported):
		return unbuilt
	case c.err != nil || c.replay != "":
		return wrong
	case healthy && (len(named) > 0 || c.report.Status != cmp.Or(c.world.Status, "ok")):
		return wrong
	case slices.Equal(named, c.world.Expect):
		return right
	case c.rights == "root" || c.world.Plain == nil || !slices.Equal(named, c.world.Plain):
		return wrong
	case len(named) > 0 || c.report.unlocks():
		return honest
	}
	return wrong
}

// said is the answer in a few words.
func (c *cell) said() string {
	switch named := c.report.causes(); {
	case c.err != nil:
		return c.err.Error()
	case c.replay != "":
		return cause(named) + ", " + c.replay
	case named != "":
		return named
	case c.report.Status == "ok" && c.world.Plain == nil:
		return "healthy"
	case c.report.unlocks():
		return "(" + c.report.Status + ", says what would unlock it)"
	}
	return "(" + c.report.Status + ")"
}

// expected is what should be said.
func (c *cell) expected() string { return cause(strings.Join(c.world.Expect, " ")) }

func cause(named string) string {
	if named == "" {
		return "healthy"
	}
	return named
}

// fill brings the world up, looks, and explains the report again.
func (c *cell) fill(program string) {
	c.replay = ""
	c.err = within(c.world, func(l *lab.Lab) error {
		m, err := check(l, program, "")
		c.report = m.report
		if err != nil {
			return err
		}
		c.replay, err = replayed(l, m)
		return err
	})
}

// replayed does what explain does with the report as it is and as it is sent,
// redacted, and says where that leads elsewhere.
func replayed(l *lab.Lab, m measure) (string, error) {
	cfg, err := config.Load(l.ConfigPath())
	if err != nil {
		return "", err
	}
	_, again, err := saved.Read(m.raw)
	if err != nil {
		return "", err
	}
	var whole struct{ Facts json.RawMessage }
	if err := json.Unmarshal(m.raw, &whole); err != nil {
		return "", err
	}
	facts, err := catalog.DecodeFacts(whole.Facts)
	if err != nil {
		return "", err
	}
	masked, err := saved.New(diag.Result{Facts: facts, Assessment: catalog.Explain(facts)}, saved.Options{Printer: text.New("en"), Config: cfg})
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(masked)
	if err != nil {
		return "", err
	}
	_, blind, err := saved.Read(b)
	if err != nil {
		return "", err
	}
	return cmp.Or(differs("explained", again, m), differs("explained redacted", blind, m)), nil
}

func differs(how string, a diag.Assessment, m measure) string {
	var ids []string
	for _, c := range a.Diagnosis.Causes {
		ids = append(ids, c.ID)
	}
	if slices.Equal(ids, m.names()) && a.Status.String() == m.Status {
		return ""
	}
	return fmt.Sprintf("%s: %s (%s)", how, cause(strings.Join(ids, " ")), a.Status)
}
