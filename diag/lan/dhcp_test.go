package lan

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
)

var somebody = net.HardwareAddr{0x02, 0, 0x5e, 0x10, 0, 1}

const number = 0x11223344

// The question must be one that a server of any age takes: RFC 2131 4.1, a
// sound IPv4 header, 300 bytes of BOOTP, the answer asked for by broadcast.
func TestDiscover(t *testing.T) {
	b := discover(somebody, number)
	if len(b) != ipLen+udpLen+300 || int(binary.BigEndian.Uint16(b[2:])) != len(b) {
		t.Errorf("%d bytes, header says %d", len(b), binary.BigEndian.Uint16(b[2:]))
	}
	sum := uint32(0)
	for i := 0; i < ipLen; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	if sum>>16+sum&0xffff != 0xffff {
		t.Errorf("IP checksum: the header sums to %x", sum)
	}
	boot := b[ipLen+udpLen:]
	if boot[0] != 1 || binary.BigEndian.Uint16(boot[10:]) != 0x8000 || net.HardwareAddr(boot[28:34]).String() != somebody.String() {
		t.Errorf("BOOTP head % x", boot[:44])
	}
	if options := boot[bootpLen:]; string(options[:4]) != string(cookie) || string(options[4:7]) != "\x35\x01\x01" {
		t.Errorf("options % x", options[:16])
	}
	if _, ok := answerIn(b, number); ok {
		t.Error("our own question is taken for an answer")
	}
}

// reply is a packet as a server sends it, with options of our choice.
func reply(address string, options ...byte) []byte {
	b := discover(somebody, number)[:ipLen+udpLen+bootpLen]
	copy(b[12:16], []byte{192, 0, 2, 1})
	binary.BigEndian.PutUint16(b[ipLen+2:], clientPort)
	boot := b[ipLen+udpLen:]
	boot[0] = 2
	copy(boot[16:20], net.ParseIP(address).To4())
	return append(append(append(b, cookie...), options...), optEnd)
}

func TestAnswers(t *testing.T) {
	a, ok := answerIn(reply("192.0.2.60", 0, optType, 1, typeOffer, optMask, 4, 255, 255, 255, 128, optRouter, 8, 192, 0, 2, 9, 192, 0, 2, 10, optServer, 4, 192, 0, 2, 2), number)
	want := answer{kind: typeOffer, server: netip.MustParseAddr("192.0.2.2"), address: netip.MustParseAddr("192.0.2.60"), router: netip.MustParseAddr("192.0.2.9"), bits: 25}
	if !ok || a != want {
		t.Errorf("%+v %v, want %+v", a, ok, want)
	}
	const page = "https://p/"
	said := append([]byte{optType, 1, typeOffer, optCaptive, byte(len(page))}, page...)
	if a, ok := answerIn(reply("192.0.2.60", said...), number); !ok || a.captive != page {
		t.Errorf("captive portal option: %+v %v", a, ok)
	}
	if a, ok := answerIn(reply("0.0.0.0", optType, 1, typeNAK), number); !ok || a.kind != typeNAK || a.server.String() != "192.0.2.1" {
		t.Errorf("NAK without a server option: %+v %v", a, ok)
	}
	for name, b := range map[string][]byte{
		"empty": nil, "short": reply("192.0.2.60")[:200], "no type": reply("192.0.2.60"),
		"ACK":              reply("192.0.2.60", optType, 1, 5),
		"option cut short": reply("192.0.2.60", optType, 200),
		"fragment":         func() []byte { b := reply("192.0.2.60", optType, 1, typeOffer); b[6] = 0x20; return b }(),
	} {
		if a, ok := answerIn(b, number); ok {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if _, ok := answerIn(reply("192.0.2.60", optType, 1, typeOffer), number+1); ok {
		t.Error("an answer to somebody else's question")
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(reply("192.0.2.60", optType, 1, typeOffer, optRouter, 4, 192, 0, 2, 9))
	f.Add(discover(somebody, number))
	f.Add([]byte{0x4f, 0, 0, 0, 0, 0, 0, 0, 64, 17})
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := answerIn(b, number)
		if ok && (a.kind != typeOffer && a.kind != typeNAK || !a.server.Is4() || !a.address.Is4() || a.bits < 0 || a.bits > 32) {
			t.Errorf("% x: %+v", b, a)
		}
	})
}
