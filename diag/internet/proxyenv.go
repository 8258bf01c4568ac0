package internet

import (
	"net/netip"
	"net/url"
	"strings"
)

// proxyVariables in the order they are shown. Programs read the lower-case
// spelling first (curl(1), "Environment"), so it hides the other.
var proxyVariables = []string{"http_proxy", "https_proxy", "all_proxy"}

// ParseProxyEnv reads the proxy variables that getenv knows. It is pure. The
// URLs it returns never hold a user name or password; a value that is no
// address has none and the outcome [Broken].
func ParseProxyEnv(getenv func(string) string) []Proxy {
	var out []Proxy
	for _, s := range proxySettings(getenv) {
		out = append(out, s.Proxy)
	}
	return out
}

func proxySettings(getenv func(string) string) []setting {
	var out []setting
	for _, variable := range proxyVariables {
		if name, value := spelled(getenv, variable); value != "" {
			scheme, _, _ := strings.Cut(variable, "_")
			out = append(out, made(Proxy{Variable: name, Source: fromEnvironment}, scheme, value))
		}
	}
	return out
}

// spelled returns a variable's value and the spelling that held it.
func spelled(getenv func(string) string, lower string) (name, value string) {
	for _, name := range []string{lower, strings.ToUpper(lower)} {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			return name, v
		}
	}
	return lower, ""
}

// proxyURL reads a proxy's address the way programs do: without a scheme it
// is http, and only scheme, host and port count.
func proxyURL(value string) (*url.URL, bool) {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t\"'<>\\") {
		return nil, false
	}
	return &url.URL{Scheme: strings.ToLower(u.Scheme), User: u.User, Host: u.Host}, true
}

// exempt reports whether a no_proxy list takes a host out of the proxy's
// hands: names with all below them, addresses, prefixes, or * for everything.
func exempt(noProxy, hostname string) bool {
	ip, _ := netip.ParseAddr(hostname)
	hostname = strings.ToLower(strings.TrimSuffix(hostname, "."))
	for _, rule := range strings.FieldsFunc(strings.ToLower(noProxy), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if rule == "*" {
			return true
		}
		if p, err := netip.ParsePrefix(rule); err == nil {
			if ip.IsValid() && p.Contains(ip) {
				return true
			}
			continue
		}
		if a, err := netip.ParseAddr(rule); err == nil {
			if a == ip {
				return true
			}
			continue
		}
		rule = strings.TrimPrefix(strings.TrimPrefix(rule, "*"), ".")
		if rule != "" && (hostname == rule || strings.HasSuffix(hostname, "."+rule)) {
			return true
		}
	}
	return false
}
