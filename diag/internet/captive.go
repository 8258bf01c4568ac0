package internet

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"deskside/diag"
)

// Captive is what the network itself says about signing in: RFC 8908, at the
// address that came with the lease (RFC 8910).
type Captive struct {
	URL     string   `json:"url" privacy:"url"`
	From    string   `json:"from" privacy:"none"` // lease (a file of this PC), offer (of a DHCP server, now)
	Outcome Outcome  `json:"outcome" privacy:"none"`
	Errno   string   `json:"errno,omitempty" privacy:"none"`
	Status  int      `json:"status,omitempty" privacy:"none"`
	Cert    Verdict  `json:"certificate,omitempty" privacy:"none"`
	Captive diag.Tri `json:"captive" privacy:"none"`       // Yes: this PC has to sign in first
	Page    string   `json:"page,omitempty" privacy:"url"` // where a person does that
	AtMS    float64  `json:"at_ms" privacy:"none"`
	TookMS  float64  `json:"took_ms" privacy:"none"`
}

// Where the address of the interface was found.
const (
	FromLease = "lease"
	FromOffer = "offer"
)

// probeCaptive asks the network whether this PC has to sign in, once no known
// page came directly: a PC whose web works has no reason to ask.
func probeCaptive(ctx context.Context, env *diag.Env) error {
	open := false
	known := env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
		in := Section.Of(f)
		open = matched(in.direct())
		return open || len(in.direct()) >= in.Asked.Web
	})
	if !known || open {
		return nil
	}
	if address := leased(ctx, env.Host, optCaptive, func(a nmActive) string { return a.captive }); address != "" {
		AskCaptive(ctx, env, address, FromLease)
	}
	return nil
}

// AskCaptive asks the interface at an address that the network gave, and keeps
// what it says. Only https counts, and only a certificate that this PC trusts:
// anybody else could say anything (RFC 8908, 4.1).
func AskCaptive(ctx context.Context, env *diag.Env, address, from string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return
	}
	u.User, u.Fragment = nil, ""
	c, begin := Captive{URL: u.String(), From: from, AtMS: env.SinceMS()}, time.Now()
	known := c.ask(ctx, env, u)
	c.TookMS = diag.MS(time.Since(begin))
	if known {
		Section.Update(env.Facts, func(f *Facts) {
			if f.Captive == nil || f.Captive.Captive == diag.Maybe {
				f.Captive = &c
			}
		})
	}
}

// ask is false when ctx ended first.
func (c *Captive) ask(ctx context.Context, env *diag.Env, u *url.URL) bool {
	at := ownPlace(ctx, env, u)
	if len(at.addrs) == 0 {
		c.Outcome = NoName
		return ctx.Err() == nil
	}
	won := line{env: env, why: "captive"}.first(ctx, at.addrs)
	if c.Outcome, c.Errno = classify(won.err); won.err != nil {
		return ctx.Err() == nil
	}
	defer won.conn.Close()
	inside, t, known := Shake(ctx, env, won.conn, u)
	c.Cert, c.Outcome, c.Errno = t.Now, t.Outcome, t.Errno
	if t.Now != Trusted && t.Then == Trusted {
		c.Cert = Trusted // only our clock stands against it
	}
	if !known || inside == nil || c.Cert != Trusted {
		return known
	}
	defer armed(ctx, inside, answerBudget)()
	req := getRequest(u)
	req.Header.Set("Accept", "application/captive+json")
	err := req.Write(inside)
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(bufio.NewReader(io.LimitReader(inside, maxAnswer)), req)
	}
	if err != nil {
		c.Outcome, c.Errno = endOf(err)
		return ctx.Err() == nil
	}
	defer resp.Body.Close()
	if c.Status = resp.StatusCode; c.Status == http.StatusOK {
		c.Captive, c.Page = ParseCaptive(resp.Body)
	}
	return true
}

// ParseCaptive reads the answer of a captive portal interface: whether the PC
// is kept, and the page for its user, which must be https (RFC 8908, 5). It
// takes at most 64 KiB and never fails: what is no such answer says nothing.
func ParseCaptive(r io.Reader) (diag.Tri, string) {
	var said struct {
		Captive *bool  `json:"captive"`
		Page    string `json:"user-portal-url"`
	}
	if json.NewDecoder(io.LimitReader(r, maxAnswer)).Decode(&said) != nil || said.Captive == nil {
		return diag.Maybe, ""
	}
	u, err := url.Parse(said.Page)
	if err != nil || u.Scheme != "https" || u.Host == "" || len(said.Page) > maxRedirect {
		return diag.TriOf(*said.Captive), ""
	}
	return diag.TriOf(*said.Captive), said.Page
}
