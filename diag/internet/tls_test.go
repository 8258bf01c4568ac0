package internet

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
)

func TestTLSChains(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Now()
	web := config.Web{URL: serve(t, "127.0.0.2", success), Body: "success"}
	for _, c := range []struct {
		name      string
		pc        pc
		cert      tls.Certificate
		now, then Verdict
		status    diag.Status
	}{
		{"good", pc{}, trustedCA.sign(t, now.Add(-time.Hour), "127.0.0.1"), Trusted, "", diag.OK},
		{"run out", pc{}, trustedCA.sign(t, now.Add(-9*day), "127.0.0.1"), Expired, Expired, diag.Fail},
		{"PC ahead", pc{ahead: 3 * day}, trustedCA.sign(t, now.Add(-time.Hour), "127.0.0.1"), Expired, Trusted, diag.Fail},
		{"PC behind", pc{ahead: -3 * day}, trustedCA.sign(t, now.Add(-time.Hour), "127.0.0.1"), NotYetValid, Trusted, diag.Fail},
		{"stranger", pc{}, strangeCA.sign(t, now.Add(-time.Hour), "127.0.0.1"), UnknownCA, UnknownCA, diag.Fail},
		{"stranger and PC ahead", pc{ahead: 3 * day}, strangeCA.sign(t, now.Add(-time.Hour), "127.0.0.1"), Expired, UnknownCA, diag.Fail},
		{"stranger's other name", pc{}, strangeCA.sign(t, now.Add(-time.Hour), "portal.test"), UnknownCA, UnknownCA, diag.Fail},
		{"other name", pc{}, trustedCA.sign(t, now.Add(-time.Hour), "other.test"), WrongName, WrongName, diag.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := tls.NewListener(listen(t, "127.0.0.1"), &tls.Config{Certificates: []tls.Certificate{c.cert}})
			s := &http.Server{Handler: http.HandlerFunc(success), ErrorLog: quiet()}
			go s.Serve(l)
			t.Cleanup(func() { s.Close() })
			in, findings, _ := look(t, c.pc, config.Probe{Web: []config.Web{web}, HTTPS: []string{"https://" + l.Addr().String() + "/"}})
			if len(in.TLS) != 1 {
				t.Fatalf("%d rows", len(in.TLS))
			}
			row := in.TLS[0]
			if row.Now != c.now || row.Then != c.then && c.then != "" || row.Outcome != Connected {
				t.Errorf("now %q then %q outcome %q, want %q %q", row.Now, row.Then, row.Outcome, c.now, c.then)
			}
			if row.Issuer == "" {
				t.Error("no issuer")
			}
			wantStatus(t, findings, map[string]diag.Status{"tls": c.status, "web": diag.OK})
		})
	}
}

func TestTLSWithoutHandshake(t *testing.T) {
	closed, silent := listen(t, "127.0.0.1"), listen(t, "127.0.0.1")
	go func() {
		for {
			c, err := closed.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	for name, want := range map[string]struct {
		address string
		outcome Outcome
		dialed  bool
		status  diag.Status
	}{
		"hangs up":      {closed.Addr().String(), Broken, true, diag.Fail},
		"says nothing":  {silent.Addr().String(), Timeout, true, diag.Fail},
		"port is shut":  {refusing(t), Refused, false, diag.Unknown},
		"no TLS at all": {strings.TrimPrefix(serve(t, "127.0.0.1", success), "http://"), Broken, true, diag.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			in, findings, r := look(t, pc{}, config.Probe{HTTPS: []string{"https://" + want.address}})
			if row := in.TLS[0]; row.Outcome != want.outcome || row.Dialed != want.dialed || row.Now != "" {
				t.Errorf("%+v", row)
			}
			wantStatus(t, findings, map[string]diag.Status{"tls": want.status})
			if r.VerdictMS > 2200 {
				t.Errorf("verdict after %.0f ms", r.VerdictMS)
			}
		})
	}
}
