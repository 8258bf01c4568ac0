//go:build !linux

package step

import (
	"context"
	"encoding/json"
	"net/netip"
)

// ObserveFile is not built for this system yet.
func ObserveFile(string) (FileState, error) { return FileState{}, ErrUnsupported }

// ObserveLink is not built for this system yet.
func ObserveLink(string) (LinkState, error) { return LinkState{}, ErrUnsupported }

// ObserveRoutes is not built for this system yet.
func ObserveRoutes(RouteSlot) (RouteState, error) { return RouteState{}, ErrUnsupported }

// DefaultVia is not built for this system yet.
func DefaultVia(slot RouteSlot, _ netip.Addr, _ int) RouteState { return RouteState{Slot: slot} }

// Locked knows nothing here.
func Locked(string) string { return "" }

// ClearTemp has nothing to clear: no step ever ran here.
func (s Step) ClearTemp(string) error { return nil }

func (fileKind) observe(string, json.RawMessage) (json.RawMessage, error) {
	return nil, ErrUnsupported
}
func (linkKind) observe(string, json.RawMessage) (json.RawMessage, error) {
	return nil, ErrUnsupported
}
func (routeKind) observe(string, json.RawMessage) (json.RawMessage, error) {
	return nil, ErrUnsupported
}
func (fileKind) set(string, string, json.RawMessage) error  { return ErrUnsupported }
func (linkKind) set(string, string, json.RawMessage) error  { return ErrUnsupported }
func (routeKind) set(string, string, json.RawMessage) error { return ErrUnsupported }

// Settle has nothing to wait for: no step is ever set here.
func (Step) Settle(context.Context) {}
