package target

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"time"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// decoyBudget is a connection and a handshake over a satellite's 600 ms, TLS
// 1.3; who is silent for longer to another name is silent to all.
const decoyBudget = 1400 * time.Millisecond

// decoy asks the same place for another name, one that the configuration
// names anyway: who hangs up on the target's name only listens for it. That
// may be the server, or somebody on the way (server name indication travels in
// the clear: RFC 6066, 3; RFC 8744).
func (c climber) decoy(ctx context.Context, conn net.Conn, u *url.URL) bool {
	name := ""
	for _, s := range c.env.Config.Probe.HTTPS {
		if site, err := url.Parse(s); err == nil && name == "" && site.Hostname() != u.Hostname() && net.ParseIP(site.Hostname()) == nil {
			name = site.Hostname()
		}
	}
	to, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil || c.wanted.Name == "" { // an address has no name to hang up on
		return true
	}
	stage, cancel := context.WithTimeout(ctx, decoyBudget)
	defer cancel()
	if again, _, _ := internet.Open(stage, c.env, "target", to); again != nil {
		defer again.Close()
		if _, t, known := internet.ShakeAs(stage, c.env, again, u, name); known {
			c.update(func(row *Target) { row.Decoy = &t })
		}
	}
	return ctx.Err() == nil
}

// hungUp: no certificate for the target's name, while another name gets one,
// or the server's own word in TLS.
func (t Target) hungUp() bool {
	if t.TLS.Now != "" || t.TLS.Outcome == internet.Connected {
		return false
	}
	return t.TLS.Alert || t.Decoy != nil && (t.Decoy.Now != "" || t.Decoy.Alert)
}

func (t Target) decoyEvidence() []diag.Evidence {
	if t.Decoy == nil {
		return nil
	}
	key := "evidence.target.decoy_mute"
	if t.Decoy.Now != "" || t.Decoy.Alert {
		key = "evidence.target.decoy_answered"
	}
	return []diag.Evidence{{What: text.M(key, "Name", t.Shown()), Source: "tls", AtMS: t.Decoy.AtMS}}
}
