package lan

import "testing"

// identity is what a switch sends to a port that nobody has signed in at.
var identity = []byte{2, 0, 0, 5, eapRequest, 1, 0, 5, 1, 0, 0, 0}

func TestEAP(t *testing.T) {
	if code, ok := eapIn(identity); !ok || code != eapRequest {
		t.Errorf("a request for the identity: %d %v", code, ok)
	}
	if code, ok := eapIn([]byte{1, 0, 0, 4, eapSuccess, 7, 0, 4}); !ok || code != eapSuccess {
		t.Errorf("success: %d %v", code, ok)
	}
	for name, b := range map[string][]byte{
		"empty": nil, "our own start": startFrame(), "a key": {2, 3, 0, 5, 1, 1, 0, 5, 1}, "cut short": identity[:7],
		"longer than its frame": {2, 0, 0, 50, 1, 1, 0, 5, 1}, "longer than its head says": {2, 0, 0, 4, 1, 1, 0, 5, 1},
		"no code": {2, 0, 0, 4, 0, 1, 0, 4}, "version 0": {0, 0, 0, 4, 1, 1, 0, 4},
	} {
		if code, ok := eapIn(b); ok {
			t.Errorf("%s: %d", name, code)
		}
	}
}

func FuzzEAP(f *testing.F) {
	f.Add(identity)
	f.Add(startFrame())
	f.Fuzz(func(t *testing.T, b []byte) {
		if code, ok := eapIn(b); ok && (len(b) < 8 || code < eapRequest || code > eapFailure) {
			t.Errorf("% x: %d", b, code)
		}
	})
}
