package lab

import (
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/miekg/dns"
	"golang.org/x/sys/unix"
)

// Manners of name servers: each takes an honest Answer and spoils it, or
// makes it unusual.

func asks(q *dns.Msg, qtype uint16) bool {
	return len(q.Question) == 1 && q.Question[0].Qtype == qtype
}

func asksFor(q *dns.Msg, names ...string) bool {
	for _, name := range names {
		if len(q.Question) == 1 && dns.CanonicalName(q.Question[0].Name) == name {
			return true
		}
	}
	return false
}

// When answers some questions otherwise.
func When(like func(*dns.Msg) bool, otherwise, truth Answer) Answer {
	return func(q *dns.Msg) *dns.Msg {
		if like(q) {
			return otherwise(q)
		}
		return truth(q)
	}
}

// Cutting says of every address that the answer does not fit: ask again over TCP.
func Cutting(truth Answer) Answer {
	return When(func(q *dns.Msg) bool { return asks(q, dns.TypeA) || asks(q, dns.TypeAAAA) }, func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		for i := 0; i < 120 && len(r.Answer) > 0; i++ { // more than 1232 bytes
			r.Answer = append(r.Answer, r.Answer[0])
		}
		return r
	}, truth)
}

// Reasoned is a response code with an extended error, RFC 8914.
func Reasoned(rcode int, reason uint16) Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := new(dns.Msg).SetRcode(q, rcode)
		if q.IsEdns0() != nil {
			r.SetEdns0(1232, false)
			r.IsEdns0().Option = append(r.IsEdns0().Option, &dns.EDNS0_EDE{InfoCode: reason})
		}
		return r
	}
}

// Bogus fails unless it is told not to check signatures.
func Bogus(truth Answer) Answer {
	return When(func(q *dns.Msg) bool { return !q.CheckingDisabled }, Reasoned(dns.RcodeServerFailure, dns.ExtendedErrorCodeDNSBogus), truth)
}

// Giving leads names to one IPv4 address, and to none over IPv6.
func Giving(ip string, truth Answer, names ...string) Answer {
	return When(func(q *dns.Msg) bool { return asksFor(q, names...) }, func(q *dns.Msg) *dns.Msg {
		r := new(dns.Msg).SetReply(q)
		if asks(q, dns.TypeA) {
			r.Answer = []dns.RR{record(q.Question[0].Name, ip)}
		}
		return r
	}, truth)
}

// ManyRecords gives sixty addresses for every name: about a thousand bytes.
func ManyRecords(truth Answer) Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		for n := byte(1); n < 60 && len(r.Answer) > 0 && asks(q, dns.TypeA); n++ {
			r.Answer = append(r.Answer, record(q.Question[0].Name, r.Answer[0].(*dns.A).A.String()))
		}
		return r
	}
}

// WithKeys has keys for the root, as long as the real ones.
func WithKeys(truth Answer) Answer {
	return When(func(q *dns.Msg) bool { return asks(q, dns.TypeDNSKEY) }, func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		for range 3 {
			key := strings.Repeat("A", 344) // 258 bytes: an RSA key of 2048 bits
			r.Answer = append(r.Answer, &dns.DNSKEY{Hdr: header(q.Question[0].Name, dns.TypeDNSKEY), Flags: 257, Protocol: 3, Algorithm: 8, PublicKey: key})
		}
		return r
	}, truth)
}

// Turning gives another address at every question, as content networks do.
func (n *Net) Turning(truth Answer, ips ...string) Answer {
	var turn atomic.Uint32
	return func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		if asks(q, dns.TypeA) && len(r.Answer) > 0 && asksFor(q, "www.example.com.") {
			r.Answer = []dns.RR{record(q.Question[0].Name, ips[int(turn.Add(1))%len(ips)])}
		}
		return r
	}
}

// Cold takes long for the first question about each name, and not again.
func (n *Net) Cold(truth Answer, wait time.Duration) Answer {
	late := n.Late(truth, wait)
	var asked atomic.Bool
	return func(q *dns.Msg) *dns.Msg {
		if asked.CompareAndSwap(false, true) {
			return late(q)
		}
		return truth(q)
	}
}

// SixFour makes up IPv6 addresses for names that have none: RFC 6147, with
// the well-known prefix of RFC 6052.
func SixFour(truth Answer) Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		if !asks(q, dns.TypeAAAA) || len(r.Answer) > 0 || r.Rcode != dns.RcodeSuccess {
			return r
		}
		four := q.Copy()
		four.Question[0].Qtype = dns.TypeA
		for _, rr := range truth(four).Answer {
			ip := append(net.ParseIP("64:ff9b::")[:12], rr.(*dns.A).A.To4()...)
			r.Answer = append(r.Answer, record(q.Question[0].Name, ip.String()))
		}
		return r
	}
}

// FromUDP matches a source port.
func FromUDP(port uint16) Match {
	return Match{
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equals(unix.IPPROTO_UDP),
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 0, Len: 2},
		equals(binaryutil.BigEndian.PutUint16(port)...),
	}
}

// Longer matches IPv4 packets of more bytes, header included.
func Longer(bytes uint16) Match {
	return append(append(Match{}, IPv4...),
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 2, Len: 2},
		&expr.Cmp{Op: expr.CmpOpGt, Register: 1, Data: binaryutil.BigEndian.PutUint16(bytes)})
}
