package step

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"github.com/vishvananda/netlink"
)

// ObserveLink reads whether a link is there and switched on.
func ObserveLink(name string) (LinkState, error) {
	l, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	if errors.As(err, &missing) {
		return LinkState{}, nil
	}
	if err != nil {
		return LinkState{}, fmt.Errorf("link %s: %w", name, err)
	}
	a := l.Attrs()
	return LinkState{Present: true, Index: a.Index, Up: a.Flags&net.FlagUp != 0}, nil
}

func (linkKind) observe(name string, _ json.RawMessage) (json.RawMessage, error) {
	s, err := ObserveLink(name)
	if err != nil {
		return nil, err
	}
	return mustJSON(s), nil
}

func (linkKind) set(name, _ string, raw json.RawMessage) error {
	var to LinkState
	if err := json.Unmarshal(raw, &to); err != nil {
		return err
	}
	l, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("link %s: %w", name, err)
	}
	if !to.Present || l.Attrs().Index != to.Index {
		return fmt.Errorf("link %s: it is another one now", name)
	}
	if to.Up {
		return netlink.LinkSetUp(l)
	}
	return netlink.LinkSetDown(l)
}
