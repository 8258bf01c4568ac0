package internet

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

// serve answers on an address of 127/8, so that two servers differ.
func serve(t *testing.T, ip string, h http.HandlerFunc) string {
	t.Helper()
	s := &httptest.Server{Listener: listen(t, ip), Config: &http.Server{Handler: h}}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

func listen(t *testing.T, ip string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// raw answers every connection with the same bytes, whatever it is asked, and
// keeps it open when told to.
func raw(t *testing.T, reply string, hang bool) string {
	t.Helper()
	l := listen(t, "127.0.0.1")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
					return
				}
				io.WriteString(c, reply)
				if hang {
					io.Copy(io.Discard, c) // until the other side gives up
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func refusing(t *testing.T) string {
	t.Helper()
	l := listen(t, "127.0.0.1")
	defer l.Close()
	return l.Addr().String()
}

func success(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "success\n") }

func TestWebAnswers(t *testing.T) {
	const page = "<html><form action=/login>Sign in for success</form>"
	for _, c := range []struct {
		name    string
		url     string
		status  int
		outcome Outcome
		match   diag.Tri
		foreign bool
		web     diag.Status
	}{
		{"known answer", serve(t, "127.0.0.1", success), 200, Connected, diag.Yes, false, diag.OK},
		{"portal 302", serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://login.portal.test/start?mac=1", http.StatusFound)
		}), 302, Connected, diag.No, true, diag.Fail},
		{"redirect to itself", serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/other", http.StatusTemporaryRedirect)
		}), 307, Connected, diag.No, false, diag.Fail},
		{"portal 200 with a page that says success", serve(t, "127.0.0.1", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, page+strings.Repeat(" ", 2000))
		}), 200, Connected, diag.No, false, diag.Fail},
		{"portal 511", serve(t, "127.0.0.1", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(511)
		}), 511, Connected, diag.No, false, diag.Fail},
		{"early hints first", raw(t, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess", true), 200, Connected, diag.Yes, false, diag.OK},
		{"broken off in the body", raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\nsucc", false), 200, Broken, diag.Maybe, false, diag.Fail},
		{"truncated headers", raw(t, "HTTP/1.1 200 OK\r\nContent-Le", false), 0, Broken, diag.Maybe, false, diag.Fail},
		{"garbage", raw(t, "SSH-2.0-OpenSSH\r\n", false), 0, Broken, diag.Maybe, false, diag.Fail},
		{"endless headers", raw(t, "HTTP/1.1 200 OK\r\n"+strings.Repeat("X: "+strings.Repeat("a", 1000)+"\r\n", 200), false), 0, Broken, diag.Maybe, false, diag.Fail},
		{"huge body", raw(t, "HTTP/1.1 200 OK\r\n\r\nsuccess"+strings.Repeat("a", 1<<20), false), 200, Connected, diag.No, false, diag.Fail},
		{"never answers", raw(t, "", true), 0, Timeout, diag.Maybe, false, diag.Fail},
		{"refused", "http://" + refusing(t), 0, Refused, diag.Maybe, false, diag.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, findings, r := look(t, pc{}, config.Probe{Web: []config.Web{{URL: c.url + "/x", Status: 200, Body: "success"}}})
			if len(in.Web) != 1 {
				t.Fatalf("%d rows", len(in.Web))
			}
			w := in.Web[0]
			if w.Status != c.status || w.Outcome != c.outcome || w.Match != c.match || w.Foreign != c.foreign {
				t.Errorf("status %d outcome %s match %v foreign %v, want %d %s %v %v", w.Status, w.Outcome, w.Match, w.Foreign, c.status, c.outcome, c.match, c.foreign)
			}
			wantStatus(t, findings, map[string]diag.Status{"web": c.web, "anchors": diag.Skipped, "tls": diag.Skipped, "proxy": diag.Skipped})
			if r.VerdictMS > 2200 {
				t.Errorf("verdict after %.0f ms", r.VerdictMS)
			}
		})
	}
}

func TestOneOfTwoIsEnough(t *testing.T) {
	_, findings, _ := look(t, pc{}, config.Probe{Web: []config.Web{
		{URL: raw(t, "nonsense", false), Body: "success"}, {URL: serve(t, "127.0.0.2", success), Body: "success"}}})
	wantStatus(t, findings, map[string]diag.Status{"web": diag.OK, "clock": diag.OK})
}

func TestLedgerCountsEveryByte(t *testing.T) {
	var got int
	l := listen(t, "127.0.0.1")
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 4096)
		got, _ = c.Read(buf)
		io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
	}()
	_, _, r := look(t, pc{}, config.Probe{Web: []config.Web{{URL: "http://" + l.Addr().String(), Status: 204}}})
	<-counted
	if len(r.Contacted) != 1 || r.Contacted[0].Bytes != got || r.Contacted[0].Why != "web" || r.Contacted[0].Packets != 2 || got == 0 {
		t.Errorf("the server read %d bytes, the ledger has %+v", got, r.Contacted)
	}
}
