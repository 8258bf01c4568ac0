package internet

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

func TestParseCaptive(t *testing.T) {
	for body, want := range map[string]string{
		`{"captive": true, "user-portal-url": "https://p.example/in"}`: "yes https://p.example/in",
		`{"captive": false}`: "no ",
		`{"captive": true, "user-portal-url": "http://p.example/in"}`:                         "yes ",
		`{"captive": true, "user-portal-url": "javascript:alert(1)"}`:                         "yes ",
		`{"captive": true, "user-portal-url": "https://p/` + strings.Repeat("x", 2000) + `"}`: "yes ",
		`{}`:                  "unknown ",
		`{"captive": "yes"}`:  "unknown ",
		`<html>{"captive":1}`: "unknown ",
		``:                    "unknown ",
	} {
		captive, page := ParseCaptive(strings.NewReader(body))
		if got := captive.String() + " " + page; got != want {
			t.Errorf("%.60q: %q, want %q", body, got, want)
		}
	}
}

func FuzzCaptive(f *testing.F) {
	f.Add(`{"captive": true, "user-portal-url": "https://p.example/in", "seconds-remaining": 3}`)
	f.Add(`{"captive":null}`)
	f.Add(strings.Repeat("[", 5000))
	f.Fuzz(func(t *testing.T, s string) {
		if captive, page := ParseCaptive(strings.NewReader(s)); page != "" && (captive == diag.Maybe || !strings.HasPrefix(strings.ToLower(page), "https://")) {
			t.Errorf("%q: %v %q", s, captive, page)
		}
	})
}

// Who may be believed: the certificate decides, not the words.
func TestAskCaptive(t *testing.T) {
	api := func(a authority) string {
		l := tls.NewListener(listen(t, "127.0.0.1"), &tls.Config{Certificates: []tls.Certificate{a.sign(t, time.Now().Add(-time.Hour), "127.0.0.1")}})
		s := &http.Server{ErrorLog: quiet(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept") == "application/captive+json" {
				w.Write([]byte(`{"captive": true, "user-portal-url": "https://p.example/in"}`))
			}
		})}
		go s.Serve(l)
		t.Cleanup(func() { s.Close() })
		return "https://" + l.Addr().String() + "/api"
	}
	for name, c := range map[string]struct {
		address string
		want    diag.Tri
		asked   bool
	}{
		"trusted":      {api(trustedCA), diag.Yes, true},
		"a stranger's": {api(strangeCA), diag.Maybe, true},
		"nobody there": {"https://" + refusing(t) + "/", diag.Maybe, true},
		"plain":        {"http://" + refusing(t) + "/", diag.Maybe, false},
		"no address":   {"::", diag.Maybe, false},
	} {
		env := diag.NewEnv(pc{}, config.Config{})
		AskCaptive(context.Background(), env, c.address, FromLease)
		var got *Captive
		env.Facts.Look(func(f diag.Facts) { got = Section.Of(f).Captive })
		if (got != nil) != c.asked || (len(env.Ledger.Rows()) > 0) != c.asked {
			t.Errorf("%s: %+v, contacted %v", name, got, env.Ledger.Rows())
		} else if c.asked && got.Captive != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A PC whose web works never asks, whatever its lease says.
func TestCaptiveIsNotAskedInVain(t *testing.T) {
	lease := "lease {\n option default-url \"https://127.0.0.9:9/api\";\n}\n"
	for match, asks := range map[diag.Tri]bool{diag.Yes: false, diag.No: true} {
		h := &fake.Host{Files: fstest.MapFS{"var/lib/dhcp/dhclient.eth0.leases": {Data: []byte(lease)}}}
		env := diag.NewEnv(h, config.Config{})
		Section.Update(env.Facts, func(f *Facts) { f.Asked.Web, f.Web = 1, []Web{{Match: match}} })
		if err := probeCaptive(context.Background(), env); err != nil || (len(env.Ledger.Rows()) > 0) != asks {
			t.Errorf("known page %v: %v, contacted %v", match, err, env.Ledger.Rows())
		}
	}
}
