// Package wizard is the guided conversation as a state machine. It knows no
// terminal: the full screen, the plain lines and the tests drive the same one.
//
// A front end shows [Wizard.Page], offers its choices, and gives what the
// person chose to [Wizard.Choose]. What takes time comes back as an [Effect]:
// the front end hands it to a [Driver], which runs it in a goroutine, and
// feeds the driver's events to [Wizard.Handle]. Everything but the effects
// runs on one goroutine. A front end ends with [Driver.Finish], whatever made
// it end.
//
// Three promises a front end may lean on: nothing is collected before the
// person's choice on the opening page; no default choice changes the machine;
// silence (end of input, hang-up) never consents and takes back what was
// applied but not decided.
package wizard

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/text"
	"deskside/diag/watch"
	"deskside/fixes"
)

// Deps is everything the conversation needs from outside. Tests fill it with
// functions of their own.
type Deps struct {
	Config config.Config
	// Run looks at the machine once (diag/catalog.Run on this host).
	Run func(ctx context.Context, focus diag.Focus, observe func(diag.Event)) diag.Result
	// Fixes plans, applies and takes back: a *fixes.Engine. Nil means that
	// nothing can be repaired here.
	Fixes Fixer
	// Checks are the IDs of the checks that Run makes, in catalogue order.
	// Nil means diag/catalog.IDs().
	Checks []string
	// Watch looks on until ctx ends, and tells of every asking; it returns the
	// summary. Nil: it is not offered.
	Watch func(ctx context.Context, observe func(watch.View)) watch.View
	// Metered tells whether this PC's connection costs by volume
	// (diag/deep.IsMetered). Nil: nobody knows.
	Metered func(ctx context.Context) diag.Tri
	// SaveReport writes the (redacted) report and returns its path.
	SaveReport func(diag.Result, []fixes.Tx) (string, error)
	// Command is how a command of this program is typed on this PC, such as
	// "undo TX": with the way it was started and the state directory it was
	// given. Nil: "deskside" before it.
	Command func(what string) string
	// Now is the clock for elapsed seconds.
	Now func() time.Time
}

// Fixer is what the conversation asks of [fixes.Engine]; see there.
type Fixer interface {
	Offers(ctx context.Context, f diag.Facts, d diag.Diagnosis) []fixes.Offer
	Plan(ctx context.Context, fix string, f diag.Facts, d diag.Diagnosis) (fixes.Plan, error)
	Apply(ctx context.Context, p fixes.Plan, step func(done, of int)) (fixes.Tx, error)
	Keep(ctx context.Context, tx string) (fixes.Tx, error)
	Rollback(ctx context.Context, tx string) (fixes.Tx, error)
	Undo(ctx context.Context, tx string, force bool) (fixes.Tx, error)
	Transactions() ([]fixes.Tx, error)
}

// Page is one screen as data.
type Page struct {
	// ID is opening, contacts, earlier, target, symptom, cause, question, step, evidence, plan,
	// confirm, applying, result, keeping, kept, undo, undoing, undone,
	// summary, watching, watched, deepen, deepening, quit or help.
	ID      string
	Title   text.Message
	Place   string // the check this page is about, "" for none
	Step    int    // this page is step Step of Of; 0 when it is none
	Of      int
	Path    []Hop  // the path map, on every page
	Lead    []Para // what must be seen: the verdict, what it means, what to do
	Detail  []Para // may scroll
	Choices []Choice
	Entry   *Entry // the page asks for a word, which goes to [Wizard.Enter]
	Busy    *Busy  // something is running that this page waits for
	Locked  bool   // a fix is running: nothing quits
	// Watch is drawn as a moving chart below the lead where charts can be
	// drawn; what matters of it is in the words too. Nil: there is none.
	Watch *watch.View
}

// Para is one paragraph; front ends wrap it.
type Para struct {
	Role Role
	Text text.Message
	Raw  string // instead of Text: a line from the machine (diff, command); shown through text.Safe
}

