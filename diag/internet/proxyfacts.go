package internet

import "deskside/diag"

// Proxy is one configured proxy and whether it takes connections.
type Proxy struct {
	Variable string  `json:"variable" privacy:"none"` // the setting's name, as spelled there: http_proxy, Acquire::http::Proxy
	Source   string  `json:"source" privacy:"none"`   // environment, /etc/environment, profile, gnome, kde, apt, pac
	File     string  `json:"file,omitempty" privacy:"path"`
	User     string  `json:"user,omitempty" privacy:"user"` // whose setting it is; empty: everybody's
	Line     int     `json:"line,omitempty" privacy:"none"`
	URL      string  `json:"url" privacy:"url"`                 // without user and password; empty when the value is no address
	Bypassed bool    `json:"bypassed,omitempty" privacy:"none"` // no_proxy exempts everything we ask for: the proxy is not in use
	Perhaps  bool    `json:"perhaps,omitempty" privacy:"none"`  // a script names it for some addresses; nobody here knows which
	Outcome  Outcome `json:"outcome,omitempty" privacy:"none"`
	Errno    string  `json:"errno,omitempty" privacy:"none"`
	AtMS     float64 `json:"at_ms" privacy:"none"`
	TookMS   float64 `json:"took_ms" privacy:"none"`
}

// PAC is a script that this PC's programs are told to fetch and to ask which
// proxy to use for each page (Netscape, "Proxy Auto-Config File Format",
// 1996). It is fetched, as they would, and never run.
type PAC struct {
	Variable string `json:"variable" privacy:"none"`
	Source   string `json:"source" privacy:"none"` // gnome, kde, networkmanager
	File     string `json:"file,omitempty" privacy:"path"`
	User     string `json:"user,omitempty" privacy:"user"`
	// Found is empty for a script that is set by its address. Otherwise it is
	// to be looked for (WPAD, draft-ietf-wrec-wpad-01): dhcp where a lease
	// names it, dns where the name wpad in this PC's domain does; auto as long
	// as nobody has looked.
	Found   string   `json:"found,omitempty" privacy:"none"`
	URL     string   `json:"url,omitempty" privacy:"url"`
	OnDisk  bool     `json:"on_disk,omitempty" privacy:"none"` // a file of this PC: nothing is sent
	Outcome Outcome  `json:"outcome,omitempty" privacy:"none"`
	Errno   string   `json:"errno,omitempty" privacy:"none"`
	Status  int      `json:"status,omitempty" privacy:"none"`
	Cert    Verdict  `json:"certificate,omitempty" privacy:"none"` // of an https address
	Script  diag.Tri `json:"script" privacy:"none"`                // Yes: what came is such a script
	Literal diag.Tri `json:"literal" privacy:"none"`               // Yes: all proxies that it may name stand in it word for word
	AtMS    float64  `json:"at_ms" privacy:"none"`
	TookMS  float64  `json:"took_ms" privacy:"none"`
}
