package fixes

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"deskside/diag"
)

// assessed is an assessment with one finding per word, like "dns.resolves:fail";
// the part before the dot is its check.
func assessed(t *testing.T, findings string, causes ...diag.Cause) (a diag.Assessment) {
	t.Helper()
	at := map[string]int{}
	for _, word := range strings.Fields(findings) {
		code, status, _ := strings.Cut(word, ":")
		check, _, _ := strings.Cut(code, ".")
		var s diag.Status
		if err := s.UnmarshalText([]byte(status)); err != nil {
			t.Fatal(err)
		}
		if _, there := at[check]; !there {
			at[check] = len(a.Checks)
			a.Checks = append(a.Checks, diag.CheckResult{ID: check})
		}
		a.Checks[at[check]].Add(code, s, nil)
	}
	a.Diagnosis.Causes = causes
	return a
}

var silent = diag.Cause{ID: "dns.server_silent", Explains: []string{"dns.resolves", "dns.servers", "connectivity.web"}}

func TestAgain(t *testing.T) {
	const was = "dns.resolves:fail dns.servers:warn connectivity.web:ok gateway.answers:ok"
	for _, tt := range []struct {
		name, now string
		named     bool
		want      Still
	}{
		{"all of it wrong again", "dns.resolves:fail dns.servers:warn", true, Persists},
		{"one of it is enough", "dns.resolves:fail", false, Persists},
		{"milder, but wrong", "dns.resolves:warn dns.servers:unknown", false, Persists},
		{"named, though nothing shows yet", "dns.resolves:unknown", true, Persists},
		{"all fine", "dns.resolves:ok dns.servers:ok", false, Gone},
		{"something else is wrong now", "dns.resolves:ok dns.servers:ok gateway.answers:fail", false, Gone},
		{"half of it could not be told", "dns.resolves:ok dns.servers:unknown", false, Unclear},
		{"half of it was not needed", "dns.resolves:ok dns.servers:skipped", false, Unclear},
		{"half of it is missing", "dns.resolves:ok", false, Unclear},
		{"a router fell silent", "dns.resolves:unknown dns.servers:unknown", false, Unclear},
		{"nothing was seen", "", false, Unclear},
		{"what the cause could explain, but was fine then", "dns.resolves:ok dns.servers:ok connectivity.web:fail", false, Gone},
	} {
		second := assessed(t, tt.now)
		if tt.named {
			second.Diagnosis.Causes = []diag.Cause{silent}
		}
		if got := Again(assessed(t, was, silent), silent, second); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := Again(assessed(t, "dns.resolves:ok", silent), silent, assessed(t, "dns.resolves:ok")); got != Unclear {
		t.Errorf("a cause that nothing showed: %s", got)
	}
}

// TestReconfirm: the second look is aimed at what was wrong, not before its
// time, and only a fault that is gone withholds the fix.
func TestReconfirm(t *testing.T) {
	first := assessed(t, "dns.resolves:fail connectivity.web:fail disk.space:fail", silent)
	for _, tt := range []struct{ now, gone string }{
		{"dns.resolves:ok connectivity.web:ok", "refuse.gone"},
		{"dns.resolves:fail", ""},
		{"dns.resolves:ok", ""},
	} {
		var asked []diag.Focus
		verdict := time.Now().Add(-200 * time.Millisecond)
		look := func(_ context.Context, f diag.Focus) diag.Result {
			if early := reconfirmAfter - time.Since(verdict); early > 0 {
				t.Errorf("looked %v too early", early)
			}
			asked = append(asked, f)
			return diag.Result{Assessment: assessed(t, tt.now)}
		}
		offers := []Offer{{Cause: silent.ID}, {Cause: silent.ID}, {Cause: silent.ID, Refusal: refuse("root")}, {Cause: "another"}}
		got := Second{look, diag.Focus{Target: "shop.example", Deep: true}, verdict}.Offers(t.Context(), first, offers)
		if len(asked) != 1 {
			t.Fatalf("looked %d times for one cause", len(asked))
		}
		f := asked[0]
		if f.Deep || f.Target != "shop.example" || !slices.Equal(f.Only, []string{"dns", "connectivity"}) || !slices.Equal(f.Until, []string{"dns.resolves", "connectivity.web"}) {
			t.Errorf("asked for %+v", f)
		}
		for i, want := range []string{tt.gone, tt.gone, "refuse.root", ""} {
			why := ""
			if got[i].Refusal != nil {
				why = got[i].Refusal.Why.Key
			}
			if why != want || (why == "refuse.gone") != (got[i].Refusal != nil && got[i].Refusal.Gone) {
				t.Errorf("now %q, offer %d: %q, want %q", tt.now, i, why, want)
			}
		}
		if offers[0].Refusal != nil {
			t.Error("the offers it was given are changed")
		}
	}
}

// TestReconfirmAsksForNothingItCannotUse: no second look where nothing spoke
// for the cause, where only a longer look would tell, or after the person left.
func TestReconfirmAsksForNothingItCannotUse(t *testing.T) {
	look := func(context.Context, diag.Focus) diag.Result { t.Error("looked"); return diag.Result{} }
	left, leave := context.WithCancel(t.Context())
	leave()
	for name, c := range map[string]struct {
		ctx   context.Context
		first string
	}{
		"nothing wrong": {t.Context(), "dns.resolves:ok"},
		"a longer look": {t.Context(), "dns.resolves:fail path.loss:fail"},
		"left":          {left, "dns.resolves:fail"},
	} {
		cause := diag.Cause{ID: silent.ID, Explains: []string{"dns.resolves", "path.loss"}}
		if no := (Second{Look: look}).Reconfirm(c.ctx, assessed(t, c.first, cause), cause); no != nil {
			t.Errorf("%s: refused", name)
		}
	}
}
