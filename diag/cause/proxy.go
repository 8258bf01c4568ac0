package cause

import (
	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// proxyRules: programs are told to go through somebody who is not there.
var proxyRules = []Rule{
	{
		ID: "proxy.dead", Severity: diag.Fail, Level: proxyLevel,
		Gate:     []Clue{either(networkWorks, proxyWorks), deadProxy},
		For:      []Weighed{{proof, always}},
		Explains: []string{"connectivity.proxy"}, Also: theOnlyWay,
		Args: func(s *scene) text.Args {
			p := s.failedProxy()
			return text.Args{"Proxy": p.URL, "Variable": p.Variable, "Source": p.Where()}
		},
		Evidence: func(s *scene) []diag.Evidence {
			p := s.failedProxy()
			how := string(p.Outcome)
			if p.Outcome == internet.Connected {
				how = "passes_nothing"
			}
			return []diag.Evidence{s.seen(p.AtMS, "tcp connect", "evidence.proxy."+how, "Proxy", p.URL)}
		},
	},
	scriptLost("proxy.pac_unreachable", false),
	scriptLost("proxy.wpad_stale", true),
}

// scriptLost is the rule for scripts that are set by their address, and for
// those that the network itself names.
func scriptLost(id string, searched bool) Rule {
	lost := func(s *scene) internet.PAC { return s.lostScript(searched) }
	return Rule{
		ID: id, Severity: diag.Warn,
		// Programs that cannot have it go directly. It hurts in earnest only
		// where that leads nowhere.
		Level: func(s *scene) diag.Status {
			if directWeb(s) == diag.Yes {
				return diag.Warn
			}
			return diag.Fail
		},
		Gate: []Clue{either(networkWorks, proxyWorks), func(s *scene) diag.Tri { return diag.TriOf(lost(s).Variable != "") }},
		For:  []Weighed{{proof, always}}, Explains: []string{"connectivity.proxy"}, Also: theOnlyWay,
		Args: func(s *scene) text.Args {
			p := lost(s)
			return text.Args{"URL": p.URL, "Variable": p.Variable, "Source": p.Where()}
		},
		Evidence: func(s *scene) []diag.Evidence {
			p := lost(s)
			return []diag.Evidence{s.seen(p.AtMS, "http", "evidence.proxy_script."+p.Kind(), "URL", p.URL, "Status", p.Status, "MS", int(p.TookMS), "Errno", p.Errno)}
		},
	}
}

// failedProxy is a proxy in use that takes no connections or passes nothing
// on; one that more programs than apt follow comes first.
func (s *scene) failedProxy() internet.Proxy {
	var last internet.Proxy
	for _, p := range s.net.Proxies {
		if p.Bypassed || p.Perhaps {
			continue
		}
		switch p.Outcome {
		case internet.Refused, internet.Timeout, internet.NoNetwork, internet.NoName:
		case internet.Connected:
			if !s.passesNothing(p) {
				continue
			}
		default:
			continue
		}
		if !p.AptOnly() {
			return p
		}
		last = p
	}
	return last
}

func (s *scene) passesNothing(p internet.Proxy) bool {
	for _, w := range s.net.Web {
		if w.Proxy == p.URL && w.PassesNothing() {
			return true
		}
	}
	return false
}

func deadProxy(s *scene) diag.Tri { return diag.TriOf(s.failedProxy().URL != "") }

// proxyLevel: whom apt alone is sent to troubles updates, nothing else.
func proxyLevel(s *scene) diag.Status {
	if s.failedProxy().AptOnly() {
		return diag.Warn
	}
	return diag.Fail
}

// lostScript is a script that cannot be had. A name that is not found counts
// only where other names are: that the web answers directly proves it.
func (s *scene) lostScript(searched bool) internet.PAC {
	for _, p := range s.net.Scripts {
		if p.Lost() == diag.Yes && p.Searched() == searched && (p.Outcome != internet.NoName || p.OnDisk || directWeb(s) == diag.Yes) {
			return p
		}
	}
	return internet.PAC{}
}

// theOnlyWay: both web ports are shut while names are found. Where a proxy is
// set, the network means it to be used: that the ports are shut is no fault.
func theOnlyWay(s *scene) []string {
	for _, w := range s.net.Web {
		if w.Proxy == "" && w.Outcome != internet.Timeout && w.Outcome != internet.NoNetwork {
			return nil
		}
	}
	if len(s.net.Web) == 0 || webWorks(s) == diag.Yes {
		return nil
	}
	return []string{"fw.upstream_port_block"}
}
