package internet

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"time"

	"deskside/diag"
	"deskside/diag/config"
)

// Head is the beginning of an HTTP answer.
type Head struct {
	Outcome Outcome `json:"outcome" privacy:"none"`
	Errno   string  `json:"errno,omitempty" privacy:"none"`
	Status  int     `json:"status,omitempty" privacy:"none"`
	AtMS    float64 `json:"at_ms" privacy:"none"`
	TookMS  float64 `json:"took_ms" privacy:"none"` // from the request to the answer's head
}

// Usable reports whether this PC may have a way out for a family (4 or 6).
func Usable(f diag.Facts, family int) bool { return usable(f, family) }

// RetransFails is how often the kernel of this PC could not retransmit a
// segment so far; false where it does not say. A rule of this PC that drops in
// silence adds to it, silence on the path does not.
func RetransFails(env *diag.Env) (int64, bool) { return retransFails(env.Host) }

// Open makes one TCP connect for a purpose (contact.<why>) and says what
// became of it. It is false when ctx ended first: then nothing is known.
func Open(ctx context.Context, env *diag.Env, why string, to netip.AddrPort) (net.Conn, Connect, bool) {
	stage, cancel := context.WithTimeout(ctx, connectBudget)
	defer cancel()
	row, begin := Connect{Address: to.Addr().String(), Port: int(to.Port()), Family: familyOf(to), AtMS: env.SinceMS()}, time.Now()
	conn, err := line{env: env, why: why}.dial(stage, to)
	if err != nil && ctx.Err() != nil {
		return nil, row, false
	}
	row.Outcome, row.Errno = classify(err)
	row.TookMS = diag.MS(time.Since(begin))
	return conn, row, true
}

// Shake makes a TLS handshake on a connection for a name, and verifies the
// chain at this PC's time and the servers'. What comes back is spoken on
// inside, whatever the chain is worth; nil when there was no handshake. It is
// false when ctx ended first.
func Shake(ctx context.Context, env *diag.Env, conn net.Conn, u *url.URL) (net.Conn, TLS, bool) {
	return ShakeAs(ctx, env, conn, u, u.Hostname())
}

// ShakeAs is Shake that says another name than the URL's; an empty one is not
// said at all.
func ShakeAs(ctx context.Context, env *diag.Env, conn net.Conn, u *url.URL, name string) (net.Conn, TLS, bool) {
	t := TLS{URL: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String(), Dialed: true, AtMS: env.SinceMS()}
	inside := t.handshake(ctx, env, conn, name, time.Now())
	switch {
	case t.Outcome == Connected:
		return inside, t, true
	case ctx.Err() != nil:
		return nil, t, false
	}
	return nil, t, true
}

// Ask asks for a page on a connection and reads the beginning of the answer,
// in at most budget. It is false when ctx ended first.
func Ask(ctx context.Context, env *diag.Env, conn net.Conn, u *url.URL, budget time.Duration) (Head, bool) {
	return head(ctx, env, conn, u, budget, func() error { return getRequest(u).Write(conn) })
}

func head(ctx context.Context, env *diag.Env, conn net.Conn, u *url.URL, budget time.Duration, write func() error) (Head, bool) {
	defer armed(ctx, conn, budget)()
	h, begin := Head{AtMS: env.SinceMS()}, time.Now()
	err := write()
	var a answer
	if err == nil {
		a, err = readAnswer(conn, u, config.Web{Status: anyStatus})
	}
	h.Outcome, h.Errno = endOf(err)
	h.Status, h.TookMS = a.status, diag.MS(time.Since(begin))
	return h, err == nil || ctx.Err() == nil
}

// anyStatus is no status an answer can have: the head decides alone, and the
// body is not read.
const anyStatus = -1

// ConnectEvidence is TCP connects in words.
func ConnectEvidence(rows []Connect) []diag.Evidence { return connectEvidence(rows) }

// TLSEvidence is handshakes in words.
func TLSEvidence(rows []TLS) []diag.Evidence { return tlsEvidence(rows) }
