package lab

import (
	"encoding/binary"
	"net"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// Match narrows a packet filter rule; several in a row must all hold.
type Match []expr.Any

// Hook is where in a node's stack a filter sits.
type Hook struct {
	name     string
	hook     *nftables.ChainHook
	priority *nftables.ChainPriority
	kind     nftables.ChainType
}

// The hooks that worlds use, netfilter's own names.
var (
	Input      = Hook{"input", nftables.ChainHookInput, nftables.ChainPriorityFilter, nftables.ChainTypeFilter}
	Output     = Hook{"output", nftables.ChainHookOutput, nftables.ChainPriorityFilter, nftables.ChainTypeFilter}
	Forward    = Hook{"forward", nftables.ChainHookForward, nftables.ChainPriorityFilter, nftables.ChainTypeFilter}
	Prerouting = Hook{"prerouting", nftables.ChainHookPrerouting, nftables.ChainPriorityRaw, nftables.ChainTypeFilter}
	dstNAT     = Hook{"dstnat", nftables.ChainHookPrerouting, nftables.ChainPriorityNATDest, nftables.ChainTypeNAT}
	srcNAT     = Hook{"srcnat", nftables.ChainHookPostrouting, nftables.ChainPriorityNATSource, nftables.ChainTypeNAT}
)

// Drop loses matching packets without a word.
func (n *Node) Drop(at Hook, matches ...Match) {
	n.rule(at, append(matches, Match{&expr.Verdict{Kind: expr.VerdictDrop}})...)
}

// Forbid answers matching packets with "administratively prohibited".
func (n *Node) Forbid(at Hook, matches ...Match) {
	n.rule(at, append(matches, Match{&expr.Reject{Type: unix.NFT_REJECT_ICMPX_UNREACH, Code: unix.NFT_REJECT_ICMPX_ADMIN_PROHIBITED}})...)
}

// Redirect hands TCP connections to any host's port to the node's own port.
func (n *Node) Redirect(from, to uint16, matches ...Match) {
	n.rule(dstNAT, append(append(matches, TCP(from)), Match{
		&expr.Immediate{Register: 1, Data: binaryutil.BigEndian.PutUint16(to)},
		&expr.Redir{RegisterProtoMin: 1, Flags: unix.NF_NAT_RANGE_PROTO_SPECIFIED},
	})...)
}

// Masquerade hides IPv4 senders behind the address of a link.
func (n *Node) Masquerade(link string) { n.rule(srcNAT, IPv4, Out(link), Match{&expr.Masq{}}) }

// NoFilters takes all of the node's rules away, its sharing of one address too.
func (n *Node) NoFilters() {
	c, err := nftables.New(nftables.WithNetNSFd(int(n.ns)))
	must(err, "%s: nftables", n.Name)
	c.DelTable(&nftables.Table{Name: "lab", Family: nftables.TableFamilyINet})
	must(c.Flush(), "%s: no rules", n.Name)
}

// rule appends to the node's table "lab", which holds nothing else.
func (n *Node) rule(at Hook, matches ...Match) {
	c, err := nftables.New(nftables.WithNetNSFd(int(n.ns)))
	must(err, "%s: nftables", n.Name)
	table := c.AddTable(&nftables.Table{Name: "lab", Family: nftables.TableFamilyINet})
	chain := c.AddChain(&nftables.Chain{Name: at.name, Table: table, Hooknum: at.hook, Priority: at.priority, Type: at.kind})
	var all []expr.Any
	for _, m := range matches {
		all = append(all, m...)
	}
	c.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: all})
	must(c.Flush(), "%s: %s rule", n.Name, at.name)
}

func equals(data ...byte) *expr.Cmp { return &expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: data} }

func ifname(name string) []byte {
	b := make([]byte, unix.IFNAMSIZ)
	copy(b, name)
	return b
}

// Families.
var (
	IPv4 = Match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1}, equals(unix.NFPROTO_IPV4)}
	IPv6 = Match{&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1}, equals(unix.NFPROTO_IPV6)}
)

// Echo matches an ICMP echo request.
var Echo = append(append(Match{}, IPv4...),
	&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equals(unix.IPPROTO_ICMP),
	&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 0, Len: 1}, equals(8))

// ICMP matches everything of that protocol.
var ICMP = append(append(Match{}, IPv4...),
	&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equals(unix.IPPROTO_ICMP))

// TooBig matches "fragmentation needed and DF set" (RFC 1191).
var TooBig = append(append(Match{}, ICMP...),
	&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 0, Len: 2}, equals(3, 4))

// TooBig6 matches "packet too big" (RFC 4443, 3.2).
var TooBig6 = append(append(Match{}, IPv6...),
	&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equals(unix.IPPROTO_ICMPV6),
	&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 0, Len: 1}, equals(2))

// TCP matches a destination port.
func TCP(port uint16) Match { return toPort(unix.IPPROTO_TCP, port) }

// UDP matches a destination port.
func UDP(port uint16) Match { return toPort(unix.IPPROTO_UDP, port) }

func toPort(proto byte, port uint16) Match {
	return Match{
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equals(proto),
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
		equals(binaryutil.BigEndian.PutUint16(port)...),
	}
}

// To matches an IPv4 destination.
func To(ip string) Match {
	return append(append(Match{}, IPv4...),
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 16, Len: 4}, equals(net.ParseIP(ip).To4()...))
}

// NewFlow matches the first packet of a connection, as the node tracks them.
var NewFlow = Match{
	&expr.Ct{Key: expr.CtKeySTATE, Register: 1},
	&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: binaryutil.NativeEndian.PutUint32(expr.CtStateBitNEW), Xor: make([]byte, 4)},
	&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
}

// In matches the link a packet came by.
func In(link string) Match {
	return Match{&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1}, equals(ifname(link)...)}
}

// Out matches the link a packet leaves by.
func Out(link string) Match {
	return Match{&expr.Meta{Key: expr.MetaKeyOIFNAME, Register: 1}, equals(ifname(link)...)}
}

// NotOut matches packets that leave by any other link.
func NotOut(link string) Match {
	return Match{&expr.Meta{Key: expr.MetaKeyOIFNAME, Register: 1}, &expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: ifname(link)}}
}

// Percent matches so many packets in a hundred, at random. Numgen writes host
// byte order while Cmp compares bytes, so the number is turned around first.
func Percent(p uint32) Match {
	limit := make([]byte, 4)
	binary.BigEndian.PutUint32(limit, p)
	return Match{
		&expr.Numgen{Register: 1, Modulus: 100, Type: unix.NFT_NG_RANDOM},
		&expr.Byteorder{SourceRegister: 1, DestRegister: 1, Op: expr.ByteorderHton, Len: 4, Size: 4},
		&expr.Cmp{Op: expr.CmpOpLt, Register: 1, Data: limit},
	}
}
