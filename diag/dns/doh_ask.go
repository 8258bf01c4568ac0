package dns

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/host"
)

const (
	// dohBudget is a name, a connection, a handshake and an answer over a
	// satellite's 600 ms each, TLS 1.3.
	dohBudget = 3200 * time.Millisecond
	// dohConnect holds one SYN that is sent again, after 1 s (RFC 6298, 2.1).
	dohConnect = 1500 * time.Millisecond
)

// askDoH asks every server that somebody depends on for the first probed name.
// Nothing is sent where nobody does.
func askDoH(ctx context.Context, env *diag.Env) error {
	servers := snapshot(env).DoH
	if len(servers) == 0 {
		return nil
	}
	if len(env.Config.Probe.Names) == 0 {
		return errNoNames
	}
	stage, cancel := context.WithTimeout(ctx, dohBudget)
	defer cancel()
	var wg sync.WaitGroup
	for i, d := range servers {
		wg.Go(func() {
			begin := time.Now()
			d.AtMS = env.SinceMS()
			made := d.ask(stage, env, env.Config.Probe.Names[0])
			d.TookMS = diag.MS(time.Since(begin))
			if made && (d.Outcome == Answered || ctx.Err() == nil) {
				Section.Update(env.Facts, func(f *Facts) {
					if i < len(f.DoH) {
						f.DoH[i] = d
					}
				})
			}
		})
	}
	wg.Wait()
	return nil
}

// ask is false when no question can be made of it.
func (d *DoH) ask(ctx context.Context, env *diag.Env, name string) bool {
	u, err := url.Parse(d.URL)
	if err != nil {
		return false
	}
	a := d.place(ctx, env, u.Hostname())
	if !a.IsValid() {
		d.Outcome = Nameless
		return true
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	m := newMessage(name, dns.TypeA, false)
	m.Id = 0 // so that caches know equal questions (RFC 8484, 4.1)
	packet, err := m.Pack()
	if err != nil {
		return false
	}
	client := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DisableKeepAlives: true, ForceAttemptHTTP2: true, // some servers speak nothing older
			TLSClientConfig: &tls.Config{ServerName: u.Hostname(), Time: env.Host.Now},
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, dohConnect)
				defer cancel()
				env.Ledger.Sent(a.String(), portNumber(port), "tcp", "dns-https", len(packet))
				return env.Host.Dial(ctx, host.DialOptions{}, "tcp", net.JoinHostPort(a.String(), port))
			},
		},
	}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(packet))
	if err != nil {
		return false
	}
	req.Header = http.Header{"Content-Type": {"application/dns-message"}, "Accept": {"application/dns-message"}, "User-Agent": {""}}
	resp, err := client.Do(req)
	if err != nil {
		d.Outcome, d.Errno = securely(err)
		return true
	}
	defer resp.Body.Close()
	d.Outcome, d.Status = Answered, resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, dns.MaxMsgSize))
	if resp.StatusCode == http.StatusOK && (err != nil || new(dns.Msg).Unpack(body) != nil) {
		d.Outcome = Malformed // a page of words: somebody else answered
	}
	return true
}

// securely is outcomeOf for a connection with TLS: a certificate of somebody
// else, or an alert, is an answer that helps nobody.
func securely(err error) (outcome, errno string) {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var remote *net.OpError
	if errors.As(err, &cert) || errors.As(err, &record) || errors.As(err, &remote) && remote.Op == "remote error" {
		return Malformed, ""
	}
	return outcomeOf(err)
}

// place is where the server is: known already, as a forwarder must, or by the
// system's own lookup, as a browser asks for its first name.
func (d *DoH) place(ctx context.Context, env *diag.Env, name string) netip.Addr {
	for _, s := range []string{d.Address, name} {
		if a, err := netip.ParseAddr(s); err == nil {
			return a
		}
	}
	var found []netip.Addr
	outcome := Missing
	if d.By == Firefox {
		var ips []string
		outcome, ips = SystemLookup(ctx, env, name)
		for _, ip := range ips {
			if a, err := netip.ParseAddr(ip); err == nil {
				found = append(found, a.Unmap())
			}
		}
	}
	if outcome == Missing {
		found, _, _ = Resolve(ctx, env, name) // nobody knows it: no address
	}
	for _, a := range found {
		if a.Is4() || len(found) == 1 {
			return a
		}
	}
	return netip.Addr{}
}

func portNumber(s string) int {
	n, _ := strconv.Atoi(s) // url.Parse lets digits through only
	return n
}
