package internet

import (
	"io"
	"net/http"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
)

// dated serves the known answer with a clock of its own.
func dated(ahead time.Duration, age string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		if age != "" {
			w.Header().Set("Age", age)
		}
		io.WriteString(w, body)
	}
}

func TestClock(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		name   string
		pc     pc
		a, b   http.HandlerFunc
		clock  diag.Status
		wantS  float64
		proven bool
	}{
		{"right", pc{}, dated(0, "", "success"), dated(0, "", "success"), diag.OK, 0, true},
		{"PC three days behind", pc{ahead: -3 * day}, dated(0, "", "success"), dated(0, "", "success"), diag.Fail, 3 * 86400, true},
		{"PC an hour ahead", pc{ahead: time.Hour}, dated(0, "", "success"), dated(0, "", "success"), diag.Fail, -3600, true},
		{"one server wrong, the other agrees with us", pc{}, dated(-5*day, "", "success"), dated(0, "", "success"), diag.OK, 0, true},
		{"an old answer out of a cache", pc{}, dated(-day, "86400", "success"), dated(-day, "86400", "success"), diag.OK, 0, true},
		{"a sign-in page with a clock of its own", pc{}, dated(-9*day, "", "login"), dated(-9*day, "", "login"), diag.Unknown, -9 * 86400, false},
		{"a sign-in page that agrees with us", pc{}, dated(0, "", "login"), dated(0, "", "login"), diag.OK, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, findings, _ := look(t, c.pc, config.Probe{Web: []config.Web{
				{URL: serve(t, "127.0.0.1", c.a), Body: "success"}, {URL: serve(t, "127.0.0.2", c.b), Body: "success"}}})
			wantStatus(t, findings, map[string]diag.Status{"clock": c.clock})
			if got := in.Clock(); got.SkewS < c.wantS-2 || got.SkewS > c.wantS+2 || got.Proven != c.proven {
				t.Errorf("clock %+v, want %v s, proven %v", got, c.wantS, c.proven)
			}
		})
	}
}
