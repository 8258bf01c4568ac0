package wizard

import (
	"context"
	"errors"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/text"
	"deskside/fixes"
)

// machine is a PC made of a few switches, with the fixes for it. It stands
// for diag/catalog.Run and for fixes.Engine.
type machine struct {
	looks   int
	broken  bool // the name server is silent
	second  bool // and the disk is full
	unseen  bool // nothing could be told
	refuse  *fixes.Refusal
	planErr error
	// what applying does
	helps    bool
	harms    bool
	applyErr error
	keepErr  error
	backErr  error
	undoErr  error
	saveErr  error
	journal  []fixes.Tx
	applied  int
	back     int
	saved    int
	onLook   func(ctx context.Context)
}

var checkIDs = []string{"connectivity", "gateway", "dns", "wifi", "disk"}

func (m *machine) deps() Deps {
	return Deps{
		Config: config.Default(), Fixes: m, Run: m.run, Checks: checkIDs,
		SaveReport: func(diag.Result, []fixes.Tx) (string, error) { m.saved++; return "/state/report.json", m.saveErr },
		Now:        func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
}

func (m *machine) run(ctx context.Context, _ diag.Focus, observe func(diag.Event)) diag.Result {
	m.looks++
	if m.onLook != nil {
		m.onLook(ctx)
	}
	a := m.assessment()
	if observe != nil {
		half := diag.Assessment{Checks: a.Checks[:2]}
		observe(diag.Event{Progress: &half, Running: checkIDs[2:]})
		observe(diag.Event{Verdict: &a})
		observe(diag.Event{Progress: &a, Running: []string{"disk"}})
	}
	res := diag.Result{Assessment: a, DurationMS: 12}
	if observe != nil {
		observe(diag.Event{Finished: &res})
	}
	return res
}

func found(id, code string, s diag.Status) diag.CheckResult {
	j := diag.Judgement{}
	j.Add(code, s, nil, diag.Evidence{What: text.M("ui.status." + s.String()), Source: "udp/53", AtMS: 120})
	if s == diag.Unknown {
		j.Unseen = []diag.Unseen{{What: text.M("ui.hop.web"), Why: text.M("ui.status.unknown"), Unlock: text.M("unseen.nothing.unlock")}}
	}
	return diag.CheckResult{ID: id, Status: s, Summary: text.M("finding." + code + "." + s.String()), Judgement: j}
}

func (m *machine) assessment() diag.Assessment {
	names, web, disk, rest := diag.OK, diag.OK, diag.OK, diag.OK
	a := diag.Assessment{Status: diag.OK}
	if m.unseen {
		rest, a.Status = diag.Unknown, diag.Unknown
	}
	if m.broken {
		names, web, a.Status = diag.Fail, diag.Fail, diag.Fail
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: "dns.server_silent", Severity: diag.Fail, Confidence: 0.97,
			Args: text.Args{"Servers": []string{"192.0.2.53"}}, Explains: []string{"dns.resolves", "connectivity.web"},
			Evidence: []diag.Evidence{{What: text.M("ui.status.fail"), Source: "udp/53", AtMS: 1200}}})
	}
	if m.second {
		disk, a.Status = diag.Fail, diag.Fail
		a.Diagnosis.Causes = append(a.Diagnosis.Causes, diag.Cause{ID: "disk.full", Severity: diag.Fail, Confidence: 0.6,
			Explains: []string{"disk.space"}})
	}
	con := found("connectivity", "connectivity.anchors", diag.OK)
	con.Add("connectivity.web", web, nil)
	con.Status = con.Judgement.Status()
	a.Checks = []diag.CheckResult{con, found("gateway", "gateway.answers", rest), found("dns", "dns.resolves", names),
		found("wifi", "wifi.adapter", diag.Skipped), found("disk", "disk.space", disk)}
	return a
}

func (m *machine) fix() fixes.Fix {
	return fixes.Fix{ID: "dns-set-servers", For: []string{"dns.server_silent"}, Check: "dns", Undo: fixes.R0, Cuts: fixes.S0}
}

func (m *machine) Offers(_ context.Context, _ diag.Facts, d diag.Diagnosis) []fixes.Offer {
	if !named(d.Causes, "dns.server_silent") {
		return nil
	}
	return []fixes.Offer{{Fix: m.fix(), Cause: "dns.server_silent", Refusal: m.refuse}}
}

