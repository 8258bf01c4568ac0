package internet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

// probeTLS shakes hands with every configured https URL and verifies its
// chain at this PC's time and at the servers'.
func probeTLS(ctx context.Context, env *diag.Env) error {
	var all sync.WaitGroup
	for _, s := range env.Config.Probe.HTTPS {
		all.Go(func() { shake(ctx, env, s) })
	}
	all.Wait()
	return nil
}

func shake(ctx context.Context, env *diag.Env, asked string) {
	u, err := url.Parse(asked)
	if err != nil {
		return // the configuration does not let this through
	}
	t := TLS{URL: asked, AtMS: env.SinceMS()}
	begin := time.Now()
	at := locate(ctx, env, u)
	if len(at.addrs) == 0 {
		t.Outcome = NoName
		t.record(ctx, env, begin)
		return
	}
	t.Resolver = at.by
	won := line{env: env, why: "tls"}.first(ctx, at.addrs)
	t.Address, t.Scope = won.to.Addr().String(), link.ScopeOf(won.to.Addr().String())
	if won.err != nil {
		t.Outcome, t.Errno = classify(won.err)
		t.record(ctx, env, begin)
		return
	}
	defer won.conn.Close()
	t.Dialed = true
	t.handshake(ctx, env, won.conn, u.Hostname(), begin)
	t.record(ctx, env, begin)
}

// handshake shakes hands on a connection and judges the chain that came; it
// returns what to speak on inside. The time is counted from begin.
func (t *TLS) handshake(ctx context.Context, env *diag.Env, raw net.Conn, name string, begin time.Time) *tls.Conn {
	stage, cancel := context.WithTimeout(ctx, handshakeBudget)
	defer cancel()
	var chain []*x509.Certificate
	conn := tls.Client(raw, &tls.Config{
		ServerName: name, Time: env.Host.Now,
		// The chain is judged below, at two times; Go's own verdict would end
		// the handshake and know only one.
		InsecureSkipVerify: true,
		VerifyConnection: func(cs tls.ConnectionState) error {
			chain = cs.PeerCertificates
			return nil
		},
	})
	err := conn.HandshakeContext(stage)
	t.Outcome, t.Errno = endOf(err)
	var remote *net.OpError
	t.Alert = errors.As(err, &remote) && remote.Op == "remote error" // how crypto/tls marks an alert it received
	t.TookMS = diag.MS(time.Since(begin))
	if len(chain) > 0 {
		t.judgeChain(ctx, env, chain, name)
	}
	return conn
}

// judgeChain verifies now, and at the servers' time if it is known; a chain
// that does not verify now is worth a short wait for that.
func (t *TLS) judgeChain(ctx context.Context, env *diag.Env, chain []*x509.Certificate, name string) {
	now := env.Host.Now()
	t.Issuer = issuer(chain[0])
	var authority *x509.Certificate
	if t.Now, authority = verify(chain, name, now); t.Now == Trusted {
		t.Added = addedHere(env.Host, authority)
	}
	skew, ok := 0.0, false
	if t.Now != Trusted {
		wait, cancel := context.WithTimeout(ctx, dateBudget)
		defer cancel()
		env.Facts.Await(wait.Done(), func(f diag.Facts) bool {
			in := Section.Of(f)
			return in.Clock().Known || len(in.direct()) >= in.Asked.Web
		})
	}
	env.Facts.Look(func(f diag.Facts) {
		c := Section.Of(f).Clock()
		skew, ok = c.SkewS, c.Known
	})
	if ok {
		t.Then, _ = verify(chain, name, now.Add(time.Duration(skew*float64(time.Second))))
	}
}

// record keeps the row, unless it was cut: absent is unknown.
func (t TLS) record(ctx context.Context, env *diag.Env, begin time.Time) {
	if ctx.Err() != nil && t.Outcome != Connected {
		return
	}
	if t.TookMS == 0 {
		t.TookMS = diag.MS(time.Since(begin))
	}
	Section.Update(env.Facts, func(f *Facts) { f.TLS = append(f.TLS, t) })
}
