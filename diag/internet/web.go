package internet

import (
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/link"
)

// userAgent is the same for everyone: no version, no system, no identifier.
const userAgent = "deskside (connectivity check)"

// probeWeb asks every configured endpoint directly: resolved now, on a fresh
// connection, because a portal lets old ones through (diagnosis.md, S13).
func probeWeb(ctx context.Context, env *diag.Env) error {
	var all sync.WaitGroup
	for _, want := range env.Config.Probe.Web {
		all.Go(func() { askDirectly(ctx, env, want) })
	}
	all.Wait()
	return nil
}

func askDirectly(ctx context.Context, env *diag.Env, want config.Web) {
	asked, err := url.Parse(want.URL)
	if err != nil {
		return // the configuration does not let this through
	}
	w := Web{URL: want.URL, AtMS: env.SinceMS()}
	begin := time.Now()
	at := locate(ctx, env, asked)
	if len(at.addrs) == 0 {
		w.Outcome = NoName
		w.record(ctx, env, begin)
		return
	}
	w.Resolver = at.by
	won := line{env: env, why: "web"}.first(ctx, at.addrs)
	w.via(won.to.Addr())
	if won.err != nil {
		w.Outcome, w.Errno = classify(won.err)
	} else {
		w.converse(ctx, env, won.conn, answerBudget, want, getRequest(asked).Write)
	}
	w.record(ctx, env, begin)
}

func (w *Web) via(a netip.Addr) {
	w.Address, w.Scope = a.String(), link.ScopeOf(a.String())
}

// converse sends the request, reads the answer, and closes the connection.
func (w *Web) converse(ctx context.Context, env *diag.Env, conn net.Conn, budget time.Duration, want config.Web, write func(io.Writer) error) {
	defer conn.Close()
	defer armed(ctx, conn, budget)()
	begin := time.Now()
	asked, _ := url.Parse(want.URL)
	err := write(conn)
	var a answer
	if err == nil {
		a, err = readAnswer(conn, asked, want)
	}
	trip := time.Since(begin)
	w.Outcome, w.Errno = endOf(err)
	w.Status, w.Match, w.Redirect, w.Foreign, w.Relayed = a.status, a.match, a.redirect, a.foreign, a.relayed
	if w.HasDate = !a.clock.IsZero(); w.HasDate {
		w.SkewS = skew(a.clock, env.Host.Now(), trip)
	}
}

// Host is the host that was asked.
func (w Web) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// skew is the server's clock minus ours when it wrote its answer, in seconds
// with one decimal. HTTP dates have whole seconds, so it is good to one.
func skew(server, now time.Time, trip time.Duration) float64 {
	return math.Round(server.Sub(now.Add(-trip/2)).Seconds()*10) / 10
}

// getRequest is a plain GET that asks for the origin's own answer.
func getRequest(u *url.URL) *http.Request {
	return &http.Request{
		Method: http.MethodGet, URL: u, Host: u.Host, Close: true,
		ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {userAgent}, "Accept": {"*/*"}, "Cache-Control": {"no-cache"}},
	}
}

// record keeps the row, unless it was cut: absent is unknown.
func (w Web) record(ctx context.Context, env *diag.Env, begin time.Time) {
	if ctx.Err() != nil && w.Outcome != Connected {
		return
	}
	w.TookMS = diag.MS(time.Since(begin))
	Section.Update(env.Facts, func(f *Facts) { f.Web = append(f.Web, w) })
}
