// Package fake is a PC made of a few switches, with a fix for it: the machine
// that conversations are tested on, in the wizard and in its front ends.
package fake

import (
	"context"
	"errors"
	"slices"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/fixes"
)

// Machine is a PC made of a few switches, with the fixes for it. It stands
// for diag/catalog.Run and for fixes.Engine.
type Machine struct {
	Broken bool // the name server is silent
	Second bool // the disk is full
	Unseen bool // the router could not be asked
	Heals  bool // what is broken works when it is looked at once more
	Bloat  bool // the line is slow under load, which only a longer look finds

	Helps, Harms bool                  // what applying the fix does
	Refuse       *fixes.Refusal        // why the fix is not offered
	Journal      []fixes.Tx            // of earlier sessions
	OnLook       func(context.Context) // called at the start of every look
	OnDeep       func(context.Context) // called in the middle of every longer look

	// What goes wrong; nil for nothing.
	PlanErr, ApplyErr, KeepErr, BackErr, UndoErr, SaveErr error

	// What was done, counted.
	Looks, Again, Applied, Back, Saved int
	Asked                              []diag.Focus // of every look
}

// CheckIDs are the checks that it has.
var CheckIDs = []string{"connectivity", "gateway", "dns", "path", "wifi", "disk"}

// ErrMachine is an error for any of the fields above.
var ErrMachine = errors.New("the machine said no")

// Save stands for wizard.Deps.SaveReport.
func (m *Machine) Save(diag.Result, []fixes.Tx) (string, error) {
	m.Saved++
	return "/state/report.json", m.SaveErr
}

// Run stands for diag/catalog.Run.
func (m *Machine) Run(ctx context.Context, asked diag.Focus, observe func(diag.Event)) diag.Result {
	if len(asked.Until) > 0 {
		return m.again()
	}
	m.Looks++
	m.Asked = append(m.Asked, asked)
	if m.OnLook != nil {
		m.OnLook(ctx)
	}
	a := m.Assessment()
	if observe != nil {
		half := diag.Assessment{Checks: a.Checks[:2]}
		observe(diag.Event{Progress: &half, Running: CheckIDs[2:]})
		observe(diag.Event{Verdict: &a})
		observe(diag.Event{Progress: &a, Running: []string{"disk"}})
	}
	if asked.Deep {
		a = m.longer(ctx, a, observe)
	}
	res := diag.Result{Assessment: a, DurationMS: settled + 12, VerdictMS: 12}
	if observe != nil {
		observe(diag.Event{Finished: &res})
	}
	return res
}

// settled is how long, by its own word, it has known by the end of a look what
// is wrong: nobody who looks once more has to wait.
const settled = 1000

// again is a look at whether something is still wrong.
func (m *Machine) again() diag.Result {
	m.Again++
	now := Machine{Broken: m.Broken && !m.Heals, Second: m.Second && !m.Heals}
	return diag.Result{Assessment: now.Assessment()}
}

// longer is the second tier.
func (m *Machine) longer(ctx context.Context, a diag.Assessment, observe func(diag.Event)) diag.Assessment {
	tell := func(parts ...diag.Part) {
		if observe != nil {
			observe(diag.Event{Progress: &a, Running: []string{"path"}, Parts: parts})
		}
	}
	hops, load := diag.Part{Check: "path", Probe: "path.hops", Done: 3, Of: 20}, diag.Part{Check: "path", Probe: "path.load"}
	tell(hops, load)
	hops.Done, hops.Ended = 20, true
	tell(hops, load)
	if m.OnDeep != nil {
		m.OnDeep(ctx)
	}
	path := Found("path", "path.loss", diag.OK)
	if m.Bloat && ctx.Err() == nil {
		path.Add("path.load", diag.Warn, text.Args{"Idle": 10, "Loaded": 400})
		path.Status, a.Status = diag.Warn, a.Status.Worse(diag.Warn)
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: "perf.bufferbloat", Severity: diag.Warn, Confidence: 0.9,
			Args: text.Args{"Idle": 10, "Loaded": 400}, Explains: []string{"path.load"}})
	}
	a.Checks = slices.Insert(slices.Clone(a.Checks), 3, path)
	return a
}

// Found is a check with one finding.
func Found(id, code string, s diag.Status) diag.CheckResult {
	j := diag.Judgement{}
	j.Add(code, s, nil, diag.Evidence{What: text.M("ui.status." + s.String()), Source: "udp/53", AtMS: 120})
	if s == diag.Unknown {
		j.Unseen = []diag.Unseen{{What: text.M("ui.hop.web"), Why: text.M("ui.status.unknown"), Unlock: text.M("unseen.nothing.unlock")}}
	}
	return diag.CheckResult{ID: id, Status: s, Summary: text.M("finding." + code + "." + s.String()), Judgement: j}
}

// Assessment is what a look at it comes to.
func (m *Machine) Assessment() diag.Assessment {
	names, web, disk, rest := diag.OK, diag.OK, diag.OK, diag.OK
	a := diag.Assessment{Status: diag.OK}
	if m.Unseen {
		rest, a.Status = diag.Unknown, diag.Unknown
	}
	if m.Broken {
		names, web, a.Status = diag.Fail, diag.Fail, diag.Fail
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: "dns.server_silent", Severity: diag.Fail, Confidence: 0.97,
			Args: text.Args{"Servers": []string{"192.0.2.53"}}, Explains: []string{"dns.resolves", "connectivity.web"},
			Evidence: []diag.Evidence{{What: text.M("ui.status.fail"), Source: "udp/53", AtMS: 1200}}})
	}
	if m.Second {
		disk, a.Status = diag.Fail, diag.Fail
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: "disk.full", Severity: diag.Fail, Confidence: 0.6,
			Explains: []string{"disk.space"}})
	}
	con := Found("connectivity", "connectivity.anchors", diag.OK)
	con.Add("connectivity.web", web, nil)
	con.Status = con.Judgement.Status()
	a.Checks = []diag.CheckResult{con, Found("gateway", "gateway.answers", rest), Found("dns", "dns.resolves", names),
		Found("wifi", "wifi.adapter", diag.Skipped), Found("disk", "disk.space", disk)}
	return a
}

func (m *Machine) fix() fixes.Fix {
	return fixes.Fix{ID: "dns-set-servers", For: []string{"dns.server_silent"}, Check: "dns", Undo: fixes.R0, Cuts: fixes.S0}
}

// Offers offers its one fix for a silent name server.
func (m *Machine) Offers(_ context.Context, _ diag.Facts, d diag.Diagnosis) []fixes.Offer {
	if !slices.ContainsFunc(d.Causes, func(c diag.Cause) bool { return c.ID == "dns.server_silent" }) {
		return nil
	}
	return []fixes.Offer{{Fix: m.fix(), Cause: "dns.server_silent", Refusal: m.Refuse}}
}

// Plan plans it.
func (m *Machine) Plan(context.Context, string, diag.Facts, diag.Diagnosis) (fixes.Plan, error) {
	f := m.fix()
	return fixes.Plan{Fix: f.ID, Cause: "dns.server_silent", Check: f.Check, Undo: f.Undo, Cuts: f.Cuts,
		Steps: []fixes.Step{{Kind: fixes.File, Target: "/etc/resolv.conf", Say: text.M("ui.hop.names")}},
		Diff:  []fixes.DiffLine{{Sign: "-", Text: "nameserver 192.0.2.53"}, {Sign: "+", Text: "nameserver 192.0.2.1"}, {Sign: " ", Text: "options edns0"}},
	}, m.PlanErr
}

// Apply pretends to apply it.
func (m *Machine) Apply(_ context.Context, p fixes.Plan, step func(done, of int)) (fixes.Tx, error) {
	var pending *fixes.Pending
	if errors.As(m.ApplyErr, &pending) {
		return fixes.Tx{}, m.ApplyErr
	}
	if m.ApplyErr != nil {
		return fixes.Tx{ID: "tx1", Fix: p.Fix, State: fixes.RolledBack}, m.ApplyErr
	}
	step(0, 1)
	m.Applied++
	if m.Helps {
		m.Broken = false
	}
	if m.Harms {
		m.Second = true
	}
	return m.is(fixes.Applied), nil
}

func (m *Machine) is(s fixes.State) fixes.Tx {
	return fixes.Tx{ID: "tx1", Fix: "dns-set-servers", State: s, Undo: fixes.R0, Cause: "dns.server_silent", At: "2026-01-02T03:04:05Z"}
}

// Keep pretends to keep it.
func (m *Machine) Keep(_ context.Context, tx string) (fixes.Tx, error) {
	return m.is(fixes.Confirmed), m.KeepErr
}

// Rollback pretends to take it back; a context that ended stops it, so that tests see it was given one that has not.
func (m *Machine) Rollback(ctx context.Context, tx string) (fixes.Tx, error) {
	if ctx.Err() != nil {
		return fixes.Tx{}, ctx.Err()
	}
	if m.BackErr != nil {
		return m.is(fixes.Stuck), m.BackErr
	}
	m.Back++
	m.Broken, m.Second = true, m.Second && !m.Harms
	return m.is(fixes.RolledBack), nil
}

// Undo pretends to undo it.
func (m *Machine) Undo(_ context.Context, tx string, force bool) (fixes.Tx, error) {
	if m.UndoErr != nil && !force {
		return m.is(fixes.Confirmed), m.UndoErr
	}
	m.Back++
	m.Broken = true
	return m.is(fixes.Undone), nil
}

// Transactions answers from Journal.
func (m *Machine) Transactions() ([]fixes.Tx, error) { return m.Journal, nil }
