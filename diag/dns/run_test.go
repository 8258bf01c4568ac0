package dns

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/host/fake"
)

func statusOf(res diag.Result, code string) diag.Status {
	for _, f := range res.Checks[0].Findings {
		if f.Code == code {
			return f.Status
		}
	}
	return diag.Skipped
}

func expect(t *testing.T, res diag.Result, want map[string]diag.Status) {
	t.Helper()
	for code, status := range want {
		if got := statusOf(res, code); got != status {
			t.Errorf("%s is %v, want %v", code, got, status)
		}
	}
}

// A healthy PC: every finding is fine, in a few packets and little time.
func TestRunHealthy(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\nnameserver 192.0.2.2\n")
	for _, a := range []string{"192.0.2.1", "192.0.2.2", "9.9.9.9"} {
		m.both(a, zone(t, example))
	}
	m.getent("203.0.113.80")
	f, res := m.run(m.env("9.9.9.9", "192.0.2.2"))
	if res.Checks[0].Status != diag.OK {
		t.Errorf("%+v", res.Checks[0].Findings)
	}
	for _, p := range diag.RunSection.Of(res.Facts).Probes {
		if p.End != diag.EndDone {
			t.Errorf("%s ended %q: that turns what is unknown into skipped", p.ID, p.End)
		}
	}
	if len(f.Servers) != 3 {
		t.Errorf("a configured server is no second opinion: %+v", f.Servers)
	}
	packets := 0
	for _, c := range res.Contacted {
		packets += c.Packets
	}
	// Four questions each to its own servers, two to the control, one more
	// count for each of the three TCP handshakes, and two at the second look.
	if packets != 4*2+2+3+2 {
		t.Errorf("%d packets: %+v", packets, res.Contacted)
	}
	if res.DurationMS > 500 {
		t.Errorf("took %.0f ms", res.DurationMS)
	}
}

// On 600 ms round trips everything is fine; UDP needs one, TCP two.
func TestRunSatellite(t *testing.T) {
	t.Parallel()
	slow := func(q *dns.Msg) []packet {
		return []packet{{620 * time.Millisecond, pack(t, fromTable(q, example))}}
	}
	m := newMachine(t, "nameserver 192.0.2.1\n")
	m.both("192.0.2.1", slow)
	m.handshake = 600 * time.Millisecond
	m.getent("203.0.113.80")
	f, res := m.run(m.env())
	if res.Checks[0].Status != diag.OK {
		t.Errorf("%+v", res.Checks[0].Findings)
	}
	for _, q := range f.Servers[0].Queries {
		if q.Outcome != Answered {
			t.Errorf("%s %s: %s after %.0f ms", q.Proto, q.Type, q.Outcome, q.TookMS)
		}
	}
}

// A silent server is known to be silent after 1.2 s over both transports, also
// where the kernel still opens its TCP port; one that gives a sign of life may
// only be slow, and gets 2 s.
func TestRunSilent(t *testing.T) {
	t.Parallel()
	alive := func(q *dns.Msg) []packet {
		if canonical(q.Question[0].Name) != lifeName {
			return nil
		}
		return []packet{{0, pack(t, fromTable(q, example))}}
	}
	for _, c := range []struct {
		name     string
		answer   answerer
		open     bool
		from, to float64
	}{{"gone", silent, false, 1200, 1400}, {"hung", silent, true, 1200, 1400}, {"slow", alive, true, 2000, 2200}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.udp("192.0.2.1", c.answer)
			m.void("192.0.2.1")
			if c.open {
				m.tcp("192.0.2.1", nil)
			}
			m.both("9.9.9.9", zone(t, example))
			m.getent()
			_, res := m.run(m.env("9.9.9.9"))
			expect(t, res, map[string]diag.Status{CodeServers: diag.Fail, CodeResolves: diag.Fail, CodeHonest: diag.Skipped, CodeHosts: diag.OK})
			if res.VerdictMS < c.from || res.VerdictMS > c.to {
				t.Errorf("verdict after %.0f ms", res.VerdictMS)
			}
		})
	}
}

func TestRunHijack(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\n")
	m.both("192.0.2.1", func(q *dns.Msg) []packet {
		return []packet{{0, pack(t, fromTable(q, map[string][]string{canonical(q.Question[0].Name): {"198.51.100.2"}}))}}
	})
	m.getent("198.51.100.2")
	_, res := m.run(m.env())
	expect(t, res, map[string]diag.Status{CodeServers: diag.OK, CodeHonest: diag.Fail})
}

// SERVFAIL is followed up with checking disabled.
func TestRunAsksWithoutChecking(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\n")
	m.both("192.0.2.1", func(q *dns.Msg) []packet {
		r := fromTable(q, example)
		if !q.CheckingDisabled {
			r.Rcode, r.Answer = dns.RcodeServerFailure, nil
		}
		return []packet{{0, pack(t, r)}}
	})
	m.getent()
	f, res := m.run(m.env())
	expect(t, res, map[string]diag.Status{CodeServers: diag.Fail, CodeResolves: diag.Fail})
	found := false
	for _, q := range f.Servers[0].Queries {
		found = found || q.NoCheck && q.Rcode == "NOERROR"
	}
	if !found {
		t.Errorf("no answer with checking disabled: %+v", f.Servers[0].Queries)
	}
}