// Role says what a paragraph is; styles and marks follow from it.
type Role string

// Roles.
const (
	Plain    Role = "plain"
	Heading  Role = "heading"
	Good     Role = "ok"
	Caution  Role = "warn"
	Bad      Role = "fail"
	NotKnown Role = "unknown"
	Skip     Role = "skipped"
	Dim      Role = "dim"
	Say      Role = "say"    // the sentence to read to the caller
	Ask      Role = "ask"    // the question to read to the caller
	Next     Role = "next"   // what to do now
	Before   Role = "before" // a line that goes
	After    Role = "after"  // a line that comes
	Command  Role = "command"
)

// Choice is one action of a page. Every one has a printable key, unique on
// its page. A key that is a digit is the choice's place in the list, counted
// from 1, so that numbered lines and keys never contradict each other.
type Choice struct {
	// ID names the action. Front ends know three: [ChoiceBack], [ChoiceQuit]
	// and [ChoiceHelp] (front ends that have a key list of their own show
	// that instead).
	ID    string
	Key   string // one printable character
	Label text.Message
	// Default is what Enter does; never a choice that changes the machine.
	// Where no choice has it (the opening page, keep or take back) a bare
	// Enter does nothing: the person must name a choice or move to one.
	Default bool
	// Consent marks a choice that changes the machine or decides about a
	// change (apply, keep, take back, undo). Front ends take it only from one
	// deliberate key press made after the page was drawn: never from a paste,
	// from type-ahead, or at end of input.
	Consent bool
}

// Choices that a front end may make without looking at the page: they do
// nothing where they do not apply.
const (
	ChoiceBack = "back" // what Esc does; never aborts or declines anything costly
	ChoiceHelp = "help"
	ChoiceQuit = "quit" // what Ctrl+C asks for, offered or not; asks where something could be lost
)

// Entry is a line to be typed. A front end that reads lines takes a choice's
// key or number as the choice all the same: no address is that short.
type Entry struct {
	Label text.Message // names the line
}

// Busy is a running thing with its start, so that elapsed seconds can be shown.
type Busy struct {
	What  text.Message
	Since time.Time
	Done  int
	Of    int // 0 when unknown
}

// Hop is one station of the path map.
type Hop struct {
	ID    string // pc, adapter, router, provider, names, web
	Label text.Message
	State diag.Status
	Break bool // the path is broken here (at most one)
	// Waiting: State is Unknown because it is still being looked at, not
	// because it could not be told.
	Waiting bool
}

// Effect is work that takes time. It calls emit from its own goroutine and
// returns when it is over; ctx is the wizard's life, not the key press.
type Effect func(ctx context.Context, emit func(Event))

// Event is what an effect reports. Exactly one field is set.
type Event struct {
	Diag    *diag.Event
	Offers  *OffersReady
	Planned *Planned
	Step    *StepDone
	Applied *AppliedMsg
	Kept    *KeptMsg
	Undone  *UndoneMsg
	Saved   *SavedMsg
	Watched *Watched
	// Metered: whether the connection costs by volume.
	Metered  *diag.Tri
	Deepened *Deepened

	look int // with Diag and Offers: the look they belong to, see Wizard.look
}

// Planned carries a plan, or why there is none.
type Planned struct {
	Fix  string
	Plan fixes.Plan
	Err  error
}

// StepDone is progress of a running fix; all of them done means that the
// checks run again.
type StepDone struct{ Done, Of int }

// AppliedMsg ends a fix; After is the second look.
type AppliedMsg struct {
	Tx    fixes.Tx
	Err   error
	After *diag.Result
	How   fixes.Better
	Back  bool // it was taken back because it did not help
}

// KeptMsg ends keeping a fix.
type KeptMsg struct {
	Tx  fixes.Tx
	Err error
}

// UndoneMsg ends taking something back.
type UndoneMsg struct {
	Tx    fixes.Tx
	Err   error
	After *diag.Result
}

// SavedMsg ends writing the report.
type SavedMsg struct {
	Path string
	Err  error
}
