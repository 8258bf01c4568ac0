package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// cmds runs what an Update returned, one level deep, and names the messages.
func cmds(cmd tea.Cmd) (quit, ticks bool) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		switch msg := msg.(type) {
		case tea.QuitMsg:
			quit = true
		case tickMsg:
			ticks = true
		case tea.BatchMsg:
			for _, c := range msg {
				q, tk := cmds(c)
				quit, ticks = quit || q, ticks || tk
			}
		}
	case <-time.After(tickEvery + 200*time.Millisecond): // waits for an event
	}
	return
}

func TestLeaving(t *testing.T) {
	s := play(t, design, termenv.Ascii, "quit", pages()...)
	_, cmd := s.Update(keyMsg("y"))
	if quit, _ := cmds(cmd); !quit {
		t.Error("the person left, the screen did not")
	}
}

func TestNothingQuitsWhileLocked(t *testing.T) {
	s := play(t, design, termenv.Ascii, "applying", pages()...)
	for _, k := range []string{"ctrl+c", "q", "esc", "enter", "ctrl+c", "ctrl+c"} {
		if _, cmd := s.Update(keyMsg(k)); cmd != nil {
			if quit, _ := cmds(cmd); quit {
				t.Fatalf("%q quits while a change is being made", k)
			}
		}
	}
	if !strings.Contains(s.View(), english.S("screen.note.locked")) {
		t.Error("nothing says that a change is being made")
	}
}

func TestTicksOnlyWhileBusy(t *testing.T) {
	s := play(t, design, termenv.Ascii, "opening", pages()...)
	if _, cmd := s.Update(tickMsg{}); cmd != nil {
		t.Error("an idle page ticks")
	}
	_, cmd := s.Update(keyMsg("1")) // the symptom page is busy
	if _, ticks := cmds(cmd); !ticks {
		t.Error("a busy page does not tick")
	}
	if _, cmd := s.Update(keyMsg("?")); cmd != nil {
		t.Error("a second tick was started beside the first")
	}
}

func TestElapsedSeconds(t *testing.T) {
	s := play(t, design, termenv.Ascii, "symptom", pages()...)
	before := s.View()
	s.later(2 * time.Second)
	if after := s.View(); after == before || !strings.Contains(after, "(2 of 5, 5 s)") {
		t.Errorf("after 2 s more:\n%s", after)
	}
}

// The cursor and the place in the text survive news; another page starts anew.
func TestNewsKeepsThePlace(t *testing.T) {
	s := play(t, size{60, 20}, termenv.Ascii, "cause", pages()...)
	s.press("down", "down", "pgdown")
	at, top := s.cursor, s.top
	if at != "evidence" || top == 0 {
		t.Fatalf("cursor %q, top %d: this page should scroll", at, top)
	}
	p := s.story.book["cause"]
	p.Detail = append(p.Detail, para(wizard.Good, "More has come in."))
	p.Choices = append([]wizard.Choice{choice("fix2", "g", "Another repair")}, p.Choices...)
	s.story.book["cause"] = p
	s.inbox.taken <- wizard.Event{}
	s.Update(eventMsg{})
	if s.story.handled != 1 || s.cursor != at || s.top != top {
		t.Errorf("handled %d, cursor %q, top %d", s.story.handled, s.cursor, s.top)
	}
	s.press("f")
	if s.cursor != wizard.ChoiceBack || s.top != 0 {
		t.Errorf("on another page: cursor %q, top %d", s.cursor, s.top)
	}
}

// A default that comes late is taken up, unless the person moved the cursor.
func TestLateDefault(t *testing.T) {
	for _, moved := range []bool{false, true} {
		p := wizard.Page{ID: "cause", Choices: []wizard.Choice{standard(choice("next", "n", "Next")), choice("evidence", "e", "What was seen")}}
		s := play(t, design, termenv.Ascii, "cause", p)
		want := "fix"
		if moved {
			s.press("down", "up")
			want = "next"
		}
		p.Choices = []wizard.Choice{standard(choice("fix", "f", "Repair")), choice("next", "n", "Next"), choice("evidence", "e", "What was seen")}
		s.story.book["cause"] = p
		s.turn()
		if s.cursor != want {
			t.Errorf("moved %v: the cursor is on %q, want %q", moved, s.cursor, want)
		}
	}
}

