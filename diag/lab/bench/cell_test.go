//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"deskside/diag/lab"
)

// says is a report with a status, causes, and perhaps what would unlock more.
func says(t *testing.T, status string, unlocks bool, causes ...string) (r report) {
	t.Helper()
	unlock := ""
	if unlocks {
		unlock = "Run it with sudo."
	}
	type diagnosed struct {
		Cause string `json:"cause"`
	}
	named := []diagnosed{}
	for _, id := range causes {
		named = append(named, diagnosed{id})
	}
	b, err := json.Marshal(map[string]any{"status": status, "diagnosis": named,
		"checks": []any{map[string]any{"unseen": []any{map[string]string{"unlock": unlock}}}}})
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestVerdict: nothing but the whole truth is right, and less is honest only
// where the world says so and nobody is root.
func TestVerdict(t *testing.T) {
	healthy, fault := lab.World{}, lab.World{Expect: []string{"a.b", "c.d"}}
	wider := lab.World{Expect: []string{"a.b"}, Plain: []string{"e.f"}}
	unseen := lab.World{Expect: []string{"a.b"}, Plain: []string{}}
	for name, tt := range map[string]struct {
		cell cell
		want verdict
	}{
		"healthy":                      {cell{world: healthy, report: says(t, "ok", false)}, right},
		"healthy, could not tell":      {cell{world: healthy, report: says(t, "unknown", true)}, wrong},
		"healthy, a wolf":              {cell{world: healthy, report: says(t, "fail", false, "a.b")}, wrong},
		"both":                         {cell{world: fault, report: says(t, "fail", false, "a.b", "c.d")}, right},
		"one of two":                   {cell{world: fault, report: says(t, "fail", false, "a.b")}, wrong},
		"the wrong order":              {cell{world: fault, report: says(t, "fail", false, "c.d", "a.b")}, wrong},
		"fine":                         {cell{world: fault, report: says(t, "ok", false)}, wrong},
		"could not tell, not foreseen": {cell{world: fault, rights: "user", report: says(t, "unknown", true)}, wrong},
		"wider, as root":               {cell{world: wider, rights: "root", report: says(t, "fail", true, "e.f")}, wrong},
		"wider, without rights":        {cell{world: wider, rights: "user", report: says(t, "fail", true, "e.f")}, honest},
		"named without rights too":     {cell{world: wider, rights: "user", report: says(t, "fail", false, "a.b")}, right},
		"something else":               {cell{world: wider, rights: "user", report: says(t, "fail", true, "c.d")}, wrong},
		"unseen, and said what helps":  {cell{world: unseen, rights: "user", report: says(t, "unknown", true)}, honest},
		"unseen, and no help":          {cell{world: unseen, rights: "user", report: says(t, "unknown", false)}, wrong},
		"explained differently":        {cell{world: healthy, report: says(t, "ok", false), replay: "explained: a.b (fail)"}, wrong},
		"no report":                    {cell{world: healthy, err: errors.New("gone")}, wrong},
		"no such world here":           {cell{world: fault, err: fmt.Errorf("%w: no bonds", lab.ErrUnsupported)}, unbuilt},
	} {
		if got := tt.cell.verdict(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestGrid: every world for everybody, but one about a user without rights for
// none with more.
func TestGrid(t *testing.T) {
	for _, tt := range []struct {
		world lab.World
		want  int
	}{
		{lab.World{}, 3},
		{lab.World{User: "nobody"}, 2},
		{lab.World{User: "nobody", Site: lab.Site{NoPing: true}}, 1},
		{lab.World{Site: lab.Site{NoPing: true}}, 1},
	} {
		if got := grid([]lab.World{tt.world}); len(got) != tt.want {
			t.Errorf("%+v: %d cells, want %d", tt.world, len(got), tt.want)
		}
	}
}
