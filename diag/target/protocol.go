package target

import "slices"

// protocol is what is spoken on a port, as far as this package speaks it.
type protocol int

const (
	plainTCP protocol = iota // a greeting or STARTTLS may follow: the connect is all we do
	webPlain
	secure // TLS at once, another protocol inside
	webSecure
)

// Ports whose protocol is known (IANA service names and port numbers): TLS
// from the first byte. What begins in clear text is only connected to.
var securePorts = []int{465, 563, 636, 853, 989, 990, 993, 995, 5061}

// portsOf is what to try: the port that was named, the scheme's, or 443 and
// then 80 for a bare name.
func portsOf(scheme string, port int) []int {
	switch {
	case port > 0:
		return []int{port}
	case scheme == "https":
		return []int{443}
	case scheme == "http":
		return []int{80}
	}
	return []int{443, 80}
}

func (t Target) protocol(port int) protocol {
	switch {
	case t.Scheme == "https", t.Scheme == "" && (port == 443 || port == 8443):
		return webSecure
	case t.Scheme == "http", t.Scheme == "" && (port == 80 || port == 8080):
		return webPlain
	case slices.Contains(securePorts, port):
		return secure
	}
	return plainTCP
}

// companion is another port that a web server would have open.
func companion(port int) int {
	if port == 443 {
		return 80
	}
	return 443
}
