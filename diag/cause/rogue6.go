package cause

import (
	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/lan"
	"deskside/diag/text"
)

// strayRouter6: several devices announced themselves as IPv6 routers, and the
// one that this PC follows leads nowhere (RFC 6104). Which one is followed is
// for the kernel to choose; where it chose well, nothing is wrong.
var strayRouter6 = Rule{
	ID: "v6.ra_rogue", Severity: diag.Warn,
	Gate:     []Clue{linksRead, v6Dead, v4Works, severalAnnounce, either(announcedIsGone, announcedIsMute, announcedRefuses, anotherLeads)},
	For:      []Weighed{{proof, announcedIsGone}, {strong, announcedIsMute}, {strong, announcedRefuses}, {proof, anotherLeads}},
	Explains: []string{"connectivity.ipv6", "gateway.answers"}, Over: []string{"v6.broken"},
	Args: func(s *scene) text.Args { return text.Args{"Router": s.strayRouter().Address} },
	Evidence: func(s *scene) []diag.Evidence {
		var all []string
		for _, r := range s.announced() {
			all = append(all, r.Address)
		}
		stray := s.strayRouter()
		out := []diag.Evidence{s.seen(s.link.AtMS, "netlink route", "evidence.v6.announced", "Count", len(all), "Routers", all)}
		if other := s.leadingRouter(); other.Address != "" {
			return append(out, s.seen(other.AtMS, "udp by another router", "evidence.v6.leads", "Router", stray.Address, "Other", other.Address))
		}
		if announcedRefuses(s) == diag.Yes && announcedIsGone(s) != diag.Yes {
			h := s.refusing6()
			return append(out, s.seen(h.AtMS, "icmp error", "evidence.wan.no_route", "From", h.From, "Type", h.Type, "Code", h.Code, "Target", h.Target))
		}
		return append(out, s.seen(stray.AtMS, "neighbour discovery", "evidence.v6.gone", "Router", stray.Address))
	},
}

// announced are the routers that announced themselves: as they were asked
// where this user may ask, and else as the router check heard them.
func (s *scene) announced() []lan.Router6 {
	out := append([]lan.Router6{}, s.lan.Routers6...)
	for i := range out {
		for _, r := range s.gw.Routers {
			if r.Address == out[i].Address && r.Index == out[i].Index && out[i].Answers == diag.Maybe {
				out[i].Answers, out[i].AtMS = r.Answers, r.AtMS
			}
		}
	}
	return out
}

func severalAnnounce(s *scene) diag.Tri { return diag.TriOf(len(s.lan.Routers6) > 1) }

// strayRouter is the one that is gone, or else the mute one that packets leave
// through.
func (s *scene) strayRouter() (stray lan.Router6) {
	for _, r := range s.announced() {
		if r.Answers == diag.No {
			return r
		}
		if s.follows(r) {
			stray = r
		}
	}
	return stray
}

// follows: packets for an anchor leave through this router.
func (s *scene) follows(r lan.Router6) bool {
	for _, p := range s.anchorPaths() {
		if p.Family == 6 && p.Gateway == r.Address && p.Index == r.Index {
			return true
		}
	}
	return false
}

func (s *scene) anotherThere() bool {
	for _, r := range s.announced() {
		if r.Answers == diag.Yes && !s.follows(r) {
			return true
		}
	}
	return false
}

// announcedIsGone: a router that packets leave through does not answer for its
// own address, while another does.
func announcedIsGone(s *scene) diag.Tri {
	for _, r := range s.announced() {
		if r.Answers == diag.No && s.follows(r) {
			return diag.TriOf(s.anotherThere())
		}
	}
	return diag.No
}

// announcedIsMute: it gave no sign of life, and nobody may ask it.
func announcedIsMute(s *scene) diag.Tri {
	for _, r := range s.announced() {
		if r.Answers == diag.Maybe && s.follows(r) && s.run.Ended("gateway.router") {
			return diag.TriOf(s.anotherThere())
		}
	}
	return diag.No
}

// announcedRefuses: the router that packets leave through says that it knows
// no way, and another one is there.
func announcedRefuses(s *scene) diag.Tri {
	return diag.TriOf(s.refusing6().From != "" && s.anotherThere())
}

// anotherLeads: packets sent on purpose through a router that is not used got
// further than any through the one that is.
func anotherLeads(s *scene) diag.Tri { return diag.TriOf(s.leadingRouter().Address != "") }

func (s *scene) leadingRouter() lan.Router6 {
	for _, r := range s.announced() {
		if r.Leads == diag.Yes && !s.follows(r) && s.gw.Farthest(6) == 0 {
			return r
		}
	}
	return lan.Router6{}
}

func (s *scene) refusing6() gateway.Hop {
	for _, h := range s.gw.Hops {
		if h.Family == 6 && h.Router && !h.Self && h.NoWay() {
			return h
		}
	}
	return gateway.Hop{}
}
