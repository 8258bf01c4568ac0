package wizard

import (
	"fmt"
	"strings"
	"testing"

	"deskside/diag/text"
	"deskside/fixes"
)

// worlds are the machines that every page is walked on.
func worlds() map[string]func() *machine {
	refusal := &fixes.Refusal{Why: text.M("ui.hop.pc"), ByHand: []string{"ip link set eth0 up"}}
	drift := &fixes.Drift{Target: "/etc/resolv.conf", Diff: []fixes.DiffLine{{Sign: "+", Text: "x"}}}
	stuck := &fixes.StuckError{Err: errMachine, ByHand: []string{"ip link set eth0 up"}}
	var old []fixes.Tx
	for i := range 12 {
		state := []fixes.State{fixes.Applied, fixes.Confirmed, fixes.Stuck, fixes.Planned}[i%4]
		old = append(old, fixes.Tx{ID: fmt.Sprint("old", i), Fix: "link-up", State: state, Undo: fixes.R0, At: "2026-01-02T03:04:05Z"})
	}
	return map[string]func() *machine{
		"healthy": func() *machine { return &machine{} },
		"unseen":  func() *machine { return &machine{Unseen: true} },
		"cured":   func() *machine { return &machine{Broken: true, Helps: true} },
		"same":    func() *machine { return &machine{Broken: true} },
		"two":     func() *machine { return &machine{Broken: true, Second: true, Helps: true} },
		"worse":   func() *machine { return &machine{Broken: true, Harms: true} },
		"refused": func() *machine { return &machine{Broken: true, Refuse: refusal} },
		"no plan": func() *machine { return &machine{Broken: true, PlanErr: errMachine} },
		"failed":  func() *machine { return &machine{Broken: true, ApplyErr: errMachine} },
		"pending": func() *machine { return &machine{Broken: true, ApplyErr: &fixes.Pending{Tx: old[0]}} },
		"stuck":   func() *machine { return &machine{Broken: true, BackErr: stuck} },
		"no keep": func() *machine { return &machine{Broken: true, Helps: true, KeepErr: errMachine, BackErr: errMachine} },
		"drift":   func() *machine { return &machine{Broken: true, Helps: true, UndoErr: drift} },
		"no file": func() *machine { return &machine{SaveErr: errMachine} },
		"old":     func() *machine { return &machine{Journal: old, Broken: true} },
	}
}

