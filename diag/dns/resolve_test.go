package dns

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/host/fake"
	"deskside/diag/link"
)

// hanging is a machine whose commands never end by themselves.
type hanging struct{ *fake.Host }

func (hanging) Run(ctx context.Context, _ ...string) (host.Output, error) {
	<-ctx.Done()
	return host.Output{Code: -1}, ctx.Err()
}

// TestResolveShares: what a run asks anyway is not asked again, and what it
// does not ask is.
func TestResolveShares(t *testing.T) {
	for _, c := range []struct {
		name, ask string
		only      []string
		questions int // that reach the server over UDP
	}{
		{"the name that dns.servers asks for", "example.com", nil, 2},
		{"another name", "example.org", nil, 4},
		{"a run without that check", "example.com", []string{"other"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.both("192.0.2.1", zone(t, map[string][]string{"example.com": {"203.0.113.80"}, "example.org": {"203.0.113.81"}}))
			env := m.env()
			env.Focus.Only = c.only
			check := diag.Check{ID: "dns", Judge: Judge, Local: Local, Probes: []diag.Probe{{ID: "dns.servers", Budget: serversBudget, Run: askServers}}}
			found := 0
			other := diag.Check{ID: "other", Judge: Judge, Local: Local, Probes: []diag.Probe{{ID: "other.name", Budget: serversBudget, Run: func(ctx context.Context, env *diag.Env) error {
				addrs, _, err := Resolve(ctx, env, c.ask)
				found = len(addrs)
				return err
			}}}}
			diag.Runner{Checks: []diag.Check{check, other}, Explain: nobody, Wall: serversBudget}.Run(context.Background(), env)
			if n := m.questions("udp 192.0.2.1"); n != c.questions || found != 1 {
				t.Errorf("%d questions, %d addresses; want %d questions, 1 address", n, found, c.questions)
			}
		})
	}
}

func nobody(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} }

func TestResolve(t *testing.T) {
	other := map[string][]string{"example.com": {"198.51.100.7"}}
	for _, c := range []struct {
		name, ask, hosts string
		own, control     answerer
		want, by         string
		from, to         time.Duration
	}{
		{"literal", "192.0.2.80", "", nil, nil, "[192.0.2.80]", ByLiteral, 0, 50 * time.Millisecond},
		{"IPv6 literal", "2001:db8::1", "", nil, nil, "[2001:db8::1]", ByLiteral, 0, 50 * time.Millisecond},
		{"hosts file", "Example.com", "192.0.2.5 example.COM", zone(t, example), nil, "[192.0.2.5]", ByHosts, 0, 50 * time.Millisecond},
		{"own server", "example.com", "", zone(t, example), zone(t, other), "[203.0.113.80 2001:db8:80::80]", ByConfigured, 0, 140 * time.Millisecond},
		{"own server silent", "example.com", "", silent, zone(t, other), "[198.51.100.7]", ByControl, controlAfter, 500 * time.Millisecond},
		{"own server does not know", "example.com", "", zone(t, nil), zone(t, other), "[198.51.100.7]", ByControl, controlAfter, 500 * time.Millisecond},
		{"nobody knows", "example.com", "", zone(t, nil), zone(t, nil), "[]", "", controlAfter, 500 * time.Millisecond},
		{"nobody answers", "example.com", "", silent, silent, "[]", "", udpBudget, udpBudget + 400*time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "nameserver 192.0.2.1\n")
			m.fake.Files["etc/hosts"] = &fstest.MapFile{Data: []byte(c.hosts)}
			m.udp("192.0.2.1", c.own)
			m.udp("9.9.9.9", c.control)
			env := m.env("9.9.9.9")
			Local(context.Background(), env)
			begin := time.Now()
			addrs, by, err := Resolve(context.Background(), env, c.ask)
			took := time.Since(begin)
			if fmt.Sprint(addrs) != c.want || by != c.by || (err != nil) != (by == "") {
				t.Errorf("%v by %q (%v), want %s by %q", addrs, by, err, c.want, c.by)
			}
			if took < c.from || took > c.to {
				t.Errorf("took %v, want %v to %v", took, c.from, c.to)
			}
			if n := m.questions("udp 9.9.9.9"); c.by == ByConfigured && n > 0 {
				t.Errorf("the control resolver was asked %d times", n)
			}
		})
	}
}

func TestResolveWithoutOwnServersAsksControlAtOnce(t *testing.T) {
	m := newMachine(t, "")
	m.udp("9.9.9.9", zone(t, example))
	env := m.env("9.9.9.9")
	begin := time.Now()
	_, by, err := Resolve(context.Background(), env, "example.com") // Local did not run: nobody is known
	if err == nil {
		t.Errorf("resolved by %q though no server was known", by)
	}
	Section.Update(env.Facts, func(f *Facts) { f.Servers = []Server{{Address: "9.9.9.9", Role: Control}} })
	if _, by, err = Resolve(context.Background(), env, "example.com"); by != ByControl || err != nil || time.Since(begin) > controlAfter {
		t.Errorf("by %q (%v) after %v", by, err, time.Since(begin))
	}
}

func TestResolveAsksIPv6OnlyWhereItLeadsOut(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\n")
	m.udp("192.0.2.1", zone(t, example))
	env := m.env()
	Local(context.Background(), env)
	link.Section.Update(env.Facts, func(f *link.Facts) { f.Readable = diag.Yes })
	if addrs, _, _ := Resolve(context.Background(), env, "example.com"); fmt.Sprint(addrs) != "[203.0.113.80]" || m.questions("udp 192.0.2.1") != 1 {
		t.Errorf("%v in %d questions", addrs, m.questions("udp 192.0.2.1"))
	}
}

func TestResolveEndsWithItsContext(t *testing.T) {
	m := newMachine(t, "nameserver 192.0.2.1\n")
	m.udp("192.0.2.1", silent)
	env := m.env()
	Local(context.Background(), env)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { _, _, err := Resolve(ctx, env, "example.com"); done <- err }()
	waitFor(t, func() bool { return m.questions("udp 192.0.2.1") > 0 })
	begin := time.Now()
	cancel()
	if err := <-done; err == nil || time.Since(begin) > 50*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}
