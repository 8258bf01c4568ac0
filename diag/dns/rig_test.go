package dns

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/host/fake"
)

// packet is one thing a test server sends, some time after the question.
type packet struct {
	after time.Duration
	bytes []byte
}

// answerer makes the packets that answer a question; none is silence.
type answerer func(q *dns.Msg) []packet

// machine is a PC whose servers live on loopback: address:53 is dialled at
// whatever port the test server got.
type machine struct {
	t     *testing.T
	fake  *fake.Host
	mu    sync.Mutex
	ports map[string]string // "udp 192.0.2.1" → 127.0.0.1:40000
	asked map[string]int    // questions that reached the server

	handshake time.Duration // how long a TCP connect takes
}

func newMachine(t *testing.T, resolvConf string) *machine {
	m := &machine{t: t, ports: map[string]string{}, asked: map[string]int{}}
	m.fake = &fake.Host{Clock: time.Now(), Files: fstest.MapFS{
		"etc/resolv.conf":   {Data: []byte(resolvConf)},
		"etc/nsswitch.conf": {Data: []byte("hosts: files dns\n")},
	}, Commands: map[string]host.Output{}, Dialer: m.dial}
	return m
}

func (m *machine) dial(ctx context.Context, _ host.DialOptions, network, address string) (net.Conn, error) {
	ip, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	to, ok := m.ports[network+" "+ip]
	m.mu.Unlock()
	if !ok {
		to = closedPort(m.t, network)
	}
	if to == nowhere {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if network == "tcp" && m.handshake > 0 {
		select {
		case <-time.After(m.handshake):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return (&net.Dialer{}).DialContext(ctx, network, to)
}

// nowhere stands for a TCP port that swallows every packet.
const nowhere = "nowhere"

// void lets nobody through to an address over TCP.
func (m *machine) void(address string) {
	m.mu.Lock()
	m.ports["tcp "+address] = nowhere
	m.mu.Unlock()
}

// closedPort is a loopback address where nobody listens.
func closedPort(t *testing.T, network string) string {
	if network == "tcp" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().String()
}

func (m *machine) count(key string) {
	m.mu.Lock()
	m.asked[key]++
	m.mu.Unlock()
}

func (m *machine) questions(key string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked[key]
}

// udp serves address over UDP until the test ends.
func (m *machine) udp(address string, a answerer) {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { c.Close() })
	m.mu.Lock()
	m.ports["udp "+address] = c.LocalAddr().String()
	m.mu.Unlock()
	go func() {
		buf := make([]byte, dns.MaxMsgSize)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			q := new(dns.Msg)
			if q.Unpack(buf[:n]) != nil {
				continue
			}
			m.count("udp " + address)
			for _, p := range a(q) {
				time.AfterFunc(p.after, func() { _, _ = c.WriteTo(p.bytes, from) })
			}
		}
	}()
}

// tcp serves address over TCP until the test ends; an answer without packets
// closes the stream, a nil answerer accepts and says nothing.
func (m *machine) tcp(address string, a answerer) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { l.Close() })
	m.mu.Lock()
	m.ports["tcp "+address] = l.Addr().String()
	m.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			m.t.Cleanup(func() { c.Close() })
			if a != nil {
				go m.stream(&dns.Conn{Conn: c}, address, a)
			}
		}
	}()
}

func (m *machine) stream(c *dns.Conn, address string, a answerer) {
	for {
		q, err := c.ReadMsg()
		if err != nil {
			return
		}
		m.count("tcp " + address)
		packets := a(q)
		if len(packets) == 0 {
			c.Close()
		}
		for _, p := range packets {
			time.Sleep(p.after) // the server's own slowness, not a wait for an event
			_, _ = c.Write(p.bytes)
		}
	}
}

// both serves address over both transports.
func (m *machine) both(address string, a answerer) {
	m.udp(address, a)
	m.tcp(address, a)
}

func (m *machine) env(control ...string) *diag.Env {
	cfg := config.Default()
	cfg.Probe.DNSControl, cfg.Probe.Names = control, []string{"example.com"}
	cfg.Probe.Web, cfg.Probe.HTTPS = nil, nil
	return diag.NewEnv(m.fake, cfg)
}

// getent lets the system resolver find ips; none is "not found".
func (m *machine) getent(ips ...string) {
	out := host.Output{Code: 2}
	for _, ip := range ips {
		out.Code, out.Stdout = 0, append(out.Stdout, ip+" STREAM example.com\n"...)
	}
	m.fake.Commands["getent ahosts example.com"] = out
}

func (m *machine) run(env *diag.Env) (Facts, diag.Result) {
	r := diag.Runner{
		Checks:  []diag.Check{{ID: "dns", Local: Local, Probes: Probes(), Judge: Judge}},
		Explain: func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} },
	}
	res := r.Run(context.Background(), env)
	return Section.Of(res.Facts), res
}

func pack(t *testing.T, m *dns.Msg) []byte {
	b, err := m.Pack()
	if err != nil {
		t.Error(err)
	}
	return b
}

// zone answers A and AAAA from a table of names, NXDOMAIN for others.
func zone(t *testing.T, table map[string][]string) answerer {
	return func(q *dns.Msg) []packet { return []packet{{0, pack(t, fromTable(q, table))}} }
}

func fromTable(q *dns.Msg, table map[string][]string) *dns.Msg {
	r := new(dns.Msg).SetReply(q)
	ips, ok := table[canonical(q.Question[0].Name)]
	if !ok {
		r.Rcode = dns.RcodeNameError
	}
	for _, s := range ips {
		a := netip.MustParseAddr(s)
		h := dns.RR_Header{Name: q.Question[0].Name, Class: dns.ClassINET, Ttl: 60}
		switch {
		case a.Is4() && q.Question[0].Qtype == dns.TypeA:
			h.Rrtype = dns.TypeA
			r.Answer = append(r.Answer, &dns.A{Hdr: h, A: a.AsSlice()})
		case a.Is6() && q.Question[0].Qtype == dns.TypeAAAA:
			h.Rrtype = dns.TypeAAAA
			r.Answer = append(r.Answer, &dns.AAAA{Hdr: h, AAAA: a.AsSlice()})
		}
	}
	return r
}

var example = map[string][]string{"example.com": {"203.0.113.80", "2001:db8:80::80"}}

func silent(*dns.Msg) []packet { return nil }
