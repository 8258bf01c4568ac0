package internet

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"deskside/diag"
)

// Relayed says who else had an answer in hand, as far as the answer shows it.
type Relayed struct {
	// Relay is the last machine that says it passed the answer on: Via
	// (RFC 9110, 7.6.3) or Squid's X-Cache. Empty for the networks that sites
	// themselves stand behind.
	Relay string `json:"relay,omitempty" privacy:"host"`
	// Added is a fingerprint of what stands in the page beside the text known
	// beforehand; Markup says that it is meant to be shown or run, though the
	// known text is plain. An honest page may hold more than the text. The
	// same addition on two sites that have nothing to do with each other was
	// made on the way.
	Added  string `json:"added,omitempty" privacy:"none"`
	Markup bool   `json:"markup,omitempty" privacy:"none"`
}

// fronts are the names that content networks give themselves in Via: the site
// is what stands behind them. A cache of a network calls itself by its own
// host name (Squid: visible_hostname).
var fronts = []string{"google", "varnish", "cloudfront", "akamai", "fastly", "vegur", "cloudflare", "edgecast", "envoy", "nginx", "caddy", "haproxy"}

// relayOf reads the machine that is nearest to us from an answer's head.
func relayOf(h http.Header) string {
	name := ""
	if all := strings.Split(strings.Join(h.Values("Via"), ","), ","); len(all) > 0 {
		if words := strings.Fields(all[len(all)-1]); len(words) > 1 {
			name = words[1] // protocol, then who received it, then perhaps a comment
		}
	}
	for _, field := range []string{"X-Cache-Lookup", "X-Cache"} { // "MISS from proxy.lan:3128"
		if _, from, ok := strings.Cut(h.Get(field), " from "); ok && name == "" {
			name, _, _ = strings.Cut(strings.TrimSpace(from), " ")
		}
	}
	name = strings.ToLower(name)
	for _, front := range fronts {
		if strings.Contains(name, front) {
			return ""
		}
	}
	return name[:min(len(name), maxRelay)]
}

// telling is how many bytes of an addition tell it from others.
const telling = 200

// maxRelay is how much of a relay's name is kept: a host name has at most 255
// bytes (RFC 1035, 2.3.4).
const maxRelay = 255

// addition is the fingerprint of what a page holds beside the known text.
func addition(body, known string) (print string, markup bool) {
	before, after, _ := strings.Cut(body, known)
	rest := strings.TrimSpace(before) + "\n" + strings.TrimSpace(after)
	if known == "" || rest == "\n" {
		return "", false
	}
	rest = rest[:min(len(rest), telling)] // a long one is not read to its end
	sum := sha256.Sum256([]byte(rest))
	return hex.EncodeToString(sum[:4]), strings.ContainsAny(rest, "<") && !strings.ContainsAny(known, "<")
}

// Relay names the machine that passed on the direct answers of several sites,
// and what became of them: something between this PC and the web reads plain
// pages. Sites that share a front of their own do not have its name.
func (f Facts) Relay() (rows []Web, changed bool) {
	good := []Web{}
	for _, w := range f.direct() {
		if w.Match == diag.Yes {
			good = append(good, w)
		}
	}
	for i, a := range good {
		for _, b := range good[i+1:] {
			switch {
			case a.Host() == b.Host() || a.Address == b.Address:
				continue // one site
			case a.Markup && a.Added != "" && a.Added == b.Added:
				return []Web{a, b}, true
			case a.Relay != "" && a.Relay == b.Relay:
				rows = []Web{a, b}
			}
		}
	}
	return rows, false
}
