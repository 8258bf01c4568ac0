package dns

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"deskside/diag/link"
)

// ednsSize is the UDP payload size we announce: DNS flag day 2020's 1232
// bytes, which fit every path. Without it miekg/dns reads 512 at most.
const ednsSize = 1232

// newMessage makes a query with a random ID and random letter case: whoever
// forges an answer blindly must guess both (RFC 5452, draft-vixie-dnsext-dns0x20).
func newMessage(name string, qtype uint16, noCheck bool) *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(recase(name)), qtype)
	m.CheckingDisabled = noCheck
	return m
}

// withEDNS is the same query with an OPT record.
func withEDNS(m *dns.Msg, sigs bool) *dns.Msg {
	return m.Copy().SetEdns0(ednsSize, sigs)
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func recase(name string) string {
	b := []byte(strings.ToLower(name))
	for i := range b {
		if rand.IntN(2) == 0 {
			b[i] = upper(b[i])
		}
	}
	return string(b)
}

// randomName is a name that nobody has registered: 16 letters under com.
func randomName() string {
	b := make([]byte, 16)
	for i := range b {
		b[i] = byte('a' + rand.IntN(26))
	}
	return string(b) + ".com"
}

// verdict is what a packet that came back is worth.
type verdict int

const (
	good    verdict = iota // an answer to our question
	recased                // the same, but for the letters' case
	foreign                // not an answer to our question
	garbage                // bears our ID but is no message, or not a whole one
)

// read takes a packet apart and compares it with what was asked. miekg/dns
// does neither compare the question nor notice a message that ends early
// without the TC bit (its issue #1492), so both are done here.
func read(packet []byte, asked *dns.Msg) (verdict, *dns.Msg) {
	if len(packet) >= 2 && binary.BigEndian.Uint16(packet) != asked.Id {
		return foreign, nil
	}
	m := new(dns.Msg)
	if err := m.Unpack(packet); err != nil && !m.Truncated {
		return garbage, nil
	}
	if len(packet) < 12 {
		return garbage, nil
	}
	if !m.Truncated && int(binary.BigEndian.Uint16(packet[6:])) != len(m.Answer) {
		return garbage, nil
	}
	return compare(m, asked), m
}

func compare(m, asked *dns.Msg) verdict {
	if !m.Response || m.Opcode != asked.Opcode {
		return foreign
	}
	if len(m.Question) == 0 && m.Rcode == dns.RcodeFormatError {
		return good // a server that could not read the question cannot repeat it
	}
	if len(m.Question) != 1 {
		return foreign
	}
	got, want := m.Question[0], asked.Question[0]
	switch {
	case got == want:
		return good
	case got.Qtype == want.Qtype && got.Qclass == want.Qclass && strings.EqualFold(got.Name, want.Name):
		return recased
	}
	return foreign
}

// rejectsEDNS reports an answer that says "I do not know EDNS" (RFC 6891
// section 7); the C library asks without it and gets along fine.
func rejectsEDNS(m *dns.Msg) bool {
	return m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented || m.Rcode == dns.RcodeBadVers
}

// maxIPs bounds what one answer can put into the facts.
const maxIPs = 16

// fill writes an answer into a query's record.
func (q *Query) fill(m *dns.Msg, v verdict) {
	q.Outcome, q.Cut, q.Recased = Answered, m.Truncated, v == recased
	q.Rcode = dns.RcodeToString[m.Rcode]
	if q.Rcode == "" {
		q.Rcode = "OTHER"
	}
	for _, a := range addresses(m, dns.StringToType[q.Type]) {
		q.IPs, q.Scopes = append(q.IPs, a.String()), append(q.Scopes, link.ScopeOf(a.String()))
	}
	if opt := m.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if ede, ok := o.(*dns.EDNS0_EDE); ok && len(q.Errors) < maxIPs {
				q.Errors = append(q.Errors, int(ede.InfoCode))
			}
		}
	}
}

// addresses are the A or AAAA records of an answer, at most maxIPs.
func addresses(m *dns.Msg, qtype uint16) []netip.Addr {
	var out []netip.Addr
	for _, rr := range m.Answer {
		var ip []byte
		switch rr := rr.(type) {
		case *dns.A:
			if qtype == dns.TypeA {
				ip = rr.A.To4()
			}
		case *dns.AAAA:
			if qtype == dns.TypeAAAA {
				ip = rr.AAAA.To16()
			}
		}
		if a, ok := netip.AddrFromSlice(ip); ok && len(out) < maxIPs {
			out = append(out, a)
		}
	}
	return out
}
