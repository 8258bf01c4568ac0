package wizard

// Wizard is the conversation. Make one with New.
type Wizard struct{ deps Deps }

// New starts at the opening page; nothing has been collected yet.
func New(d Deps) *Wizard { return &Wizard{deps: d} }

// Page is what to show now.
func (w *Wizard) Page() Page { return Page{ID: "opening"} }

// Choose is a person's choice by its ID. Unknown IDs do nothing.
func (w *Wizard) Choose(id string) []Effect { return nil }

// Handle takes what an effect reported, and may start another.
func (w *Wizard) Handle(e Event) []Effect { return nil }

// Over reports that the person has left.
func (w *Wizard) Over() bool { return false }

// Working reports that a fix or an undo runs: whoever owns the program waits
// for it.
func (w *Wizard) Working() bool { return false }
