//go:build linux

package lab_test

import (
	"testing"
	"time"

	"github.com/miekg/dns"

	"deskside/diag/lab"
)

// start brings up a world of the list by its name.
func start(t *testing.T, name string) *lab.Lab {
	t.Helper()
	w, found := lab.Find(name)
	if !found {
		t.Fatalf("no world %q", name)
	}
	return lab.Start(t, w)
}

// The faults must look to the kernel as the real ones do: the table of errnos
// in section 1.0 of the cause catalogue, measured here with system calls only.
func TestErrnoSignatures(t *testing.T) {
	const soon = 700 * time.Millisecond // thousands of round trips in these worlds
	for _, c := range []struct {
		world, address   string
		tcp, sent, reply fate
		patience         time.Duration
	}{
		{"healthy", "9.9.9.9:53", ok, ok, ok, soon},
		{"healthy", "203.0.113.80:4444", "ECONNREFUSED", ok, "ECONNREFUSED", soon},
		{"healthy-v6", "[2620:fe::fe]:53", ok, ok, ok, soon},
		{"link-none", "9.9.9.9:53", "ENETUNREACH", "ENETUNREACH", "", soon},
		{"link-admin-down", "9.9.9.9:53", "ENETUNREACH", "ENETUNREACH", "", soon},
		{"link-no-carrier", "9.9.9.9:53", silence, ok, silence, soon},
		{"addr-none", "9.9.9.9:53", "ENETUNREACH", "ENETUNREACH", "", soon},
		{"addr-apipa", "9.9.9.9:53", "ENETUNREACH", "ENETUNREACH", "", soon},
		{"route-no-default", "9.9.9.9:53", "ENETUNREACH", "ENETUNREACH", "", soon},
		{"gw-dead", "9.9.9.9:53", "EHOSTUNREACH", ok, "EHOSTUNREACH", 5 * time.Second},
		// The router's word comes back so fast that connect(2) still holds the
		// socket; the kernel then only heeds it for the second SYN, after 1 s.
		{"wan-down", "9.9.9.9:53", "ENETUNREACH", ok, "ENETUNREACH", 2500 * time.Millisecond},
		{"wan-silent-1", "9.9.9.9:53", silence, ok, silence, soon},
		{"wan-silent-2", "9.9.9.9:53", silence, ok, silence, soon},
		{"fw-local", "9.9.9.9:53", silence, "EPERM", "", soon},
		{"fw-local-443", "9.9.9.9:443", silence, ok, "ECONNREFUSED", soon},
		{"fw-local-443", "9.9.9.9:53", ok, ok, ok, soon},
		{"dns-stub-down", "127.0.0.53:53", "ECONNREFUSED", ok, "ECONNREFUSED", soon},
		{"dns-server-closed", "9.9.9.9:53", "ECONNREFUSED", ok, "ECONNREFUSED", soon},
		{"dns-server-closed", "9.9.9.9:443", ok, ok, "ECONNREFUSED", soon},
		{"dns-server-silent", "9.9.9.9:53", silence, ok, silence, soon},
		{"dns-server-silent", "1.1.1.1:53", ok, ok, ok, soon},
		{"healthy-no-dns-tcp", "9.9.9.9:53", "ECONNREFUSED", ok, ok, soon},
		{"healthy-provider-dns", "9.9.9.9:53", silence, ok, silence, soon},
		{"healthy-provider-dns", "198.51.100.53:53", ok, ok, ok, soon},
	} {
		t.Run(c.world+" "+c.address, func(t *testing.T) {
			t.Parallel()
			l := start(t, c.world)
			if got, took := tcp(t, l, c.address, c.patience); got != c.tcp {
				t.Errorf("TCP connect: %s after %v, want %s", got, took, c.tcp)
			}
			sent, reply, _ := udp(t, l, c.address, question(t, "www.example.com."), c.patience)
			if sent != c.sent || reply != c.reply {
				t.Errorf("UDP: sending %s, reply %s; want %s, %s", sent, reply, c.sent, c.reply)
			}
		})
	}
}