// walk visits every page that any choices lead to, the ones shown while
// something runs included, and calls see for each.
func walk(t *testing.T, world func() *machine, see func(path []string, p Page)) {
	seen := map[string]bool{}
	queue := [][]string{nil}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		s := play(t, world())
		for i, id := range path {
			if i == len(path)-1 {
				s.look = func(p Page) { see(path, p) }
			}
			s.do(s.w.Choose(id))
		}
		p := s.w.Page()
		see(path, p)
		if sig := signature(s.w, p); !seen[sig] {
			seen[sig] = true
			for _, c := range p.Choices {
				queue = append(queue, append(append([]string{}, path...), c.ID))
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("walked only %d pages", len(seen))
	}
}

// signature tells pages apart by what they say and offer, not by how the
// person came there; a screen under an overlay counts too.
func signature(w *Wizard, p Page) string {
	var b strings.Builder
	fmt.Fprint(&b, p.ID, p.Place, p.Title, p.Step, p.Locked, w.over)
	for _, q := range []Page{p, base(w.at).show(w)} {
		for _, para := range append(append([]Para{}, q.Lead...), q.Detail...) {
			b.WriteString(para.Text.Key + para.Raw)
		}
		for _, c := range q.Choices {
			b.WriteString(c.ID)
		}
	}
	return b.String()
}

// One walk, because it is long: promises of form, words, and the key list.
func TestEveryPage(t *testing.T) {
	words := vocabulary{t: t, printer: text.New("en"), heard: map[string]bool{}}
	for name, world := range worlds() {
		t.Run(name, func(t *testing.T) {
			walk(t, world, func(path []string, p Page) {
				t.Helper()
				if err := broken(p); err != "" {
					t.Errorf("%s after %v: %s", p.ID, path, err)
				}
				words.page(p)
				if p.ID == "help" && len(path) > 0 && path[len(path)-1] == ChoiceHelp {
					listsEveryKey(t, world, path, p)
				}
			})
		})
	}
}

// broken says which promise a page breaks.
func broken(p Page) string {
	keys := map[string]string{}
	defaults := 0
	for i, c := range p.Choices {
		switch other, taken := keys[c.Key]; {
		case len(c.Key) != 1 || c.Key[0] <= ' ' || c.Key[0] > '~':
			return fmt.Sprintf("%s has no printable key: %q", c.ID, c.Key)
		case taken:
			return fmt.Sprintf("%s and %s share the key %q", c.ID, other, c.Key)
		case c.Key[0] >= '0' && c.Key[0] <= '9' && c.Key != fmt.Sprint(i+1):
			return fmt.Sprintf("the digit %s is choice %d", c.Key, i+1)
		case c.Default && c.Consent:
			return c.ID + " changes the machine by default"
		case c.ID == ChoiceBack && c.Consent:
			return "going back changes the machine"
		}
		keys[c.Key] = c.ID
		if c.Default {
			defaults++
		}
	}
	switch {
	case defaults > 1:
		return "more than one default"
	case len(p.Choices) == 0:
		return "no way on"
	case p.Title.IsZero() || len(p.Lead)+len(p.Detail) == 0:
		return "an empty page"
	case len(p.Path) != len(stations):
		return "no path map"
	}
	breaks := 0
	for _, h := range p.Path {
		if h.Break {
			breaks++
		}
	}
	if breaks > 1 {
		return "more than one break on the path"
	}
	return ""
}

// vocabulary tells whether the real catalogue has the words. The sentences of
// checks, causes and fixes belong to others; here it is what the wizard says.
type vocabulary struct {
	t       *testing.T
	printer *text.Printer
	heard   map[string]bool
}

func (v *vocabulary) page(p Page) {
	v.hear(p.Title)
	for _, para := range append(append([]Para{}, p.Lead...), p.Detail...) {
		v.hear(para.Text)
	}
	for _, c := range p.Choices {
		v.hear(c.Label)
	}
	for _, h := range p.Path {
		v.hear(h.Label)
	}
	if p.Busy != nil {
		v.hear(p.Busy.What)
	}
}

func (v *vocabulary) hear(m text.Message) {
	for _, inner := range m.Args {
		if inner, ok := inner.(text.Message); ok {
			v.hear(inner)
		}
	}
	if v.heard[m.Key] || !strings.HasPrefix(m.Key, "ui.") {
		return
	}
	v.heard[m.Key] = true
	if !v.printer.Has(m.Key) {
		v.t.Errorf("the catalogue cannot say %s", m.Key)
	}
	if strings.Contains(v.printer.T(shallow(m)), "<no value>") {
		v.t.Errorf("%s lacks a value: %v", m.Key, m.Args)
	}
}

// shallow replaces the sentences inside a sentence, which are judged alone.
func shallow(m text.Message) text.Message {
	out := text.Message{Key: m.Key, Args: text.Args{}}
	for name, v := range m.Args {
		if _, inner := v.(text.Message); inner {
			v = "…"
		}
		out.Args[name] = v
	}
	return out
}

// listsEveryKey: the key list is made of the very choices of its page.
func listsEveryKey(t *testing.T, world func() *machine, path []string, p Page) {
	s := play(t, world())
	for _, id := range path[:len(path)-1] {
		s.do(s.w.Choose(id))
	}
	for i, c := range s.w.Page().Choices {
		if len(p.Detail) <= i || p.Detail[i].Text.Args["Key"] != c.Key {
			t.Errorf("help after %v does not list %q", path, c.Key)
		}
	}
}
