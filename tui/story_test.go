package tui

import (
	"context"
	"fmt"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/text"
	"deskside/tui/wizard"
)

// start is the clock of every story.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// words makes a message from plain words.
func words(s string) text.Message { return text.M("screen.verbatim", "Text", s) }

func para(role wizard.Role, s string) wizard.Para { return wizard.Para{Role: role, Text: words(s)} }
func raw(role wizard.Role, s string) wizard.Para  { return wizard.Para{Role: role, Raw: s} }

func choice(id, key, label string) wizard.Choice {
	return wizard.Choice{ID: id, Key: key, Label: words(label)}
}

func standard(c wizard.Choice) wizard.Choice   { c.Default = true; return c }
func deliberate(c wizard.Choice) wizard.Choice { c.Consent = true; return c }

// way is a path map; the station at broken is where it breaks.
func way(broken int, states ...diag.Status) []wizard.Hop {
	labels := []string{"PC", "adapter", "router", "provider", "name service", "web"}
	var hops []wizard.Hop
	for i, s := range states {
		hops = append(hops, wizard.Hop{ID: labels[i], Label: words(labels[i]), State: s, Break: i == broken})
	}
	return hops
}

var (
	untouched   = way(-1, diag.Unknown, diag.Unknown, diag.Unknown, diag.Unknown, diag.Unknown, diag.Unknown)
	healthy     = way(-1, diag.OK, diag.OK, diag.OK, diag.OK, diag.OK, diag.OK)
	namesBroken = way(4, diag.OK, diag.OK, diag.OK, diag.OK, diag.Fail, diag.Unknown)
)

