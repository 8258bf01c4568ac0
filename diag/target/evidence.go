package target

import (
	"math"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// evidence of one rung.
func (t Target) evidence(code string) []diag.Evidence {
	switch code {
	case CodeName:
		return t.nameEvidence()
	case CodeTCP:
		var rows []internet.Connect
		for _, c := range t.Connects {
			rows = append(rows, c.Connect)
		}
		return append(internet.ConnectEvidence(rows), t.neighbourEvidence()...)
	case CodeTLS:
		if t.TLS != nil {
			return append(internet.TLSEvidence([]internet.TLS{*t.TLS}), t.decoyEvidence()...)
		}
	case CodeHTTP:
		if t.HTTP != nil {
			return []diag.Evidence{t.headEvidence(*t.HTTP, "http")}
		}
	}
	return nil
}

func (t Target) nameEvidence() []diag.Evidence {
	if t.Lookup == nil {
		return nil
	}
	l := *t.Lookup
	var out []diag.Evidence
	if l.By == dns.ByHosts || l.By == BySystem {
		out = append(out, diag.Evidence{What: text.M("evidence.target.by_"+l.By, "Name", t.Name), Source: map[string]string{dns.ByHosts: "/etc/hosts", BySystem: "getent ahosts"}[l.By], AtMS: l.AtMS})
	}
	if l.System != "" && l.By == "" {
		out = append(out, diag.Evidence{What: text.M("evidence.target.system_"+l.System, "Name", t.Name), Source: "getent ahosts", AtMS: l.AtMS})
	}
	for _, told := range l.Told {
		if told.Type == "AAAA" && len(told.IPs) == 0 {
			continue // no IPv6 address: the answer for IPv4 says what matters
		}
		key := "evidence.target.told_" + told.Outcome
		switch {
		case told.Outcome == dns.Answered && len(told.IPs) > 0:
			key = "evidence.target.told_addresses"
		case told.Outcome == dns.Answered && told.Rcode == "NXDOMAIN":
			key = "evidence.target.told_nxdomain"
		}
		out = append(out, diag.Evidence{Source: "dns/udp", AtMS: told.AtMS,
			What: text.M(key, "Name", t.Name, "Server", told.Server, "IPs", told.IPs, "Rcode", told.Rcode, "MS", whole(told.TookMS))})
	}
	return out
}

func (t Target) neighbourEvidence() []diag.Evidence {
	var out []diag.Evidence
	said := map[string]bool{}
	for _, c := range t.Connects {
		if said[c.Address] {
			continue
		}
		if c.Neighbour == "incomplete" || c.Neighbour == "failed" {
			out = append(out, diag.Evidence{What: text.M("evidence.target.neighbour", "Address", c.Address), Source: "netlink neighbour", AtMS: c.AtMS + c.TookMS})
			said[c.Address] = true
		}
	}
	return out
}

// headEvidence is the beginning of an HTTP answer.
func (t Target) headEvidence(h internet.Head, source string) diag.Evidence {
	key := "evidence.target.http_none"
	if h.Outcome == internet.Connected {
		key = "evidence.target.http_status"
	}
	return diag.Evidence{Source: source, AtMS: h.AtMS + h.TookMS,
		What: text.M(key, "Name", t.Shown(), "Status", h.Status, "MS", whole(h.TookMS))}
}

func (t Target) proxyEvidence() []diag.Evidence {
	if t.Passage == nil {
		return nil
	}
	p := *t.Passage
	key := "evidence.target.proxy_dead"
	if p.Outcome == internet.Connected {
		key = "evidence.target.proxy_connected"
	}
	out := []diag.Evidence{{What: text.M(key, "Proxy", p.Proxy, "Errno", p.Errno), Source: "tcp", AtMS: p.AtMS}}
	if h := p.Tunnel; h != nil {
		key := "evidence.target.tunnel_none"
		switch {
		case h.Outcome == internet.Connected && h.Status == 0:
			key = "evidence.target.tunnel_socks"
		case h.Outcome == internet.Connected:
			key = "evidence.target.tunnel_status"
		}
		out = append(out, diag.Evidence{What: text.M(key, "Proxy", p.Proxy, "Name", t.Shown(), "Status", h.Status), Source: "proxy connect", AtMS: h.AtMS + h.TookMS})
	}
	if p.TLS != nil {
		out = append(out, internet.TLSEvidence([]internet.TLS{*p.TLS})...)
	}
	if p.HTTP != nil {
		out = append(out, t.headEvidence(*p.HTTP, "http proxy"))
	}
	return out
}

// Evidence is everything that was seen on the way, rung by rung.
func (t Target) Evidence() []diag.Evidence {
	var out []diag.Evidence
	for _, code := range rungs {
		out = append(out, t.evidence(code)...)
	}
	return append(out, t.proxyEvidence()...)
}

func whole(f float64) int { return int(math.Round(f)) }