func question(t *testing.T, name string) []byte {
	t.Helper()
	wire, err := new(dns.Msg).SetQuestion(name, dns.TypeA).Pack()
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

// What name servers of the worlds say, asked as a program on the PC would.
func TestNameServers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		world, server, name string
		rcode               int
		ip                  string
	}{
		{"healthy", lab.Quad9, "www.example.com.", dns.RcodeSuccess, lab.WebOne},
		{"healthy", lab.OneOne, "example.org.", dns.RcodeSuccess, lab.WebTwo},
		{"healthy", lab.Router, "www.example.com.", dns.RcodeSuccess, lab.WebOne},
		{"healthy", lab.Quad9, "no-such-name.example.", dns.RcodeNameError, ""},
		{"dns-servfail", lab.Quad9, "www.example.com.", dns.RcodeServerFailure, ""},
		{"dns-nxdomain-hijack", lab.Quad9, "no-such-name.example.", dns.RcodeSuccess, "198.51.100.2"},
		{"dns-nxdomain-hijack", lab.Quad9, "www.example.com.", dns.RcodeSuccess, lab.WebOne},
		{"dns-hijack-all", lab.Quad9, "www.example.com.", dns.RcodeSuccess, "198.51.100.2"},
		{"wan-down", lab.Router, "www.example.com.", dns.RcodeServerFailure, ""},
	} {
		l := start(t, c.world)
		_, got, wire := udp(t, l, c.server+":53", question(t, c.name), 2*time.Second)
		var m dns.Msg
		if got != ok || m.Unpack(wire) != nil {
			t.Errorf("%s: %s asked for %s: %s", c.world, c.server, c.name, got)
			continue
		}
		ip := ""
		if len(m.Answer) == 1 {
			ip = m.Answer[0].(*dns.A).A.String()
		}
		if m.Rcode != c.rcode || ip != c.ip {
			t.Errorf("%s: %s says %s %s about %s, want %s %s", c.world, c.server,
				dns.RcodeToString[m.Rcode], ip, c.name, dns.RcodeToString[c.rcode], c.ip)
		}
	}
}

func TestLongWire(t *testing.T) {
	t.Parallel()
	l := start(t, "healthy-slow")
	got, took := tcp(t, l, "9.9.9.9:443", 3*time.Second)
	if got != ok || took < 600*time.Millisecond || took > 900*time.Millisecond {
		t.Errorf("connect over 600 ms: %s after %v", got, took)
	}
}

func TestLossAndRate(t *testing.T) {
	t.Parallel()
	t.Run("thirty percent", func(t *testing.T) {
		l := lab.Start(t, lab.World{Name: "loss", Build: func(n *lab.Net) { n.ISP.Drop(lab.Forward, lab.To(lab.Quad9), lab.Percent(30)) }})
		const asked = 200
		answered := 0
		for range asked {
			if _, got, _ := udp(t, l, "9.9.9.9:53", question(t, "example.org."), 20*time.Millisecond); got == ok {
				answered++
			}
		}
		if answered < asked/2 || answered > asked*9/10 { // six standard deviations around 70 %
			t.Errorf("%d of %d answered, want about 140", answered, asked)
		}
	})
	t.Run("one hundred kilobit", func(t *testing.T) {
		l := lab.Start(t, lab.World{Name: "rate", Build: func(n *lab.Net) { n.GW.Rate("wan0", 1e5, 3000) }})
		sock := l.Far.ListenPacket(lab.WebOne + ":9")
		defer sock.Close()
		const sent = 100
		for range sent { // 120 kB at once; about 16 kB may burst, 3 kB may queue
			if f, _, _ := udp(t, l, lab.WebOne+":9", make([]byte, 1200), time.Microsecond); f != ok {
				t.Fatal(f)
			}
		}
		got := 0
		buf := make([]byte, 2000)
		for {
			if err := sock.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if _, _, err := sock.ReadFrom(buf); err != nil {
				break
			}
			got++
		}
		if got < 5 || got > sent*2/3 {
			t.Errorf("%d of %d packets passed a full queue", got, sent)
		}
	})
}