// pages is one page of every kind, as the wizard makes them for a PC whose
// only name server is silent.
func pages() []wizard.Page {
	help, quit, back := choice(wizard.ChoiceHelp, "?", "Keys"), choice(wizard.ChoiceQuit, "q", "Leave"), choice(wizard.ChoiceBack, "b", "Back")
	waiting := way(-1, diag.OK, diag.OK, diag.OK, diag.Unknown, diag.Unknown, diag.Unknown)
	for i := 3; i < 6; i++ {
		waiting[i].Waiting = true
	}
	var evidence []wizard.Para
	for i := 1; i <= 30; i++ {
		evidence = append(evidence, para(wizard.Plain, fmt.Sprintf("192.168.1.1 did not answer question %d for example.com (udp/53, after %d.20 s)", i, i)))
	}
	return []wizard.Page{
		{ID: "opening", Title: words("What is wrong?"), Path: untouched,
			Lead: []wizard.Para{
				para(wizard.Plain, "This looks at the network, the name service, Wi-Fi and the disk of this PC. Nothing leaves this PC, and nothing is changed without your key press."),
				para(wizard.Plain, "To test the connection it contacts 9 addresses, your router and your name servers."),
				para(wizard.Heading, "What is wrong?")},
			Choices: []wizard.Choice{choice("internet", "1", "No internet"), choice("sites", "2", "Some sites do not open"),
				choice("slow", "3", "Slow or stuttering"), choice("wifi", "4", "Wi-Fi drops"), choice("disk", "5", "The disk is full"),
				choice("everything", "6", "Check everything"), choice("contacts", "c", "Who is contacted?"), help, quit}},
		{ID: "symptom", Title: words("No internet"), Path: waiting,
			Lead: []wizard.Para{para(wizard.Plain, "First the way to the internet is looked at, then the name service.")},
			Detail: []wizard.Para{para(wizard.Good, "The router answers: 192.168.1.1 answers in 2 ms."),
				para(wizard.Dim, "Names can be looked up: asking the name servers")},
			Busy:    &wizard.Busy{What: words("Asking the name servers"), Since: start.Add(-3 * time.Second), Done: 2, Of: 5},
			Choices: []wizard.Choice{standard(choice("next", "n", "Next")), back, help, quit}},
		{ID: "cause", Title: words("What is wrong"), Path: namesBroken,
			Lead: []wizard.Para{para(wizard.Bad, "The name server does not answer."),
				para(wizard.Say, "Your PC asks one address book for every web site, and that address book does not answer. The line itself works."),
				para(wizard.Next, "Use a name server that answers: press f to see the change first."),
				para(wizard.Dim, "This is certain.")},
			Detail: []wizard.Para{para(wizard.Heading, "What follows from it"), para(wizard.Bad, "Names cannot be looked up."),
				para(wizard.Bad, "Web pages do not open by name."), para(wizard.NotKnown, "Whether pages are tampered with could not be told.")},
			Choices: []wizard.Choice{standard(choice("fix", "f", "See the repair: use a name server that answers")), choice("next", "n", "Next"),
				choice("evidence", "e", "What was seen"), back, choice("summary", "s", "Summary"), help, quit}},
		{ID: "step", Title: words("Names can be looked up"), Place: "dns", Step: 3, Of: 6, Path: namesBroken,
			Lead: []wizard.Para{para(wizard.Bad, "No name server answers."),
				para(wizard.Plain, "Web sites and mail cannot be found, although the line works.")},
			Detail: []wizard.Para{para(wizard.Heading, "Found"), para(wizard.Good, "A name server is configured: 192.168.1.1."),
				para(wizard.Caution, "Only one name server is configured."), para(wizard.Heading, "Could not be seen"),
				para(wizard.NotKnown, "The answers on the way: this needs root."), para(wizard.Next, "Start deskside with sudo."), para(wizard.Skip, "The hosts file was not needed for the answer.")},
			Choices: []wizard.Choice{standard(choice("next", "n", "Next step")), back, choice("evidence", "e", "What was seen"), choice("summary", "s", "Summary"), help, quit}},
		{ID: "evidence", Title: words("What was seen: names"), Place: "dns", Path: namesBroken,
			Lead: []wizard.Para{para(wizard.Dim, "Every line says what was seen, by which means, and when.")}, Detail: evidence,
			Choices: []wizard.Choice{standard(back), help, quit}},
		{ID: "plan", Title: words("What would change"), Path: namesBroken,
			Lead: []wizard.Para{para(wizard.Plain, "This puts a name server that answered in front. Nothing has been changed yet.")},
			Detail: []wizard.Para{para(wizard.Heading, "/etc/resolv.conf"), raw(wizard.Plain, "search\thome.lan"), raw(wizard.Before, "nameserver 192.168.1.1"),
				raw(wizard.After, "nameserver 9.9.9.9"), para(wizard.Dim, "This connection is not touched."), para(wizard.Dim, "It can be taken back exactly."),
				para(wizard.Heading, "The same by hand"), raw(wizard.Command, "printf 'nameserver 9.9.9.9\\n' > /etc/resolv.conf")},
			Choices: []wizard.Choice{deliberate(choice("apply", "a", "Yes, make this change")), standard(choice(wizard.ChoiceBack, "b", "No, go back")), help, quit}},
		{ID: "applying", Title: words("Making the change"), Path: namesBroken, Locked: true,
			Lead:    []wizard.Para{para(wizard.Plain, "The change is being made. It is journaled first and can be taken back.")},
			Busy:    &wizard.Busy{What: words("Changing /etc/resolv.conf"), Since: start, Done: 1, Of: 2},
			Choices: []wizard.Choice{help, quit}},
		{ID: "result", Title: words("Did it help?"), Path: healthy,
			Lead: []wizard.Para{para(wizard.Good, "It helped: names can be looked up again.")},
			Detail: []wizard.Para{para(wizard.Heading, "Before"), para(wizard.Bad, "No name server answers."),
				para(wizard.Heading, "After"), para(wizard.Good, "9.9.9.9 answers in 12 ms.")},
			Choices: []wizard.Choice{deliberate(choice("keep", "k", "Keep it")), deliberate(choice("takeback", "t", "Take it back")), help, quit}},
		{ID: "summary", Title: words("Summary"), Step: 6, Of: 6, Path: healthy,
			Lead: []wizard.Para{para(wizard.Good, "Everything that was looked at works now."), para(wizard.Heading, "What was changed"),
				para(wizard.Plain, "The name server in /etc/resolv.conf. To take it back on another day:"), raw(wizard.Command, "deskside undo 01JHZK3V4M8QWERTY")},
			Choices: []wizard.Choice{standard(choice("report", "w", "Write the report file")), choice("again", "r", "Look again"), choice("undo", "u", "Take the change back"), back, help, quit}},
		{ID: "quit", Title: words("Leave?"), Path: healthy, Lead: []wizard.Para{para(wizard.Caution, "A change is made but not decided. If you leave now it is taken back.")},
			Choices: []wizard.Choice{standard(choice(wizard.ChoiceBack, "b", "Stay")), deliberate(choice("leave", "y", "Leave and take it back"))}},
		{ID: "question", Title: words("A question that only a person can answer"), Path: way(2, diag.OK, diag.OK, diag.Fail, diag.Skipped, diag.OK, diag.Skipped),
			Lead: []wizard.Para{para(wizard.Ask, "Does a web page open on another device on the same Wi-Fi, such as a phone?"),
				para(wizard.Plain, "Switch the phone's mobile data off first, or the page may come over the mobile network.")},
			Detail: []wizard.Para{para(wizard.Heading, "The answer tells these apart:"), para(wizard.Plain, "The router 192.168.1.1 lets nothing of this computer out"),
				para(wizard.Plain, "The router 192.168.1.1 does not share its address (NAT)"), para(wizard.Dim, "No answer is wrong, and none of them changes anything on this PC.")},
			Choices: []wizard.Choice{choice("told_yes", "y", "Yes"), choice("told_no", "n", "No"), choice("told_unsure", "u", "Cannot tell"), back, help, quit}},
	}
}

