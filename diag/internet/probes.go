package internet

import "deskside/diag"

// Probes are this family's measurements. Where no family has a way out only
// the proxy is tried: it may stand on the local network.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "internet.anchors", Budget: anchorsBudget, When: online, Run: probeAnchors},
		{ID: "internet.bound", Budget: anchorsBudget, Run: probeBound},
		{ID: "internet.web", Budget: webBudget, When: online, Run: probeWeb},
		{ID: "internet.proxied", Budget: proxiedWebBudget, Run: probeProxied},
		{ID: "internet.captive", Budget: webBudget + tlsBudget, When: online, Run: probeCaptive},
		{ID: "internet.script", Budget: scriptBudget + proxiedWebBudget, When: scripted, Run: probeScripts},
		{ID: "internet.tls", Budget: tlsBudget, When: online, Run: probeTLS},
	}
}
