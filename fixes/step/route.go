package step

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
)

// RouteState is every route of one slot. A slot is what the kernel tells
// routes apart by: two routes that differ in nothing else compete.
type RouteState struct {
	Slot   RouteSlot    `json:"slot"`
	Routes []RouteEntry `json:"routes"` // in the kernel's order; empty: none
}

// RouteSlot names a place in the routing tables.
type RouteSlot struct {
	Family int    `json:"family"` // AF_INET or AF_INET6
	Dst    string `json:"dst"`    // prefix; "default" for all
	Table  int    `json:"table"`
	TOS    int    `json:"tos"`
	Metric int    `json:"metric"`
}

// RouteEntry is one route as the kernel itself describes it (rtnetlink(7)):
// the message is kept attribute by attribute instead of as fields, so that
// nothing is lost, be it known to a library or not.
type RouteEntry struct {
	Words string `json:"words"` // as ip(8) would say it; for people only
	// Header of the message: destination and source prefix lengths, protocol,
	// scope, type, and the flags a route is made with (onlink, pervasive).
	DstLen   uint8             `json:"dst_len"`
	SrcLen   uint8             `json:"src_len"`
	Protocol uint8             `json:"protocol"`
	Scope    uint8             `json:"scope"`
	Type     uint8             `json:"type"`
	Flags    uint32            `json:"flags"`
	Attrs    map[uint16]string `json:"attrs"` // RTA_* number to value, in hexadecimal
}

func (r RouteEntry) equal(o RouteEntry) bool {
	r.Words, o.Words = "", ""
	return reflect.DeepEqual(r, o)
}

func (r RouteEntry) attr(n uint16) []byte {
	b, err := hex.DecodeString(r.Attrs[n])
	if err != nil {
		return nil
	}
	return b
}

// RouteStep changes what is in one slot.
func RouteStep(before, after RouteState) Step {
	return Step{Kind: Route, Target: before.Slot.String(), Before: mustJSON(before), After: mustJSON(after)}
}

func (s RouteSlot) String() string {
	return fmt.Sprintf("%s table %d metric %d", s.Dst, s.Table, s.Metric)
}

type routeKind struct{}

func (routeKind) same(now, want json.RawMessage, _ bool) bool {
	var a, b RouteState
	if json.Unmarshal(now, &a) != nil || json.Unmarshal(want, &b) != nil ||
		a.Slot != b.Slot || len(a.Routes) != len(b.Routes) {
		return false
	}
	for i := range a.Routes {
		if !a.Routes[i].equal(b.Routes[i]) {
			return false
		}
	}
	return true
}

func (routeKind) diff(_ string, from, to json.RawMessage) (out []DiffLine) {
	var a, b RouteState
	if json.Unmarshal(from, &a) != nil || json.Unmarshal(to, &b) != nil {
		return nil
	}
	for _, r := range without(a.Routes, b.Routes) {
		out = append(out, DiffLine{"-", r.Words})
	}
	for _, r := range without(b.Routes, a.Routes) {
		out = append(out, DiffLine{"+", r.Words})
	}
	return out
}

func (routeKind) byHand(_ string, to json.RawMessage, _ string) (out []string) {
	var s RouteState
	if json.Unmarshal(to, &s) != nil {
		return nil
	}
	if len(s.Routes) == 0 {
		return []string{fmt.Sprintf("ip route del %s table %d metric %d", s.Slot.Dst, s.Slot.Table, s.Slot.Metric)}
	}
	for _, r := range s.Routes {
		out = append(out, "ip route replace "+r.Words)
	}
	return out
}

// without returns the entries of a that b has not.
func without(a, b []RouteEntry) (out []RouteEntry) {
	for _, x := range a {
		found := false
		for _, y := range b {
			found = found || x.equal(y)
		}
		if !found {
			out = append(out, x)
		}
	}
	return out
}
