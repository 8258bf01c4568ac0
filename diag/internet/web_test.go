package internet

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

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
			http.Redirect(w, r, "http://login.portal.test/start?mac=1", 302)
		}), 302, Connected, diag.No, true, diag.Fail},
		{"redirect to itself", serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/other", 307)
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

// forwarding is a plain HTTP proxy that wants a login when one is given.
func forwarding(t *testing.T, login string) string {
	return serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Host == "":
			w.WriteHeader(http.StatusBadRequest) // not asked as a proxy
		case login != "" && r.Header.Get("Proxy-Authorization") != login:
			w.WriteHeader(http.StatusProxyAuthRequired)
		default:
			success(w, r)
		}
	})
}

// socksProxy speaks RFC 1928 far enough for one request, and answers it itself.
func socksProxy(t *testing.T) string {
	l := listen(t, "127.0.0.1")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				head := make([]byte, 2)
				io.ReadFull(in, head)
				io.CopyN(io.Discard, in, int64(head[1]))
				c.Write([]byte{5, 0})
				req := make([]byte, 10) // version, command, reserved, IPv4, port
				io.ReadFull(in, req)
				c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
				if _, err := http.ReadRequest(in); err == nil {
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess")
				}
			}()
		}
	}()
	return "socks5h://" + l.Addr().String()
}

func TestProxies(t *testing.T) {
	direct, away := serve(t, "127.0.0.2", success), "http://"+refusing(t)
	plain, locked := forwarding(t, ""), forwarding(t, "Basic bWU6c2VjcmV0")
	gone := serve(t, "127.0.0.1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	withLogin := strings.Replace(locked, "http://", "http://me:secret@", 1)
	for _, c := range []struct {
		name, web  string
		vars       map[string]string
		proxy      diag.Status
		webStatus  diag.Status
		anchorsRun diag.Status
	}{
		{"works", direct, map[string]string{"http_proxy": plain}, diag.OK, diag.OK, diag.Fail},
		{"works, upper case and no scheme", direct, map[string]string{"HTTPS_PROXY": strings.TrimPrefix(plain, "http://")}, diag.OK, diag.OK, diag.Fail},
		{"only way out", away, map[string]string{"http_proxy": plain}, diag.OK, diag.OK, diag.Skipped},
		{"only way out, with login", away, map[string]string{"http_proxy": withLogin}, diag.OK, diag.OK, diag.Skipped},
		{"wants a login", away, map[string]string{"http_proxy": locked}, diag.OK, diag.Unknown, diag.Fail},
		{"socks", away, map[string]string{"all_proxy": socksProxy(t)}, diag.OK, diag.OK, diag.Skipped},
		{"refuses", direct, map[string]string{"https_proxy": "http://" + refusing(t)}, diag.Fail, diag.OK, diag.Fail},
		{"refuses but is not in use", direct, map[string]string{"https_proxy": "http://" + refusing(t), "no_proxy": "127.0.0.0/8"}, diag.Skipped, diag.OK, diag.Fail},
		{"passes nothing on", direct, map[string]string{"http_proxy": gone}, diag.Fail, diag.OK, diag.Fail},
		{"passes nothing on, nor does anything", away, map[string]string{"http_proxy": gone}, diag.Unknown, diag.Fail, diag.Fail},
		{"no address", direct, map[string]string{"http_proxy": "http://"}, diag.Fail, diag.OK, diag.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, findings, r := look(t, pc{vars: c.vars}, config.Probe{
				Anchors: []string{"192.0.2.1:443"}, Web: []config.Web{{URL: c.web, Body: "success"}}})
			wantStatus(t, findings, map[string]diag.Status{"proxy": c.proxy, "web": c.webStatus, "anchors": c.anchorsRun})
			if s := fmt.Sprintf("%+v %+v %+v", in, findings, r.Contacted); strings.Contains(s, "secret") {
				t.Error("the password is in the facts")
			}
		})
	}
}

func TestEtcEnvironmentHasLines(t *testing.T) {
	dead := "http://user:secret@" + refusing(t)
	in, _, _ := look(t, pc{
		files: map[string]string{environmentFile: "# proxy\nPATH=/bin\nexport https_proxy=\"" + dead + "\"\n"},
		vars:  map[string]string{"https_proxy": dead},
	}, config.Probe{Web: []config.Web{{URL: serve(t, "127.0.0.2", success), Body: "success"}}})
	if len(in.Proxies) != 1 {
		t.Fatalf("%+v", in.Proxies)
	}
	u, _ := url.Parse(dead)
	if p := in.Proxies[0]; p.Source != environmentFile || p.Line != 3 || p.URL != "http://"+u.Host || p.Outcome != Refused || p.Errno != "ECONNREFUSED" {
		t.Errorf("%+v", p)
	}
}
