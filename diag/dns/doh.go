package dns

import (
	"net/url"
	"path"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/diag/people"
)

// DoH is name service over HTTPS (RFC 8484) where somebody set it so that
// nothing else may be used: a browser's own, or a forwarder on this PC that
// all programs ask. Where it is only preferred, whoever blocks it does no harm,
// and it is not looked at.
type DoH struct {
	By   string `json:"by" privacy:"none"` // firefox, cloudflared, dnscrypt-proxy, https_dns_proxy
	File string `json:"file" privacy:"path"`
	User string `json:"user,omitempty" privacy:"user"` // whose setting it is; empty: everybody's
	URL  string `json:"url" privacy:"url"`
	// Address is where URL is known to be without asking anybody; a forwarder
	// brings such addresses along, as it cannot ask itself.
	Address string  `json:"address,omitempty" privacy:"ip"`
	Outcome string  `json:"outcome,omitempty" privacy:"none"` // Answered, Closed, Silent, NoRoute, Denied, Malformed, Failed, Nameless
	Status  int     `json:"status,omitempty" privacy:"none"`
	Errno   string  `json:"errno,omitempty" privacy:"none"`
	AtMS    float64 `json:"at_ms" privacy:"none"`
	TookMS  float64 `json:"took_ms" privacy:"none"`
}

// Nameless: the server's own name was not found.
const Nameless = "noname"

// Firefox is DoH.By for a browser, which harms nobody but itself.
const Firefox = "firefox"

// mostDoH servers are asked, whatever is set.
const mostDoH = 4

// readDoH lists the servers that somebody here depends on. A forwarder counts
// while resolv.conf leads to this PC.
func readDoH(h host.Host, c Conf) []DoH {
	if h.OS() != "linux" {
		return nil
	}
	who := people.Here(h)
	found := firefoxDoH(h, who)
	for _, s := range c.Servers {
		if scopeOf(s) == link.Loopback {
			found = append(found, forwarderDoH(h)...)
			break
		}
	}
	var out []DoH
	seen := map[string]bool{}
	for _, d := range found {
		if u, err := url.Parse(d.URL); err == nil && u.Scheme == "https" && u.Host != "" && !seen[d.By+d.URL] && len(out) < mostDoH {
			seen[d.By+d.URL] = true
			u.User, u.Fragment = nil, ""
			d.URL = u.String()
			out = append(out, d)
		}
	}
	return out
}

// files gives the parser every file of a list that is there.
func files(h host.Host, list []string, parse func(file string, b []byte)) {
	for _, file := range list {
		if b, err := h.ReadFile(file); err == nil {
			parse(file, b)
		}
	}
}

// firefoxDoH reads what an administrator laid down (policy DNSOverHTTPS, and
// preferences: mozilla.github.io/policy-templates), and what people set.
func firefoxDoH(h host.Host, who []people.Person) []DoH {
	var out []DoH
	policies := []string{"/etc/firefox/policies/policies.json", "/usr/lib/firefox/distribution/policies.json", "/usr/lib/firefox-esr/distribution/policies.json", "/usr/lib64/firefox/distribution/policies.json", "/opt/firefox/distribution/policies.json"}
	files(h, policies, func(file string, b []byte) {
		if address := ParseFirefoxPolicy(b); address != "" {
			out = append(out, DoH{By: Firefox, File: file, URL: address})
		}
	})
	for _, p := range who {
		for _, root := range []string{".mozilla/firefox", "snap/firefox/common/.mozilla/firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox"} {
			root = path.Join(p.Home, root)
			profiles, _ := h.ReadDir(root) // not everybody has one
			for _, e := range profiles {
				var mode, address string
				var at string
				files(h, []string{path.Join(root, e.Name(), "prefs.js"), path.Join(root, e.Name(), "user.js")}, func(file string, b []byte) {
					prefs := ParsePrefs(b)
					if v, ok := prefs["network.trr.mode"]; ok {
						mode, at = v, file
					}
					if v, ok := prefs["network.trr.uri"]; ok {
						address = v
					}
				})
				if mode == trrOnly {
					out = append(out, DoH{By: Firefox, File: at, User: p.Name, URL: orDefault(address)})
				}
			}
		}
	}
	return out
}

// Dead reports that a server gave no name service. Maybe: not asked, or
// this PC could not ask.
func (d DoH) Dead() diag.Tri {
	switch d.Outcome {
	case Answered:
		return diag.TriOf(d.Status >= 400)
	case Closed, Silent, NoRoute, Malformed, Nameless:
		return diag.Yes
	}
	return diag.Maybe
}
