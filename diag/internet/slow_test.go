package internet

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
)

// far is a PC behind a line with a long round trip, or a silent one. It runs
// in a synctest bubble: its seconds cost nothing.
type far struct {
	pc
	trip   time.Duration // round trip
	silent bool          // connects get no answer
	tls    *tls.Config
}

func (p far) Dial(ctx context.Context, _ host.DialOptions, _, address string) (net.Conn, error) {
	wait := time.NewTimer(p.trip)
	defer wait.Stop()
	if p.silent {
		<-ctx.Done()
		return nil, os.ErrDeadlineExceeded
	}
	select {
	case <-wait.C:
	case <-ctx.Done():
		return nil, os.ErrDeadlineExceeded
	}
	near, remote := net.Pipe()
	go p.answer(remote, netip.MustParseAddrPort(address).Port())
	return near, nil
}

// delayed answers every flight of the other side one round trip later.
type delayed struct {
	net.Conn
	trip time.Duration
	due  bool
}

func (d *delayed) Read(b []byte) (int, error) {
	d.due = true
	return d.Conn.Read(b)
}

func (d *delayed) Write(b []byte) (int, error) {
	if d.due {
		time.Sleep(d.trip) // the line, not a wait for an event
		d.due = false
	}
	return d.Conn.Write(b)
}

func (p far) answer(c net.Conn, port uint16) {
	defer c.Close()
	c = &delayed{Conn: c, trip: p.trip}
	if port == 443 {
		c = tls.Server(c, p.tls)
	}
	if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nDate: "+time.Now().UTC().Format(http.TimeFormat)+"\r\n\r\nsuccess")
	}
	io.Copy(io.Discard, c)
}

// slowly runs the check in a bubble, with names that take a round trip.
func slowly(t *testing.T, p far, known bool) (Facts, map[string]diag.Finding, diag.Result) {
	was := lookup
	defer func() { lookup = was }()
	lookup = func(ctx context.Context, _ *diag.Env, _ string) ([]netip.Addr, string, error) {
		wait := p.trip
		if !known {
			wait = 1200 * time.Millisecond // what package dns gives silent servers
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, "", ctx.Err()
		}
		if !known {
			return nil, "", io.EOF
		}
		return []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}, "configured", nil
	}
	return look(t, p, config.Probe{
		Anchors: []string{"192.0.2.1:443", "192.0.2.2:443"},
		Web:     []config.Web{{URL: "http://a.test/x", Body: "success"}, {URL: "http://b.test/x", Body: "success"}},
		HTTPS:   []string{"https://c.test/"},
	})
}

func TestSatelliteLineIsHealthy(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		synctest.Test(t, func(t *testing.T) {
			// The bubble's clock starts in 2000; the root is valid then too.
			cert := trustedCA.sign(t, time.Now().Add(-time.Hour), "c.test")
			p := far{trip: 600 * time.Millisecond, tls: &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: version}}
			_, findings, r := slowly(t, p, true)
			wantStatus(t, findings, map[string]diag.Status{"anchors": diag.OK, "web": diag.OK, "tls": diag.OK, "clock": diag.OK})
			t.Logf("TLS %x: verdict after %.0f ms", version, r.VerdictMS)
		})
	}
}

func TestSilenceIsKnownSoon(t *testing.T) {
	for name, c := range map[string]struct {
		p     far
		known bool
	}{
		"nothing answers":             {far{silent: true}, false},
		"only the name service":       {far{silent: true, trip: 40 * time.Millisecond}, true},
		"only the name service, slow": {far{silent: true, trip: 600 * time.Millisecond}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, findings, r := slowly(t, c.p, c.known)
				wantStatus(t, findings, map[string]diag.Status{"anchors": diag.Fail, "web": diag.Fail, "tls": diag.Unknown})
				for _, a := range in.Anchors {
					if a.Outcome != Timeout {
						t.Errorf("%+v", a)
					}
				}
				if r.VerdictMS > 2200 {
					t.Errorf("verdict after %.0f ms", r.VerdictMS)
				}
				t.Logf("verdict after %.0f ms", r.VerdictMS)
			})
		})
	}
}

// TestDeadFirstAddress: a name whose first address is dead still opens, as
// programs that race the families see it (RFC 8305).
func TestDeadFirstAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := diag.NewEnv(half{far{trip: 40 * time.Millisecond}}, config.Default())
		won := line{env: env, why: "web"}.first(context.Background(), []netip.AddrPort{
			netip.MustParseAddrPort("192.0.2.7:80"), netip.MustParseAddrPort("[2001:db8::7]:80")})
		if won.err != nil || !won.to.Addr().Is6() {
			t.Fatalf("%+v", won)
		}
		if took := env.SinceMS(); took < 250 || took > 350 {
			t.Errorf("after %.0f ms, want the stagger and one round trip", took)
		}
		won.conn.Close()
	})
}

// half is far with IPv4 dead.
type half struct{ far }

func (h half) Dial(ctx context.Context, o host.DialOptions, network, address string) (net.Conn, error) {
	f := h.far
	f.silent = netip.MustParseAddrPort(address).Addr().Is4()
	return f.Dial(ctx, o, network, address)
}

// TestCutRecordsNothing: absent is unknown, and nothing is left running.
func TestCutRecordsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config.Default()
		cfg.Probe.Web = []config.Web{{URL: "http://192.0.2.9/", Body: "success"}}
		cfg.Probe.HTTPS = []string{"https://192.0.2.9/"}
		cfg.Probe.Anchors = []string{"192.0.2.1:443"}
		vars := map[string]string{"http_proxy": "http://192.0.2.3:8080", "all_proxy": "socks5://192.0.2.4"}
		env := diag.NewEnv(far{silent: true, pc: pc{vars: vars}}, cfg)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(300*time.Millisecond, cancel)
		Local(ctx, env)
		for _, p := range Probes() {
			go p.Run(ctx, env)
		}
		<-ctx.Done()
		synctest.Wait()
		env.Facts.Look(func(f diag.Facts) {
			in := Section.Of(f)
			if len(in.Anchors)+len(in.Web)+len(in.TLS) > 0 || in.Proxies[0].Outcome != "" {
				t.Errorf("%+v", in)
			}
			for _, found := range Judge(f).Findings {
				if found.Status == diag.Fail || found.Status == diag.Warn || found.Status == diag.OK {
					t.Errorf("%s is %v", found.Code, found.Status)
				}
			}
		})
	})
}