func TestRunHosts(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       diag.Status
	}{
		{"private", "10.66.66.66 example.com", diag.Fail},
		{"routable", "198.51.100.9 example.com", diag.Fail},
		{"somewhere else beside a right one", "203.0.113.80 example.com\n198.51.100.9 example.com", diag.Fail},
		{"sinkhole", "0.0.0.0 example.com", diag.OK}, // somebody's wish: what breaks over it, causes tell
		{"this PC", "127.0.0.1 www.other.example EXAMPLE.com", diag.OK},
		{"IPv6 sinkhole beside a right one", "203.0.113.80 example.com\n::1 example.com", diag.OK},
		{"the same", "203.0.113.80 example.com\n2001:db8:80::80 example.com", diag.OK},
		{"another name", "10.66.66.66 example.net", diag.OK},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.fake.Files["etc/hosts"] = &fstest.MapFile{Data: []byte(c.line + "\n")}
			m.both("192.0.2.1", zone(t, example))
			m.getent("203.0.113.80")
			_, res := m.run(m.env())
			expect(t, res, map[string]diag.Status{CodeHosts: c.want, CodeServers: diag.OK})
		})
	}
}

func TestRunNobodyConfigured(t *testing.T) {
	for _, dangling := range []bool{false, true} {
		m := newMachine(t, "")
		if dangling {
			delete(m.fake.Files, "etc/resolv.conf")
			m.fake.Links = map[string]string{confPath: "/run/NetworkManager/resolv.conf"}
		}
		m.both("9.9.9.9", zone(t, example))
		m.getent()
		f, res := m.run(m.env("9.9.9.9"))
		expect(t, res, map[string]diag.Status{CodeConfigured: diag.Fail, CodeServers: diag.Skipped, CodeResolves: diag.Fail, CodeHonest: diag.Skipped})
		if f.Conf.Dangling != dangling {
			t.Errorf("dangling %v", f.Conf.Dangling)
		}
		if res.DurationMS > 300 {
			t.Errorf("took %.0f ms", res.DurationMS)
		}
	}
}

func TestRunStubDown(t *testing.T) {
	m := newMachine(t, "nameserver 127.0.0.53\n")
	m.fake.Files["run/systemd/resolve/resolv.conf"] = &fstest.MapFile{Data: []byte("nameserver 192.0.2.7\n")}
	m.fake.Env = map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + t.TempDir() + "/none"}
	m.both("192.0.2.7", zone(t, example))
	m.getent()
	f, res := m.run(m.env())
	expect(t, res, map[string]diag.Status{CodeServers: diag.Fail, CodeResolves: diag.Fail})
	if f.Stub == nil || len(f.withRole(Upstream)) != 1 || f.withRole(Upstream)[0].State() != Works || f.Servers[0].State() != StateClosed {
		t.Errorf("%+v %+v", f.Stub, f.Servers)
	}
	if res.DurationMS > 300 {
		t.Errorf("took %.0f ms", res.DurationMS)
	}
}

func TestLookupIsKilledAfterThreeSeconds(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "")
	env := m.env()
	env.Host = hanging{m.fake}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := lookUp(ctx, env); err == nil || len(snapshot(env).Lookups) != 0 {
		t.Errorf("a cut lookup left %+v", snapshot(env).Lookups)
	}
	begin := time.Now()
	if err := lookUp(context.Background(), env); err != nil {
		t.Fatal(err)
	}
	if l := snapshot(env).Lookups; len(l) != 1 || l[0].Outcome != Slow || time.Since(begin) > lookupBudget+200*time.Millisecond {
		t.Errorf("%+v after %v", l, time.Since(begin))
	}
}

// forbidding is a machine whose configuration this user may not read.
type forbidding struct{ *fake.Host }

func (forbidding) ReadFile(path string) ([]byte, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
}

// What may not be read is unknown and says what unlocks it; the system's own
// lookup still shows that names resolve.
func TestRunWithoutPermission(t *testing.T) {
	m := newMachine(t, "")
	m.both("9.9.9.9", zone(t, example))
	m.getent("203.0.113.80")
	env := m.env("9.9.9.9")
	env.Host = forbidding{m.fake}
	_, res := m.run(env)
	expect(t, res, map[string]diag.Status{CodeConfigured: diag.Unknown, CodeServers: diag.Unknown, CodeResolves: diag.OK, CodeHosts: diag.Unknown})
	var why []string
	for _, u := range res.Checks[0].Unseen {
		why = append(why, u.Why.Key)
	}
	if !contains(why, "unseen.dns.config.permission.why") || !contains(why, "unseen.dns.hosts.permission.why") {
		t.Errorf("unseen: %v", why)
	}
}
