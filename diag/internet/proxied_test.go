package internet

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

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
