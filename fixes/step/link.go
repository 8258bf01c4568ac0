package step

import "encoding/json"

// LinkState is whether a link is switched on.
type LinkState struct {
	Present bool `json:"present"`
	Index   int  `json:"index,omitempty"`
	Up      bool `json:"up"` // IFF_UP: switched on by the administrator
}

// LinkStep switches a link on or off.
func LinkStep(name string, before, after LinkState) Step {
	return Step{Kind: Link, Target: name, Before: mustJSON(before), After: mustJSON(after)}
}

type linkKind struct{}

func (linkKind) same(now, want json.RawMessage, _ bool) bool {
	var a, b LinkState
	return json.Unmarshal(now, &a) == nil && json.Unmarshal(want, &b) == nil && a == b
}

func (linkKind) diff(name string, from, to json.RawMessage) []DiffLine {
	var a, b LinkState
	if json.Unmarshal(from, &a) != nil || json.Unmarshal(to, &b) != nil {
		return nil
	}
	return []DiffLine{{"-", name + ": " + a.word()}, {"+", name + ": " + b.word()}}
}

func (s LinkState) word() string {
	switch {
	case !s.Present:
		return "gone"
	case s.Up:
		return "up"
	}
	return "down"
}

func (linkKind) byHand(name string, to json.RawMessage, _ string) []string {
	var s LinkState
	if json.Unmarshal(to, &s) != nil || !s.Present {
		return nil
	}
	return []string{"ip link set dev " + quote(name) + " " + s.word()}
}