// story is a conversation from fabricated pages. It remembers what it was
// told; a choice that names a page goes there.
type story struct {
	mu      sync.Mutex
	book    map[string]wizard.Page
	at      string
	next    map[string]string // choice ID → page ID
	chosen  []string
	typed   []string // what was entered
	handled int
	over    bool
	working bool
	effects map[string]wizard.Effect // by choice ID
}

func tell(first string, list ...wizard.Page) *story {
	s := &story{book: map[string]wizard.Page{}, at: first, next: map[string]string{
		"internet": "symptom", "sites": "symptom", "next": "cause", "fix": "plan", "evidence": "evidence",
		"apply": "applying", "summary": "summary", wizard.ChoiceBack: "opening", wizard.ChoiceQuit: "quit"}}
	for _, p := range list {
		s.book[p.ID] = p
	}
	return s
}

func (s *story) Page() wizard.Page { return s.book[s.at] }

func (s *story) Choose(id string) []wizard.Effect {
	s.chosen = append(s.chosen, id)
	if id == "leave" {
		s.over = true
	}
	locked := s.Page().Locked && id == wizard.ChoiceQuit
	if to, ok := s.next[id]; ok && !locked {
		if _, there := s.book[to]; there {
			s.at = to
		}
	}
	if e, ok := s.effects[id]; ok {
		return []wizard.Effect{e}
	}
	return nil
}

func (s *story) Enter(typed string) []wizard.Effect {
	s.typed = append(s.typed, typed)
	return nil
}

func (s *story) Handle(wizard.Event) []wizard.Effect {
	s.handled++
	return nil
}

func (s *story) Over() bool { return s.over }

func (s *story) Working() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.working
}

// workshop runs effects the way the wizard's driver does, without a wizard.
type workshop struct {
	events chan wizard.Event
	wg     sync.WaitGroup
}

func newWorkshop() *workshop { return &workshop{events: make(chan wizard.Event, 16)} }

func (w *workshop) Events() <-chan wizard.Event { return w.events }

func (w *workshop) Run(effects []wizard.Effect) {
	for _, e := range effects {
		w.wg.Add(1)
		go func() {
			defer w.wg.Done()
			e(context.Background(), func(ev wizard.Event) { w.events <- ev })
		}()
	}
}
