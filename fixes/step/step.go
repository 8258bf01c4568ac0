// Package step holds the kinds of change that fixes are made of. The set is
// small and closed, and each kind can do four things: observe what is there,
// set what shall be there, compare two states, and show the difference. Undo,
// crash safety and the refusal to overwrite foreign changes are proved once
// per kind, so every fix is reversible by construction.
package step

import (
	"encoding/json"
	"errors"
	"fmt"

	"deskside/diag/text"
)

// Kind is what a step changes.
type Kind string

// Kinds of step.
const (
	File  Kind = "file"  // a file's content, mode, owner, xattrs; a symlink; absence
	Link  Kind = "link"  // a link switched on or off
	Route Kind = "route" // the routes of one slot, with all attributes
)

// Runtime reports a kind that a reboot takes back by itself.
func (k Kind) Runtime() bool { return k == Link || k == Route }

// Step is data: what is there now and what will be there. It is journaled
// before it runs, and its inverse is known.
type Step struct {
	Kind   Kind            `json:"kind"`
	Target string          `json:"target"` // path, link name, or route in ip(8) words
	Before json.RawMessage `json:"before"` // the kind's own state
	After  json.RawMessage `json:"after"`
	Say    text.Message    `json:"say"` // the change in words
}

// DiffLine is one line of the preview; Sign is "-", "+" or " ".
type DiffLine struct {
	Sign string `json:"sign"`
	Text string `json:"text"` // raw: show it through text.Safe
}

// ErrUnsupported is what every kind answers on systems it is not built for.
var ErrUnsupported = errors.New("not on this system yet")

// kind is the machinery of one kind. States are its own JSON.
type kind interface {
	// observe reads what is at target now; like is a state of this target,
	// for kinds whose state says what to look for.
	observe(target string, like json.RawMessage) (json.RawMessage, error)
	// set brings target to a state. tag names temporary files, so that a
	// later run with the same tag can clear what a crash left.
	set(target, tag string, to json.RawMessage) error
	// same compares all that the state to lays down; exact also what only a
	// restored state lays down (the modification time).
	same(now, to json.RawMessage, exact bool) bool
	diff(target string, from, to json.RawMessage) []DiffLine
	// byHand gives the commands that bring target to a state; blob is where
	// the bytes of a file are kept.
	byHand(target string, to json.RawMessage, blob string) []string
}

func of(k Kind) (kind, error) {
	switch k {
	case File:
		return fileKind{}, nil
	case Link:
		return linkKind{}, nil
	case Route:
		return routeKind{}, nil
	}
	return nil, fmt.Errorf("unknown kind of step %q", k)
}

// Observe reads what is there now.
func (s Step) Observe() (json.RawMessage, error) {
	k, err := of(s.Kind)
	if err != nil {
		return nil, err
	}
	return k.observe(s.Target, s.Before)
}

// Do brings the target from Before to After and reads it back.
func (s Step) Do(tag string) error { return s.bring(tag, s.After, false) }

// Revert brings the target back to Before, exactly, and reads it back.
func (s Step) Revert(tag string) error { return s.bring(tag, s.Before, true) }

func (s Step) bring(tag string, to json.RawMessage, exact bool) error {
	k, err := of(s.Kind)
	if err != nil {
		return err
	}
	if err := k.set(s.Target, tag, to); err != nil {
		return err
	}
	now, err := k.observe(s.Target, to)
	if err != nil {
		return err
	}
	if !k.same(now, to, exact) {
		return fmt.Errorf("%s reads back differently from what was set", s.Target)
	}
	return nil
}

// IsBefore reports whether now is the state before the step. exact includes
// what a drift check leaves out (a file's modification time).
func (s Step) IsBefore(now json.RawMessage, exact bool) bool { return s.is(now, s.Before, exact) }

// IsAfter reports whether now is what the step left.
func (s Step) IsAfter(now json.RawMessage) bool { return s.is(now, s.After, false) }

func (s Step) is(now, want json.RawMessage, exact bool) bool {
	k, err := of(s.Kind)
	return err == nil && k.same(now, want, exact)
}

// Diff shows the change: lines that go, lines that come, and some around.
func (s Step) Diff() []DiffLine { return s.DiffOf(s.Before, s.After) }

// DiffOf shows the difference of two states of this target.
func (s Step) DiffOf(from, to json.RawMessage) []DiffLine {
	k, err := of(s.Kind)
	if err != nil {
		return nil
	}
	return k.diff(s.Target, from, to)
}

// ByHand gives the commands that do the step, or with back take it back.
// blob is a file with the bytes; "" leaves out what needs them.
func (s Step) ByHand(back bool, blob string) []string {
	k, err := of(s.Kind)
	if err != nil {
		return nil
	}
	if back {
		return k.byHand(s.Target, s.Before, blob)
	}
	return k.byHand(s.Target, s.After, blob)
}

// mustJSON marshals a state made of plain fields, which cannot fail.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
