//go:build !linux

package fixes

import "deskside/fixes/step"

func onLinkNetworks() ([]network, error) { return nil, step.ErrUnsupported }

func neighbourGateways([]network) []gatewayHint { return nil }
