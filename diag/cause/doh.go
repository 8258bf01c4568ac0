package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/text"
)

// dohRules: names are looked up over HTTPS and by no other way, and that way
// is shut while others on the same port are open.
var dohRules = []Rule{{
	ID: "dns.doh_blocked", Severity: diag.Fail,
	Gate:     []Clue{networkWorks, either(anchorsAnswer, someChainTrusted), dohDead},
	For:      []Weighed{{proof, always}},
	Explains: resolving,
	Also: func(s *scene) []string {
		if s.deadDoH().By == dns.Firefox {
			return nil // other programs do not ask there
		}
		return forwarderFails
	},
	Args: func(s *scene) text.Args {
		d := s.deadDoH()
		who := "cause.doh.forwarder"
		if d.By == dns.Firefox {
			who = "cause.doh.firefox"
		}
		return text.Args{"URL": d.URL, "File": d.File, "Who": text.M(who)}
	},
	Evidence: func(s *scene) []diag.Evidence {
		d := s.deadDoH()
		return []diag.Evidence{s.seen(d.AtMS, "https", "evidence.doh."+d.Outcome, "URL", d.URL, "MS", int(d.TookMS), "Errno", d.Errno, "Status", d.Status)}
	},
}}

// forwarderFails are the ways in which a forwarder of this PC shows that it
// reaches nobody.
var forwarderFails = []string{"dns.servfail", "dns.refused", "dns.server_silent", "dns.server_closed", "dns.stub_down", "dns.slow"}

// heldBack makes these causes wait until it is known whom the forwarder asks
// in vain: the forwarder says that it failed long before that.
func heldBack(rules []Rule) []Rule {
	out := slices.Clone(rules)
	for i, r := range out {
		if slices.Contains(forwarderFails, r.ID) {
			out[i].Gate = append(slices.Clone(r.Gate), unless(dohOpen))
		}
	}
	return out
}

// dohOpen: a forwarder's servers are still being asked.
func dohOpen(s *scene) diag.Tri {
	for _, d := range s.dns.DoH {
		if d.By != dns.Firefox && d.Outcome == "" && !s.run.Ended("dns.doh") {
			return diag.Yes
		}
	}
	return diag.No
}

// deadDoH is a server that somebody depends on and that gives nothing. A
// forwarder with several is cut off when all of them are dead, and only while
// it gives no names itself.
func (s *scene) deadDoH() dns.DoH {
	alive := map[string]bool{}
	for _, d := range s.dns.DoH {
		if d.Dead() != diag.Yes {
			alive[d.By] = true
		}
	}
	for _, d := range s.dns.DoH {
		if d.Dead() == diag.Yes && (d.By == dns.Firefox || !alive[d.By] && firstServer(dns.Works)(s) == diag.No) {
			return d
		}
	}
	return dns.DoH{}
}

func dohDead(s *scene) diag.Tri { return diag.TriOf(s.deadDoH().By != "") }
