package lab

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

// Answer makes the reply to a question; nil means silence.
type Answer func(*dns.Msg) *dns.Msg

// Resolver is a name server whose manners can change while it runs.
type Resolver struct {
	answer   atomic.Pointer[Answer]
	forger   atomic.Pointer[Answer]
	udp, tcp *dns.Server
}

// Answers changes what the server says from now on.
func (r *Resolver) Answers(a Answer) { r.answer.Store(&a) }

// now is what the server says at present.
func (r *Resolver) now() Answer { return *r.answer.Load() }

// Wrap puts something around what the server says at present.
func (r *Resolver) Wrap(around func(Answer) Answer) { r.Answers(around(r.now())) }

// Forestalled lets somebody on the way answer first, over UDP, in this
// server's name. Those who forge watch packets go by; a stream they leave alone.
func (r *Resolver) Forestalled(by Answer) { r.forger.Store(&by) }

// Stop closes both ports: the host stays, the service is gone.
func (r *Resolver) Stop() {
	_ = r.udp.Shutdown() // an error says that it has stopped before
	r.StopTCP()
}

// StopTCP closes the TCP port only.
func (r *Resolver) StopTCP() { _ = r.tcp.Shutdown() }

// ServeDNS implements dns.Handler.
func (r *Resolver) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	_, datagram := w.LocalAddr().(*net.UDPAddr)
	if forge := r.forger.Load(); forge != nil && datagram {
		r.write(w, (*forge)(q))
	}
	reply := (*r.answer.Load())(q)
	if reply != nil && datagram {
		reply = fitting(reply, q)
	}
	r.write(w, reply)
}

func (r *Resolver) write(w dns.ResponseWriter, reply *dns.Msg) {
	if reply != nil {
		_ = w.WriteMsg(reply) // the asker may be gone: no one to tell
	}
}

// fitting cuts a reply to what the asker can take: RFC 1035 4.2.1, RFC 6891 6.2.3.
func fitting(reply, q *dns.Msg) *dns.Msg {
	size := dns.MinMsgSize
	if opt := q.IsEdns0(); opt != nil {
		size = int(opt.UDPSize())
	}
	if reply.Len() > size {
		reply = reply.Copy() // a forwarder's may be somebody else's too
		reply.Truncate(size)
	}
	return reply
}

func (n *Net) resolver(on *Node, ip string, a Answer) *Resolver {
	address := net.JoinHostPort(ip, "53")
	r := &Resolver{}
	r.Answers(a)
	r.udp = &dns.Server{PacketConn: on.ListenPacket(address), Handler: r}
	r.tcp = &dns.Server{Listener: on.Listen(address), Handler: r}
	for _, s := range []*dns.Server{r.udp, r.tcp} {
		ready := make(chan struct{})
		s.NotifyStartedFunc = func() { close(ready) } // a server that has not started cannot be stopped
		n.run(func() { _ = s.ActivateAndServe() })
		<-ready
	}
	n.onClose(r.Stop)
	n.byIP[ip] = r
	return r
}

// Names that exist in every world, and where they lead.
var zone4 = map[string]string{
	"example.com.": WebOne, "www.example.com.": WebOne, "probe.example.net.": WebOne,
	"example.org.": WebTwo, "www.example.org.": WebTwo, "check.example.org.": WebTwo,
	"ipv4only.arpa.": "192.0.0.170", // RFC 7050
}

var zone6 = map[string]string{WebOne: WebOne6, WebTwo: WebTwo6}

// zone answers truthfully: the names above, NXDOMAIN for the others.
func (n *Net) zone() Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := new(dns.Msg).SetReply(q)
		r.RecursionAvailable = true
		if len(q.Question) != 1 {
			r.Rcode = dns.RcodeFormatError
			return r
		}
		name, qtype := q.Question[0].Name, q.Question[0].Qtype
		ip, exists := zone4[dns.CanonicalName(name)]
		switch {
		case !exists && name != ".":
			r.Rcode = dns.RcodeNameError
			r.Ns = []dns.RR{&dns.SOA{Hdr: header("example.", dns.TypeSOA), Ns: "ns.example.", Mbox: "hostmaster.example.", Minttl: 60}}
		case qtype == dns.TypeA:
			r.Answer = []dns.RR{record(name, ip)}
		case qtype == dns.TypeAAAA && n.Site.IPv6 && zone6[ip] != "":
			r.Answer = []dns.RR{record(name, zone6[ip])}
		}
		if opt := q.IsEdns0(); opt != nil {
			r.SetEdns0(1232, opt.Do())
		}
		return r
	}
}

func header(name string, rrtype uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: rrtype, Class: dns.ClassINET, Ttl: 60}
}

func record(name, ip string) dns.RR {
	addr := net.ParseIP(ip)
	if addr.To4() != nil {
		return &dns.A{Hdr: header(name, dns.TypeA), A: addr}
	}
	return &dns.AAAA{Hdr: header(name, dns.TypeAAAA), AAAA: addr}
}

// Refusing answers everything with one response code.
func Refusing(rcode int) Answer {
	return func(q *dns.Msg) *dns.Msg { return new(dns.Msg).SetRcode(q, rcode) }
}

// Mute takes every question and never answers.
func Mute(*dns.Msg) *dns.Msg { return nil }

// Remembering answers names that exist from memory; for all others, and for
// the root's keys, it asks.
func Remembering(memory, ask Answer) Answer {
	return func(q *dns.Msg) *dns.Msg {
		if r := memory(q); r.Rcode == dns.RcodeSuccess && q.Question[0].Name != "." {
			return r
		}
		return ask(q)
	}
}

// Lying sends every IPv4 question to one address, also for names that do not
// exist; with onlyMissing the true answers are kept.
func Lying(truth Answer, ip string, onlyMissing bool) Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		if onlyMissing && r.Rcode != dns.RcodeNameError {
			return r
		}
		r.Rcode, r.Ns, r.Answer = dns.RcodeSuccess, nil, nil
		if q.Question[0].Qtype == dns.TypeA {
			r.Answer = []dns.RR{record(q.Question[0].Name, ip)}
		}
		return r
	}
}

// Late waits before it says what a says.
func (n *Net) Late(a Answer, wait time.Duration) Answer {
	return func(q *dns.Msg) *dns.Msg {
		select {
		case <-time.After(wait):
			return a(q)
		case <-n.over:
			return nil
		}
	}
}
