package deep

import (
	"testing"

	"deskside/diag"
	"deskside/diag/text"
)

// lone are three small and three large packets of one kind.
func lone(means string, small, large string) (out []Lone) {
	for range witnesses {
		out = append(out, Lone{Means: means, Size: 1400, Outcome: small}, Lone{Means: means, Size: 1500, Outcome: large})
	}
	return out
}

// TestTheSecondWitness: large packets that stall in connections are believed
// to vanish, unless others of their size are answered.
func TestTheSecondWitness(t *testing.T) {
	stalls := []Trial{{Size: 1400, Outcome: Passed}, {Size: 1420, Outcome: Stalled}, {Size: 1460, Outcome: Stalled}, {Size: 1500, Outcome: Stalled}}
	for name, tt := range map[string]struct {
		lone  []Lone
		alone diag.Tri
		limit int
	}{
		"nobody was asked":                    {nil, diag.Maybe, 1400},
		"nobody answers any":                  {lone(Echo, Vanished, Vanished), diag.Maybe, 1400},
		"pings agree":                         {lone(Echo, Answered, Vanished), diag.Yes, 1400},
		"pings contradict":                    {lone(Echo, Answered, Answered), diag.No, 0},
		"a closed port contradicts":           {lone(Port, Answered, Answered), diag.No, 0},
		"somebody says too big":               {lone(Port, Answered, Told), diag.No, 0},
		"another place answers, pings agree":  {append(lone(Question, Answered, Answered), lone(Echo, Answered, Vanished)...), diag.Yes, 1400},
		"only another place answers":          {lone(Question, Answered, Answered), diag.Maybe, 1400},
		"only another place, and it agrees":   {append(lone(Echo, Vanished, Vanished), lone(Question, Answered, Vanished)...), diag.Yes, 1400},
		"one small packet answered is chance": {lone(Echo, Answered, Vanished)[:2], diag.Maybe, 1400},
	} {
		m := MTU{Link: ethernet, Trials: stalls, Lone: tt.lone}
		if got := m.Alone(); got != tt.alone || m.Limit() != tt.limit {
			t.Errorf("%s: %v, limit %d; want %v, %d", name, got, m.Limit(), tt.alone, tt.limit)
		}
	}
}

// TestBothFamilies: each is judged by itself, and a healthy one does not hide
// a broken one.
func TestBothFamilies(t *testing.T) {
	whole := MTU{Family: 4, Link: 1500, Trials: []Trial{{Size: 1280, Outcome: Passed}, {Size: 1500, Outcome: Passed}}}
	hole := MTU{Family: 6, Link: 1500, Trials: []Trial{{Size: 1280, Outcome: Passed}, {Size: 1400, Outcome: Stalled}, {Size: 1450, Outcome: Stalled}, {Size: 1500, Outcome: Stalled}}}
	mute := MTU{Family: 6, Link: 1500, Trials: []Trial{{Size: 1280, Outcome: Unopened}}}
	linux := diag.RunFacts{OS: "linux", Deep: true}
	for name, tt := range map[string]struct {
		f    Facts
		kind string
		want diag.Status
	}{
		"IPv4 only":                {Facts{MTU: whole}, "", diag.OK},
		"IPv6 only":                {Facts{MTU6: whole}, "", diag.OK},
		"IPv6 opens nothing":       {Facts{MTU: whole, MTU6: mute}, "", diag.OK},
		"nothing opens":            {Facts{MTU6: mute}, "", diag.Unknown},
		"IPv6 vanishes":            {Facts{MTU: whole, MTU6: hole}, "path.packets.v6", diag.Fail},
		"IPv4 vanishes, no IPv6":   {Facts{MTU: hole}, "path.packets.all", diag.Fail},
		"IPv4 vanishes, IPv6 well": {Facts{MTU: hole, MTU6: whole}, "path.packets.v4", diag.Fail},
		"both vanish":              {Facts{MTU: hole, MTU6: hole}, "path.packets.all", diag.Fail},
	} {
		if got := status(tt.f, linux, CodeMTU); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if _, _, vanish := tt.f.Blackhole(); vanish {
			if got := tt.f.Words()["Kind"].(text.Message).Key; got != tt.kind {
				t.Errorf("%s: %v, want %s", name, got, tt.kind)
			}
		}
	}
}