func TestSmallWindowOffersPlainLines(t *testing.T) {
	s := play(t, size{40, 10}, termenv.Ascii, "plan", pages()...)
	for _, k := range []string{"a", "enter", "b", "q", "?"} {
		s.press(k)
	}
	if len(s.story.chosen) > 0 {
		t.Fatalf("chosen unseen: %v", s.story.chosen)
	}
	_, cmd := s.Update(keyMsg("p"))
	if quit, _ := cmds(cmd); !quit || !s.plain {
		t.Error("p does not go on in plain lines")
	}
	s = play(t, size{40, 10}, termenv.Ascii, "plan", pages()...)
	if s.press("ctrl+c"); !s.plain || s.story.at != "quit" {
		t.Errorf("Ctrl+C asks in plain lines, where the question can be read; at %s", s.story.at)
	}
}

func TestStateIsKeptBehindASmallWindow(t *testing.T) {
	s := play(t, design, termenv.Ascii, "cause", pages()...)
	s.press("down", "down")
	before := s.View()
	s.Update(tea.WindowSizeMsg{Width: 30, Height: 8})
	if s.View() == before {
		t.Fatal("30x8 is too small for a page")
	}
	s.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if s.View() != before {
		t.Errorf("not as before:\n%s", s.View())
	}
}

// An event that arrives while the screen ends is handled all the same.
func TestInboxLosesNothing(t *testing.T) {
	for range 200 {
		shop := newWorkshop()
		shop.events = make(chan wizard.Event)
		in := newInbox(shop.events)
		go in.next()
		sent, gone := make(chan bool), make(chan struct{})
		go func() {
			select {
			case shop.events <- wizard.Event{Applied: &wizard.AppliedMsg{}}:
				sent <- true
			case <-gone:
				sent <- false
			}
		}()
		e, got := in.close()
		close(gone)
		if delivered := <-sent; delivered != got {
			t.Fatalf("delivered %v, kept %v", delivered, got)
		}
		if got && e.Applied == nil {
			t.Fatal("another event")
		}
		if in.next() != nil {
			t.Fatal("a closed inbox reads on")
		}
	}
}

// A running fix is not tied to the screen: its effect gets what it needs from
// the runner, and the model never waits for it.
func TestEffectsGoToTheRunner(t *testing.T) {
	s := play(t, design, termenv.Ascii, "plan", pages()...)
	ran := make(chan struct{})
	s.story.effects = map[string]wizard.Effect{"apply": func(_ context.Context, emit func(wizard.Event)) {
		emit(wizard.Event{Step: &wizard.StepDone{Done: 1, Of: 2}})
		close(ran)
	}}
	s.press("a")
	<-ran
	s.Update(s.inbox.next())
	if s.story.handled != 1 {
		t.Errorf("handled %d events, want 1", s.story.handled)
	}
}

func TestEverySentenceExists(t *testing.T) {
	for _, key := range []string{"app", "step", "broken", "more_above", "more_below", "more_both", "more_choices", "too_small",
		"too_small_working", "keys_title", "keys_back", "mark.waiting", "busy.elapsed", "busy.counted", "note.choose_first",
		"note.one_key", "note.too_fast", "note.paste", "note.locked"} {
		if !english.Has("screen." + key) {
			t.Errorf("screen.%s is missing", key)
		}
	}
	for _, reason := range []string{"asked", "accessible", "no_output", "no_input", "dumb"} {
		if s := english.T(text.M("screen.plain." + reason)); strings.HasPrefix(s, "[") {
			t.Errorf("%s is missing", s)
		}
	}
	for _, p := range pages() {
		for _, at := range []size{{60, 20}, {40, 10}} {
			if s := play(t, at, termenv.Ascii, p.ID, pages()...); strings.Contains(s.View(), "[screen.") {
				t.Errorf("%s: a sentence is missing:\n%s", p.ID, s.View())
			}
		}
	}
}
