package target

import "deskside/diag/internet"

// through is how far the proxy led.
func (t Target) through() Break {
	p := *t.Passage
	if p.Outcome != internet.Connected {
		return ProxyDead
	}
	for _, h := range []*internet.Head{p.Tunnel, p.HTTP} {
		switch {
		case h == nil:
		case h.Status == 407: // RFC 9110, 15.5.8
			return ProxyLogin
		case h.Outcome != internet.Connected:
			return Mute
		case h.Status >= 500:
			return ServerFail
		case h == p.Tunnel && h.Status >= 300:
			return ProxyRefuses
		}
	}
	if p.TLS != nil {
		if stuck := chain(*p.TLS); stuck != Whole {
			return stuck
		}
	}
	switch {
	case p.HTTP == nil:
		return Mute
	case p.HTTP.Status == 403 && p.Tunnel == nil && (t.HTTP == nil || t.HTTP.Status != 403):
		return ProxyRefuses // in the clear the proxy itself may say so; inside a tunnel it is the server
	}
	return Whole
}
