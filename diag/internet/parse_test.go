package internet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

func TestParseProxyEnv(t *testing.T) {
	for _, c := range []struct{ vars, want string }{
		{"", ""},
		{"http_proxy=", ""},
		{"http_proxy=http://p:3128", "http_proxy http://p:3128 "},
		{"http_proxy=p:3128", "http_proxy http://p:3128 "},
		{"HTTP_PROXY=p", "HTTP_PROXY http://p "},
		{"http_proxy=a HTTP_PROXY=b", "http_proxy http://a "},
		{"https_proxy=http://me:pw@p:8080/path?q#f", "https_proxy http://p:8080 "},
		{"ALL_PROXY=socks5h://me@[2001:db8::1]:1080", "ALL_PROXY socks5h://[2001:db8::1]:1080 "},
		{"http_proxy=http://", "http_proxy  broken"},
		{"http_proxy=http://p:port", "http_proxy  broken"},
		{"http_proxy=http://p\x1b[2J", "http_proxy  broken"},
	} {
		vars := map[string]string{}
		for _, f := range strings.Fields(c.vars) {
			name, value, _ := strings.Cut(f, "=")
			vars[name] = value
		}
		var got []string
		for _, p := range ParseProxyEnv(func(n string) string { return vars[n] }) {
			got = append(got, fmt.Sprintf("%s %s %s", p.Variable, p.URL, p.Outcome))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%q: %q, want %q", c.vars, s, c.want)
		}
	}
}

func TestParseEnvironmentFile(t *testing.T) {
	got := ParseEnvironmentFile([]byte("# c\n\nA=1\n export B='two words' # note\nC=\"x\nA=3\nno sense\n=5\nD =6\r\n"))
	want := map[string]assignment{"A": {"3", 6}, "B": {"two words", 4}, "C": {`"x`, 5}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestExempt(t *testing.T) {
	for _, c := range []struct {
		list, host string
		want       bool
	}{
		{"", "example.org", false},
		{"*", "example.org", true},
		{"example.org", "example.org", true},
		{"example.org", "www.Example.org.", true},
		{"example.org", "notexample.org", false},
		{".example.org,foo", "www.example.org", true},
		{"foo *.example.org", "www.example.org", true},
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.0.0.0/8", "11.1.2.3", false},
		{"2001:db8::1", "2001:db8::1", true},
		{"127.0.0.1, localhost", "127.0.0.2", false},
		{",.,", "example.org", false},
	} {
		if got := exempt(c.list, c.host); got != c.want {
			t.Errorf("exempt(%q, %q) = %v", c.list, c.host, got)
		}
	}
}

func TestNetstatCounter(t *testing.T) {
	const s = "TcpExt: SyncookiesSent TCPRetransFail X\nTcpExt: 1 42 3\nIpExt: TCPRetransFail\nIpExt: 7\n"
	if n, ok := netstatCounter(s, "TcpExt:", "TCPRetransFail"); n != 42 || !ok {
		t.Error(n, ok)
	}
	for _, bad := range []string{"", "TcpExt: TCPRetransFail\n", "TcpExt: A\nTcpExt: 1\n", "TcpExt: TCPRetransFail\nTcpExt:\n", "TcpExt: TCPRetransFail\nTcpExt: x\n"} {
		if _, ok := netstatCounter(bad, "TcpExt:", "TCPRetransFail"); ok {
			t.Errorf("%q was understood", bad)
		}
	}
}

func TestClassify(t *testing.T) {
	for err, want := range map[error]string{
		nil: "connected ",
		os.NewSyscallError("connect", syscall.ECONNREFUSED):  "refused ECONNREFUSED",
		os.NewSyscallError("connect", syscall.ENETUNREACH):   "unreachable ENETUNREACH",
		os.NewSyscallError("connect", syscall.EHOSTUNREACH):  "unreachable EHOSTUNREACH",
		os.NewSyscallError("connect", syscall.EPERM):         "denied EPERM",
		os.NewSyscallError("connect", syscall.EADDRNOTAVAIL): "exhausted EADDRNOTAVAIL",
		os.NewSyscallError("socket", syscall.EMFILE):         "exhausted EMFILE",
		os.NewSyscallError("connect", syscall.ETIMEDOUT):     "timeout ETIMEDOUT",
		os.ErrDeadlineExceeded:                               "timeout ",
		io.ErrUnexpectedEOF:                                  "broken ",
		errors.New("else"):                                   "broken ",
	} {
		o, name := endOf(err)
		if got := string(o) + " " + name; got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
	if !bindRefused(syscall.EPERM) || bindRefused(os.NewSyscallError("connect", syscall.EPERM)) || bindRefused(nil) {
		t.Error("a refused bind is not told from a refused connect")
	}
}

// FuzzProxyEnv: no value makes the parser fail, and no password gets through.
func FuzzProxyEnv(f *testing.F) {
	f.Add("http://user:hunter2@proxy:3128")
	f.Add("user:hunter2@proxy")
	f.Add("socks5://user:hunter2@[fe80::1%25eth0]:1080")
	f.Add("http://user:hunter2@@proxy")
	f.Fuzz(func(t *testing.T, value string) {
		for _, p := range ParseProxyEnv(func(name string) string { return value }) {
			if (p.URL == "") != (p.Outcome == Broken) {
				t.Errorf("%q: %+v", value, p)
			}
			if u, err := url.Parse(p.URL); err != nil || u.User != nil {
				t.Errorf("%q: %q", value, p.URL)
			}
			if before, _, ok := strings.Cut(value, "@"); ok && strings.Contains(before, ":hunter2") && strings.Contains(p.URL, "hunter2") {
				t.Errorf("%q: the password is in %q", value, p.URL)
			}
			exempt(value, p.URL)
		}
	})
}

// FuzzEnvironmentFile: line numbers stay inside the file.
func FuzzEnvironmentFile(f *testing.F) {
	f.Add([]byte("A=1\n export http_proxy=\"http://p\"\r\n#x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		lines := bytes.Count(b, []byte("\n")) + 1
		for name, a := range ParseEnvironmentFile(b) {
			if a.line < 1 || a.line > lines || name == "" || len(a.value) > len(b) {
				t.Errorf("%q: %+v", name, a)
			}
		}
	})
}

// FuzzAnswer: whatever a server sends, reading it ends, stays within its
// limit, and a match means that the known text was there.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nDate: Mon, 02 Jan 2006 15:04:05 GMT\r\nAge: 3\r\n\r\nsuccess"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLocation: http://[::1/\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"))
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"))
	asked, _ := url.Parse("http://probe.test/x")
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		a, err := readAnswer(r, asked, config.Web{Status: 200, Body: "success"})
		whole := !bytes.Contains(bytes.ToLower(b), []byte("chunked")) // chunks may cut the word
		if a.match == diag.Yes && whole && !bytes.Contains(b, []byte("success")) {
			t.Error("a match out of nothing")
		}
		if a.match == diag.Maybe && err == nil {
			t.Error("no verdict and no reason")
		}
		if len(a.redirect) > maxRedirect || len(b)-r.Len() > maxAnswer {
			t.Error("took too much")
		}
	})
}
