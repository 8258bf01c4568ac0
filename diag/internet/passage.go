package internet

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"deskside/diag"
)

// Passage is one page asked for through the proxy that programs of this PC
// would use for it.
type Passage struct {
	Proxy   string  `json:"proxy" privacy:"url"`    // without user and password
	Outcome Outcome `json:"outcome" privacy:"none"` // of the connect to the proxy
	Errno   string  `json:"errno,omitempty" privacy:"none"`
	Tunnel  *Head   `json:"tunnel,omitempty"` // its answer to CONNECT (RFC 9110, 9.3.6), or to SOCKS 5 without a status
	TLS     *TLS    `json:"tls,omitempty"`
	HTTP    *Head   `json:"http,omitempty"`
	AtMS    float64 `json:"at_ms" privacy:"none"`
	TookMS  float64 `json:"took_ms" privacy:"none"`
}

// ProxyFor reports whether programs of this PC would ask for u through a
// proxy: the one set for its scheme, or for all, unless the host is exempt. Of
// several settings the first counts, see [settings].
func ProxyFor(env *diag.Env, u *url.URL) bool {
	_, ok := proxyFor(env, u)
	return ok
}

func proxyFor(env *diag.Env, u *url.URL) (setting, bool) {
	all := settings(env).proxies
	for _, scheme := range []string{u.Scheme, "all"} {
		for _, s := range all {
			if s.scheme == scheme && s.pages() && !exempt(s.except, u.Hostname()) {
				return s, true
			}
		}
	}
	return setting{}, false
}

// Pass asks for u through the proxy, each stage within its own budget. It is
// false when there is no proxy for u, or ctx ended first.
func Pass(ctx context.Context, env *diag.Env, u *url.URL) (Passage, bool) {
	s, ok := proxyFor(env, u)
	via, err := url.Parse(s.URL)
	if !ok || err != nil {
		return Passage{}, false
	}
	p, begin := Passage{Proxy: s.URL, AtMS: env.SinceMS()}, time.Now()
	known := p.walk(ctx, env, s, via, u)
	p.TookMS = diag.MS(time.Since(begin))
	return p, known
}

func (p *Passage) walk(ctx context.Context, env *diag.Env, s setting, via, u *url.URL) bool {
	at := locate(ctx, env, via)
	if len(at.addrs) == 0 {
		p.Outcome = NoName
		return ctx.Err() == nil
	}
	won := line{env: env, why: "proxy"}.first(ctx, at.addrs)
	p.Outcome, p.Errno = classify(won.err)
	if won.err != nil {
		return ctx.Err() == nil
	}
	defer won.conn.Close()
	conn := toProxy(env, won.conn, via)
	if !overSOCKS(via) && u.Scheme == "http" { // RFC 9112, 3.2.2: absolute form
		req := authorized(getRequest(u), s.user)
		h, known := head(ctx, env, conn, u, proxiedBudget, func() error { return req.WriteProxy(conn) })
		p.HTTP = &h
		return known
	}
	tunnel, known := p.tunnel(ctx, env, conn, s, via, u)
	p.Tunnel = &tunnel
	if !known || tunnel.Outcome != Connected || tunnel.Status != 0 && tunnel.Status/100 != 2 {
		return known
	}
	if u.Scheme == "https" {
		inside, t, known := Shake(ctx, env, conn, u)
		p.TLS = &t
		if inside == nil {
			return known
		}
		conn = inside
	}
	h, known := Ask(ctx, env, conn, u, proxiedBudget)
	p.HTTP = &h
	return known
}

// tunnel asks the proxy for a way to u's host.
func (p *Passage) tunnel(ctx context.Context, env *diag.Env, conn net.Conn, s setting, via, u *url.URL) (Head, bool) {
	defer conn.SetDeadline(time.Time{}) // what follows has budgets of its own
	if overSOCKS(via) {
		defer armed(ctx, conn, proxiedBudget)()
		h, begin := Head{AtMS: env.SinceMS()}, time.Now()
		err := socks(conn, u, s.user)
		h.Outcome, h.Errno = endOf(err)
		h.TookMS = diag.MS(time.Since(begin))
		return h, err == nil || ctx.Err() == nil
	}
	host := hostPort(u)
	req := authorized(&http.Request{
		Method: http.MethodConnect, URL: &url.URL{Opaque: host}, Host: host, ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {userAgent}},
	}, s.user)
	defer armed(ctx, conn, proxiedBudget)()
	h, begin := Head{AtMS: env.SinceMS()}, time.Now()
	err := req.Write(conn)
	if err == nil {
		var resp *http.Response
		// One byte at a time: what follows the head belongs to the tunnel.
		if resp, err = http.ReadResponse(bufio.NewReaderSize(oneByte{io.LimitReader(conn, maxAnswer)}, 16), req); err == nil {
			h.Status = resp.StatusCode
		}
	}
	h.Outcome, h.Errno = endOf(err)
	h.TookMS = diag.MS(time.Since(begin))
	return h, err == nil || ctx.Err() == nil
}

// oneByte reads so that no buffer above it takes more than it was asked for.
type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }
