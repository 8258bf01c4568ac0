package step

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// rtaNexthopID is RTA_NH_ID of linux/rtnetlink.h: a next hop object by number.
const rtaNexthopID = 30

// kept are the flags a route is made with; all others report a state (dead,
// linkdown, offloaded) and are not part of it.
const kept = unix.RTNH_F_ONLINK | unix.RTNH_F_PERVASIVE

// ObserveRoutes reads every route of a slot.
func ObserveRoutes(slot RouteSlot) (RouteState, error) {
	req := nl.NewNetlinkRequest(unix.RTM_GETROUTE, unix.NLM_F_DUMP)
	msg := nl.NewRtMsg()
	*msg = nl.RtMsg{RtMsg: unix.RtMsg{Family: uint8(slot.Family)}}
	req.AddData(msg)
	dump, err := req.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWROUTE)
	if err != nil {
		return RouteState{}, fmt.Errorf("routes: %w", err)
	}
	s := RouteState{Slot: slot, Routes: []RouteEntry{}}
	for _, m := range dump {
		at, r, err := parseRoute(m)
		if err != nil {
			return s, err
		}
		if at == slot {
			if expires(r) {
				return s, fmt.Errorf("route %s has a lifetime, which cannot be given back", r.Words)
			}
			delete(r.Attrs, unix.RTA_CACHEINFO) // statistics
			s.Routes = append(s.Routes, r)
		}
	}
	return s, nil
}

func parseRoute(m []byte) (RouteSlot, RouteEntry, error) {
	if len(m) < unix.SizeofRtMsg {
		return RouteSlot{}, RouteEntry{}, fmt.Errorf("routes: short message")
	}
	h := nl.DeserializeRtMsg(m)
	attrs, err := nl.ParseRouteAttr(m[h.Len():])
	if err != nil {
		return RouteSlot{}, RouteEntry{}, fmt.Errorf("routes: %w", err)
	}
	r := RouteEntry{DstLen: h.Dst_len, SrcLen: h.Src_len, Protocol: h.Protocol, Scope: h.Scope, Type: h.Type,
		Flags: h.Flags & kept, Attrs: map[uint16]string{}}
	for _, a := range attrs {
		value := a.Value
		if a.Attr.Type == unix.RTA_MULTIPATH {
			value = steadyHops(value)
		}
		r.Attrs[a.Attr.Type] = hex.EncodeToString(value)
	}
	slot := RouteSlot{Family: int(h.Family), Dst: "default", Table: int(h.Table), TOS: int(h.Tos)}
	if t := r.attr(unix.RTA_TABLE); len(t) == 4 {
		slot.Table = int(binary.NativeEndian.Uint32(t))
	}
	if p := r.attr(unix.RTA_PRIORITY); len(p) == 4 {
		slot.Metric = int(binary.NativeEndian.Uint32(p))
	}
	if d, ok := netip.AddrFromSlice(r.attr(unix.RTA_DST)); ok {
		slot.Dst = fmt.Sprintf("%s/%d", d, h.Dst_len)
	}
	r.Words = r.say(slot)
	return slot, r, nil
}

// steadyHops masks the state flags of every next hop (struct rtnexthop: a
// 16-bit length, then the flags).
func steadyHops(value []byte) []byte {
	out := append([]byte(nil), value...)
	for rest := out; len(rest) >= unix.SizeofRtNexthop; {
		rest[2] &= kept
		n := (int(binary.NativeEndian.Uint16(rest)) + 3) &^ 3
		if n < unix.SizeofRtNexthop || n > len(rest) {
			break
		}
		rest = rest[n:]
	}
	return out
}

// expires reports a route that the kernel will drop by itself: struct
// rta_cacheinfo has the rest of its life in the third word.
func expires(r RouteEntry) bool {
	c := r.attr(unix.RTA_CACHEINFO)
	return len(c) >= 12 && binary.NativeEndian.Uint32(c[8:]) != 0
}

// DefaultVia is the state of a slot with one IPv4 default route in it, just
// as the kernel describes one made by "ip route add default … proto static".
func DefaultVia(slot RouteSlot, gateway netip.Addr, link int) RouteState {
	u32 := func(n int) string { return hex.EncodeToString(binary.NativeEndian.AppendUint32(nil, uint32(n))) }
	r := RouteEntry{Protocol: unix.RTPROT_STATIC, Scope: unix.RT_SCOPE_UNIVERSE, Type: unix.RTN_UNICAST,
		Attrs: map[uint16]string{
			unix.RTA_TABLE:   u32(slot.Table),
			unix.RTA_GATEWAY: hex.EncodeToString(gateway.AsSlice()),
			unix.RTA_OIF:     u32(link),
		}}
	if slot.Metric != 0 {
		r.Attrs[unix.RTA_PRIORITY] = u32(slot.Metric)
	}
	r.Words = r.say(slot)
	return RouteState{Slot: slot, Routes: []RouteEntry{r}}
}

// say puts a route into the words of ip(8).
func (r RouteEntry) say(slot RouteSlot) string {
	var b strings.Builder
	if types := map[uint8]string{unix.RTN_BLACKHOLE: "blackhole ", unix.RTN_UNREACHABLE: "unreachable ", unix.RTN_PROHIBIT: "prohibit "}; r.Type != unix.RTN_UNICAST {
		b.WriteString(types[r.Type])
	}
	b.WriteString(slot.Dst)
	if gw, ok := netip.AddrFromSlice(r.attr(unix.RTA_GATEWAY)); ok {
		b.WriteString(" via " + gw.String())
	}
	if oif := r.attr(unix.RTA_OIF); len(oif) == 4 {
		if l, err := net.InterfaceByIndex(int(binary.NativeEndian.Uint32(oif))); err == nil {
			b.WriteString(" dev " + l.Name)
		}
	}
	b.WriteString(" proto " + netlink.RouteProtocol(r.Protocol).String())
	if src, ok := netip.AddrFromSlice(r.attr(unix.RTA_PREFSRC)); ok {
		b.WriteString(" src " + src.String())
	}
	if slot.Metric != 0 {
		fmt.Fprintf(&b, " metric %d", slot.Metric)
	}
	if slot.Table != unix.RT_TABLE_MAIN {
		fmt.Fprintf(&b, " table %d", slot.Table)
	}
	if r.Flags&unix.RTNH_F_ONLINK != 0 {
		b.WriteString(" onlink")
	}
	return b.String()
}

func (routeKind) observe(_ string, like json.RawMessage) (json.RawMessage, error) {
	var s RouteState
	if err := json.Unmarshal(like, &s); err != nil {
		return nil, err
	}
	now, err := ObserveRoutes(s.Slot)
	if err != nil {
		return nil, err
	}
	return mustJSON(now), nil
}

// set removes what shall not be there and adds what shall; one route for one
// route is a replacement, which leaves no moment without.
func (routeKind) set(_, _ string, raw json.RawMessage) error {
	var to RouteState
	if err := json.Unmarshal(raw, &to); err != nil {
		return err
	}
	now, err := ObserveRoutes(to.Slot)
	if err != nil {
		return err
	}
	del, add := without(now.Routes, to.Routes), without(to.Routes, now.Routes)
	if len(now.Routes) == 1 && len(to.Routes) == 1 && len(add) == 1 && to.Slot.Family == unix.AF_INET {
		return add[0].send(to.Slot, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_REPLACE)
	}
	for _, r := range del {
		if err := r.send(to.Slot, unix.RTM_DELROUTE, 0); err != nil {
			return fmt.Errorf("route del %s: %w", r.Words, err)
		}
	}
	for _, r := range add {
		if err := r.send(to.Slot, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_APPEND); err != nil {
			return fmt.Errorf("route add %s: %w", r.Words, err)
		}
	}
	return nil
}

// send replays the kernel's own description. A route that names a next hop
// object is described with the hop spelled out as well, but must
// be made with the name alone.
func (r RouteEntry) send(slot RouteSlot, what, flags int) error {
	req := nl.NewNetlinkRequest(what, flags|unix.NLM_F_ACK)
	table := uint8(unix.RT_TABLE_UNSPEC) // RTA_TABLE says it in full
	req.AddData(&nl.RtMsg{RtMsg: unix.RtMsg{Family: uint8(slot.Family), Dst_len: r.DstLen, Src_len: r.SrcLen,
		Tos: uint8(slot.TOS), Table: table, Protocol: r.Protocol, Scope: r.Scope, Type: r.Type, Flags: r.Flags}})
	_, named := r.Attrs[rtaNexthopID]
	for n := range r.Attrs {
		hop := n == unix.RTA_GATEWAY || n == unix.RTA_OIF || n == unix.RTA_MULTIPATH || n == unix.RTA_VIA
		if !(named && hop) {
			req.AddData(nl.NewRtAttr(int(n), r.attr(n)))
		}
	}
	_, err := req.Execute(unix.NETLINK_ROUTE, 0)
	return err
}
