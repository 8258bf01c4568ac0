package wizard

import (
	"context"
	"testing"
	"time"

	"deskside/diag/config"
	"deskside/tui/wizard/fake"
)

type machine = fake.Machine

var errMachine = fake.ErrMachine

// stage plays a conversation without goroutines: every effect runs to its end
// before the next choice, and look sees every page on the way.
type stage struct {
	t    *testing.T
	w    *Wizard
	look func(Page)
	hold bool // keep effects instead of running them
	kept []Effect
}

// depsOf connects a wizard to a machine of switches.
func depsOf(m *machine) Deps {
	return Deps{Config: config.Default(), Fixes: m, Run: m.Run, Checks: fake.CheckIDs, SaveReport: m.Save,
		Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }}
}

func play(t *testing.T, m *machine) *stage {
	return &stage{t: t, w: New(depsOf(m)), look: func(Page) {}}
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
