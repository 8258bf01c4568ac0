package internet

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/proxy"

	"deskside/diag"
	"deskside/diag/config"
)

// probeProxied connects to every proxy in use, and asks it for the first web
// endpoint as a program of this PC would.
func probeProxied(ctx context.Context, env *diag.Env) error {
	var all sync.WaitGroup
	seen := map[string]bool{}
	for _, s := range settings(env).proxies {
		if s.URL == "" || s.Bypassed || seen[s.URL] {
			continue
		}
		seen[s.URL] = true
		all.Go(func() { askThrough(ctx, env, s) })
	}
	all.Wait()
	return nil
}

// speakable reports the kinds of proxy we can ask for a page; of the others
// we only learn whether they take connections.
func speakable(proxyURL string) bool {
	scheme, _, _ := strings.Cut(proxyURL, "://")
	return scheme == "http" || scheme == "https" || strings.HasPrefix(scheme, "socks5")
}

// pages reports whether a proxy is there for web pages, and one that we can
// ask for them.
func (p Proxy) pages() bool { return p.URL != "" && p.Source != fromAPT && speakable(p.URL) }

func askThrough(ctx context.Context, env *diag.Env, s setting) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return // proxyURL made it
	}
	p, begin := Proxy{URL: s.URL, AtMS: env.SinceMS()}, time.Now()
	won := attempt{}
	at := locate(ctx, env, u)
	if len(at.addrs) == 0 {
		p.Outcome = NoName
	} else {
		won = line{env: env, why: "proxy"}.first(ctx, at.addrs)
		p.Outcome, p.Errno = classify(won.err)
	}
	p.record(ctx, env, begin)
	if len(env.Config.Probe.Web) == 0 || !s.pages() {
		if won.conn != nil {
			won.conn.Close()
		}
		return
	}
	want := env.Config.Probe.Web[0]
	w := Web{URL: want.URL, Proxy: s.URL, Resolver: at.by, Outcome: p.Outcome, Errno: p.Errno, AtMS: p.AtMS}
	if won.to.IsValid() {
		w.via(won.to.Addr())
	}
	if won.conn != nil {
		w.through(ctx, env, won.conn, u, s.user, want)
	}
	w.record(ctx, env, begin)
}

// through speaks the proxy's own protocol first, where it has one. It closes
// the connection.
func (w *Web) through(ctx context.Context, env *diag.Env, conn net.Conn, via *url.URL, user *url.Userinfo, want config.Web) {
	asked, err := url.Parse(want.URL)
	if err != nil {
		conn.Close()
		return
	}
	req := getRequest(asked)
	write := req.WriteProxy
	conn = toProxy(env, conn, via)
	if overSOCKS(via) {
		write = func(out io.Writer) error {
			if err := socks(conn, asked, user); err != nil {
				return err
			}
			return req.Write(out)
		}
	} else {
		authorized(req, user)
	}
	w.converse(ctx, env, conn, proxiedBudget, want, write)
}

func overSOCKS(via *url.URL) bool { return via.Scheme == "socks5" || via.Scheme == "socks5h" }

// toProxy is what to speak on with a proxy: some want TLS.
func toProxy(env *diag.Env, conn net.Conn, via *url.URL) net.Conn {
	if via.Scheme != "https" {
		return conn
	}
	return tls.Client(conn, &tls.Config{ServerName: via.Hostname(), Time: env.Host.Now})
}

// authorized adds the name and password set with the proxy (RFC 7617).
func authorized(req *http.Request, user *url.Userinfo) *http.Request {
	if user != nil {
		pass, _ := user.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+pass)))
	}
	return req
}

// socks asks a SOCKS 5 proxy on conn for a way to the host (RFC 1928). The
// caller bounds it through the connection: a context with a deadline would
// make the library clear the deadline that is set there.
func socks(conn net.Conn, to *url.URL, user *url.Userinfo) error {
	var auth *proxy.Auth
	if user != nil {
		pass, _ := user.Password()
		auth = &proxy.Auth{User: user.Username(), Password: pass}
	}
	d, err := proxy.SOCKS5("tcp", "proxy", auth, already{conn})
	if err != nil {
		return err
	}
	_, err = d.Dial("tcp", hostPort(to))
	return err
}

func hostPort(u *url.URL) string { return net.JoinHostPort(u.Hostname(), strconv.Itoa(int(portOf(u)))) }

// already is a dialer whose connection exists.
type already struct{ conn net.Conn }

func (a already) Dial(string, string) (net.Conn, error) { return a.conn, nil }

// record writes what became of a proxy into every setting that names it.
func (p Proxy) record(ctx context.Context, env *diag.Env, begin time.Time) {
	if ctx.Err() != nil && p.Outcome != Connected {
		return
	}
	took := diag.MS(time.Since(begin))
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Proxies {
			if row := &f.Proxies[i]; row.URL == p.URL {
				row.Outcome, row.Errno, row.AtMS, row.TookMS = p.Outcome, p.Errno, p.AtMS, took
			}
		}
	})
}
