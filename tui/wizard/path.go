package wizard

import (
	"strings"

	"deskside/diag"
	"deskside/diag/text"
)

// station says which findings speak of one hop of the path map.
type station struct {
	id string
	// proof: when one of these is OK the hop is known to work.
	proof []string
	// hints can show that the hop is in trouble, but not that it works.
	hints []string
}

// stations from this PC outwards. A packet that comes back from a later one
// went through the earlier ones.
var stations = []station{
	{"pc", nil, []string{"connectivity.clock", "dns.hosts", "disk.space", "disk.inodes", "disk.readonly"}},
	{"adapter", []string{"connectivity.address"}, []string{"connectivity.link", "wifi.link", "wifi.signal", "wifi.congestion"}},
	{"router", []string{"gateway.answers"}, []string{"connectivity.route", "gateway.present", "gateway.latency"}},
	{"provider", []string{"connectivity.anchors"}, []string{"gateway.beyond"}},
	{"names", []string{"dns.resolves"}, []string{"dns.configured", "dns.servers", "dns.honest"}},
	{"web", []string{"connectivity.web"}, []string{"connectivity.tls", "connectivity.proxy"}},
}

// breaks says at which hop a root cause breaks the path, by the longest
// prefix of its identifier (field list of causes). What is not here (a full
// disk, a slow link) does not break it.
var breaks = map[string]string{
	"link.": "adapter", "wifi.": "adapter", "addr.": "adapter",
	"route.": "router", "gw.": "router",
	"wan.": "provider", "portal.": "provider", "fw.upstream": "provider",
	"fw.local": "pc", "clock.": "pc", "res.": "pc",
	"dns.": "names", "proxy.": "web", "tls.": "web", "svc.": "web",
}

func breakOf(cause string) string {
	hop, longest := "", 0
	for prefix, at := range breaks {
		if strings.HasPrefix(cause, prefix) && len(prefix) > longest {
			hop, longest = at, len(prefix)
		}
	}
	return hop
}

// Path derives the path map from an assessment; it is pure. decided says that
// the diagnosis will not change any more: a break is marked only then, and
// behind it nothing is called broken that is only out of reach.
func Path(a diag.Assessment, decided bool) []Hop {
	status := map[string]diag.Status{}
	for _, c := range a.Checks {
		for _, f := range c.Findings {
			if was, ok := status[f.Code]; ok {
				status[f.Code] = was.Worse(f.Status)
			} else {
				status[f.Code] = f.Status
			}
		}
	}
	hops := make([]Hop, len(stations))
	for i, s := range stations {
		hops[i] = Hop{ID: s.id, Label: text.M("ui.hop." + s.id), State: s.state(status)}
	}
	if len(a.Checks) > 0 && hops[0].State == diag.Unknown {
		hops[0].State = diag.OK // this program runs on it
	}
	// The provider's hop is proven by packets that came back from beyond it;
	// so are the hops on the way there.
	if hops[3].State == diag.OK {
		for i := range hops[:3] {
			if hops[i].State == diag.Unknown {
				hops[i].State = diag.OK
			}
		}
	}
	if decided {
		markBreak(hops, a.Diagnosis.Causes)
	}
	return hops
}

func (s station) state(status map[string]diag.Status) diag.Status {
	state := diag.Skipped
	for _, code := range s.proof {
		if st := status[code]; st == diag.OK || st == diag.Warn || st == diag.Fail {
			state = state.Worse(st)
		}
	}
	for _, code := range s.hints {
		if st := status[code]; st == diag.Warn || st == diag.Fail {
			state = state.Worse(st)
		}
	}
	if state == diag.Skipped {
		return diag.Unknown
	}
	return state
}

// markBreak finds the one hop where the path is broken: where the first
// failing root cause sits, or else the nearest hop that failed.
func markBreak(hops []Hop, causes []diag.Cause) {
	at := -1
	named := false
	for _, c := range causes {
		if c.Severity != diag.Fail || named {
			continue
		}
		for i := range hops {
			if hops[i].ID == breakOf(c.ID) {
				at, named = i, true
			}
		}
	}
	if !named && len(causes) == 0 {
		for i := len(hops) - 1; i > 0; i-- {
			if hops[i].State == diag.Fail {
				at = i
			}
		}
	}
	if at < 0 {
		return
	}
	hops[at].State, hops[at].Break = diag.Fail, true
	for i := range hops {
		switch {
		case i > at && (hops[i].State == diag.Fail || hops[i].State == diag.Unknown || hops[at].ID == "names"):
			// Out of reach, not broken itself. The web may answer those who
			// know its addresses; for this PC's person it is behind the names.
			hops[i].State = diag.Skipped
		case i < at && i > 0 && hops[i].State == diag.Fail:
			hops[i].State = diag.Warn // the root cause explains it: a symptom on this side
		}
	}
}

// path is the map for the page: what is still being looked at waits.
func (w *Wizard) path() []Hop {
	hops := Path(w.now, w.decided)
	// A page that came by its address is no web for a person yet: whether it is
	// shows when names are known to work.
	names, web := &hops[4], &hops[5]
	if w.running && !w.decided && web.State == diag.OK && names.State != diag.OK {
		web.State = diag.Unknown
	}
	for i := range hops {
		hops[i].Waiting = w.running && !w.decided && hops[i].State == diag.Unknown
	}
	return hops
}
