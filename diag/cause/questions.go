package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/target"
)

// Question is one thing that no probe of this PC can see and a person can. Its
// words are question.<id>.ask and .where; an answer is quoted as
// evidence.told.<id>_yes or _no.
type Question struct {
	ID    string
	Sense Clue // when it makes sense to ask; nil: whenever a cause it bears on is named
	// Target: it is about the thing that was named as not working, so an answer
	// says nothing about another thing.
	Target bool
	Bears  []Bearing
}

// Bearing is what the two answers say about one cause. Who cannot tell has
// said nothing.
type Bearing struct {
	On      string
	Yes, No Word
}

// Word is what one answer says.
type Word struct {
	Weight float64 // log-odds, for the cause or (below zero) against it; at most strong: a word is no proof
	Next   string  // what to do now instead of the cause's own advice: advice.<Next>
	Say    string  // what the caller is told instead of the cause's own sentence: saying.<Say>
}

// questions is the catalogue of what a caller may be asked, from the cable
// outwards. The weights are hand-set like those of the rules.
var questions = []Question{
	// No light at the plug is the same thing that the kernel sees; a light
	// there means that the contact is good and the adapter is not. That no
	// signal arrives is known either way, so it is no less certain: what changes
	// is why, and so what the caller is told.
	{ID: "link_light", Sense: cableUnplugged, Bears: []Bearing{
		{"link.no_carrier", Word{Next: "link_lit", Say: "link_lit"}, Word{Weight: weak, Next: "link_dark"}},
	}},

	// A dark router has no power. A lit one may hang all the same.
	{ID: "router_light", Bears: []Bearing{
		{"gw.arp_failed", Word{Weight: -weak, Next: "router_lit"}, Word{Weight: strong, Next: "router_power"}},
		{"link.no_carrier", Word{Next: "router_cable"}, Word{Weight: weak, Next: "router_power"}},
		{"addr.no_dhcp_server", Word{Next: "router_addresses"}, Word{Weight: weak, Next: "router_power"}},
		{"addr.apipa", Word{Next: "router_addresses"}, Word{Weight: weak, Next: "router_power"}},
		{"addr.none", Word{Next: "router_addresses"}, Word{Weight: weak, Next: "router_power"}},
	}},

	// The light of the line parts the line and the modem from the provider's
	// network. What lies beyond hop 2 is the provider's in any case.
	{ID: "line_light", Sense: silentAtRouter, Bears: []Bearing{
		{"wan.router_wan_down", Word{Weight: strong, Next: "line_down"}, Word{Next: "line_up"}},
		{"wan.silent_beyond_hop", Word{Weight: strong, Next: "line_down"}, Word{Next: "line_up"}},
	}},

	// A second PC, so to speak: what works for it is not broken.
	{ID: "other_device", Bears: []Bearing{
		{"addr.no_dhcp_server", Word{Weight: -weak, Next: "addresses_for_others"}, Word{Weight: weak, Next: "addresses_for_nobody"}},
		{"addr.apipa", Word{Weight: -weak, Next: "addresses_for_others"}, Word{Weight: weak, Next: "addresses_for_nobody"}},
		{"addr.none", Word{Weight: -weak, Next: "addresses_for_others"}, Word{Weight: weak, Next: "addresses_for_nobody"}},
		{"gw.arp_failed", Word{Weight: -strong, Next: "router_for_others"}, Word{Weight: weak, Next: "router_for_nobody"}},
		{"gw.duplicate", Word{Weight: weak, Next: "twin_for_others"}, Word{Next: "twin_for_nobody"}},
		{"gw.no_forward", Word{Weight: strong, Next: "forward_for_others"}, Word{Weight: -likely, Next: "forward_for_nobody"}},
		{"gw.no_nat", Word{Weight: -strong, Next: "nat_for_others"}, Word{Weight: likely, Next: "nat_for_nobody"}},
		{"wan.router_wan_down", Word{Weight: -strong, Next: "wan_for_others"}, Word{Weight: likely, Next: "wan_for_nobody"}},
		{"wan.silent_beyond_hop", Word{Weight: -strong, Next: "line_for_others"}, Word{Weight: likely, Next: "line_for_nobody"}},
	}},

	// A second thing with the same address was most often brought in lately.
	{ID: "changed", Bears: []Bearing{
		{"addr.dhcp_rogue", Word{Weight: weak, Next: "changed_lately"}, Word{Next: "changed_rogue"}},
		{"addr.duplicate", Word{Weight: weak, Next: "changed_lately"}, Word{Next: "changed_address"}},
		{"gw.duplicate", Word{Weight: weak, Next: "changed_lately"}, Word{Next: "changed_router"}},
		{"v6.ra_rogue", Word{Weight: weak, Next: "changed_lately"}, Word{Next: "changed_router"}},
	}},

	// The line is full and this PC is quiet. Somebody who knows of a backup has
	// seen the reason; nobody knows of all that devices do by themselves.
	{ID: "others_busy", Bears: []Bearing{
		{"perf.uplink_saturated_other", Word{Weight: strong, Next: "busy_pause"}, Word{Weight: -likely, Next: "busy_hidden"}},
	}},

	// Whether it is meant to be there decides what to do about it.
	{ID: "managed", Bears: []Bearing{
		{"link.auth_8021x", Word{Next: "socket_own"}, Word{Next: "socket_foreign"}},
		{"route.vpn_dead", Word{Next: "vpn_wanted"}, Word{Next: "vpn_stray"}},
		{"proxy.dead", Word{Next: "proxy_wanted"}, Word{Next: "proxy_stray"}},
		{"proxy.pac_unreachable", Word{Next: "script_wanted"}, Word{Next: "script_stray"}},
		{"tls.intercepted", Word{Next: "tls_wanted"}, Word{Next: "tls_stray"}},
	}},

	// A phone on the mobile network is the second vantage point that parts a
	// service from the way to it.
	{ID: "elsewhere", Sense: targetOutside, Target: true, Bears: []Bearing{
		{"svc.target_down", Word{Next: "path_blamed"}, Word{Weight: likely, Next: "service_blamed"}},
		{"svc.no_answer", Word{Weight: -weak, Next: "path_blamed"}, Word{Weight: likely, Next: "service_blamed"}},
		{"svc.port_closed", Word{Weight: -weak, Next: "path_blamed"}, Word{Weight: likely, Next: "service_blamed"}},
		{"svc.http_error", Word{Weight: -weak, Next: "path_blamed"}, Word{Weight: likely, Next: "service_blamed"}},
	}},
}

// cableUnplugged: what has no carrier is a plug that somebody can look at.
func cableUnplugged(s *scene) diag.Tri {
	return diag.TriOf(s.unpluggedLink().Index != 0 && s.unpluggedLink().Kind != "wifi")
}

// silentAtRouter: the router is the last that answers.
func silentAtRouter(s *scene) diag.Tri { return diag.TriOf(s.lastHop() == 1) }

// targetOutside: what does not work is meant to be reached from anywhere; a
// phone on the mobile network cannot speak for a printer.
func targetOutside(s *scene) diag.Tri {
	inside := []link.Scope{link.Loopback, link.LinkLocal, link.Private}
	for _, t := range target.Section.Of(s.facts).Targets {
		near := slices.ContainsFunc(t.Connects, func(c target.Connect) bool {
			return c.OnLink == diag.Yes || slices.Contains(inside, c.Scope)
		})
		if t.Break() != target.Whole && !t.Local && !near {
			return diag.Yes
		}
	}
	return diag.No
}