func (m *machine) Plan(context.Context, string, diag.Facts, diag.Diagnosis) (fixes.Plan, error) {
	f := m.fix()
	return fixes.Plan{Fix: f.ID, Cause: "dns.server_silent", Check: f.Check, Undo: f.Undo, Cuts: f.Cuts,
		Steps: []fixes.Step{{Kind: fixes.File, Target: "/etc/resolv.conf", Say: text.M("ui.hop.names")}},
		Diff:  []fixes.DiffLine{{Sign: "-", Text: "nameserver 192.0.2.53"}, {Sign: "+", Text: "nameserver 192.0.2.1"}, {Sign: " ", Text: "options edns0"}},
	}, m.planErr
}

func (m *machine) Apply(_ context.Context, p fixes.Plan, step func(done, of int)) (fixes.Tx, error) {
	var pending *fixes.Pending
	if errors.As(m.applyErr, &pending) {
		return fixes.Tx{}, m.applyErr
	}
	if m.applyErr != nil {
		return fixes.Tx{ID: "tx1", Fix: p.Fix, State: fixes.RolledBack}, m.applyErr
	}
	step(0, 1)
	m.applied++
	if m.helps {
		m.broken = false
	}
	if m.harms {
		m.second = true
	}
	return m.is(fixes.Applied), nil
}

func (m *machine) is(s fixes.State) fixes.Tx {
	return fixes.Tx{ID: "tx1", Fix: "dns-set-servers", State: s, Undo: fixes.R0, Cause: "dns.server_silent", At: "2026-01-02T03:04:05Z"}
}

func (m *machine) Keep(_ context.Context, tx string) (fixes.Tx, error) {
	return m.is(fixes.Confirmed), m.keepErr
}

func (m *machine) Rollback(ctx context.Context, tx string) (fixes.Tx, error) {
	if ctx.Err() != nil {
		return fixes.Tx{}, ctx.Err()
	}
	if m.backErr != nil {
		return m.is(fixes.Stuck), m.backErr
	}
	m.back++
	m.broken, m.second = true, m.second && !m.harms
	return m.is(fixes.RolledBack), nil
}

func (m *machine) Undo(_ context.Context, tx string, force bool) (fixes.Tx, error) {
	if m.undoErr != nil && !force {
		return m.is(fixes.Confirmed), m.undoErr
	}
	m.back++
	m.broken = true
	return m.is(fixes.Undone), nil
}

func (m *machine) Transactions() ([]fixes.Tx, error) { return m.journal, nil }

// stage plays a conversation without goroutines: every effect runs to its end
// before the next choice, and look sees every page on the way.
type stage struct {
	t    *testing.T
	w    *Wizard
	look func(Page)
	hold bool // keep effects instead of running them
	kept []Effect
}

func play(t *testing.T, m *machine) *stage {
	return &stage{t: t, w: New(m.deps()), look: func(Page) {}}
}

func (s *stage) do(effects []Effect) {
	s.look(s.w.Page())
	if s.hold {
		s.kept = append(s.kept, effects...)
		return
	}
	for len(effects) > 0 {
		effect := effects[0]
		effects = effects[1:]
		effect(context.Background(), func(e Event) {
			effects = append(effects, s.w.Handle(e)...)
			s.look(s.w.Page())
		})
	}
}

// press makes choices by their keys, which must be offered.
func (s *stage) press(keys ...string) *stage {
	s.t.Helper()
	for _, key := range keys {
		id := ""
		page := s.w.Page()
		for _, c := range page.Choices {
			if c.Key == key {
				id = c.ID
			}
		}
		if id == "" {
			s.t.Fatalf("page %s has no key %q: %v", page.ID, key, page.Choices)
		}
		s.do(s.w.Choose(id))
	}
	return s
}

func (s *stage) on(id string) *stage {
	s.t.Helper()
	if got := s.w.Page().ID; got != id {
		s.t.Fatalf("on page %q, want %q", got, id)
	}
	return s
}

func (s *stage) says(key string) *stage {
	s.t.Helper()
	p := s.w.Page()
	for _, para := range append(append([]Para{{Text: p.Title}}, p.Lead...), p.Detail...) {
		if para.Text.Key == key || para.Raw == key {
			return s
		}
	}
	s.t.Fatalf("page %s does not say %q: %+v", p.ID, key, p)
	return s
}

var errMachine = errors.New("the machine said no")
