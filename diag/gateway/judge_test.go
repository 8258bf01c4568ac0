package gateway

import (
	"fmt"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

const (
	unknown, ok, warn, fail, skipped = diag.Unknown, diag.OK, diag.Warn, diag.Fail, diag.Skipped
	yes, no, maybe                   = diag.Yes, diag.No, diag.Maybe
)

// scene is what a judge sees.
type scene struct {
	routers []Router
	hops    []Hop
	anchors []internet.Connect
	web     []internet.Web
	ran     bool // the probes ended by themselves
	deaf    bool // what the router tells other programs is not for us
}

func (s scene) facts() diag.Facts {
	f := link.Section.In(diag.Facts{}, link.Facts{
		Readable: yes,
		Links:    []link.Link{{Index: 2, Name: "eth0", Kind: "ether", Plain: true, Up: true, Carrier: true}},
		Paths:    []link.Path{{For: "anchor", Dest: "203.0.113.1", Family: 4, Reachable: yes, Index: 2, Gateway: "192.0.2.1"}},
	})
	f = Section.In(f, Facts{Routers: s.routers, Hops: s.hops, Deaf: s.deaf})
	f = internet.Section.In(f, internet.Facts{Anchors: s.anchors, Web: s.web})
	if s.ran {
		f = diag.RunSection.In(f, diag.RunFacts{Probes: []diag.ProbeOutcome{
			{ID: "gateway.router", End: diag.EndDone}, {ID: "gateway.hops", End: diag.EndDone}, {ID: "gateway.echo", End: diag.EndDone}}})
	}
	return f
}

// verdicts are present, answers, latency, beyond.
func (s scene) verdicts() (out [4]diag.Status) {
	for _, f := range Judge(s.facts()).Findings {
		for i, code := range []string{CodePresent, CodeAnswers, CodeLatency, CodeBeyond} {
			if f.Code == code {
				out[i] = f.Status
			}
		}
	}
	return out
}

var (
	four      = Router{Address: "192.0.2.1", Family: 4, Index: 2, Used: true}
	six       = Router{Address: "fe80::1", Family: 6, Index: 2, Used: true}
	tcp4      = []internet.Connect{{Family: 4, Outcome: internet.Connected}}
	timeouts  = []internet.Connect{{Family: 4, Outcome: internet.Timeout}, {Family: 4, Outcome: internet.Timeout}}
	oneHop    = Hop{TTL: 1, Family: 4, Outcome: Expired, From: "192.0.2.1", Router: true}
	silentHop = Hop{TTL: 2, Family: 4, Outcome: Silent}
)

// router is r with an answer and an echo series.
func router(r Router, answers diag.Tri, by string, e Echo) Router {
	r.Answers, r.AnswersBy, r.Echo = answers, by, e
	return r
}

func echoes(ms float64, lost ...int) Echo {
	e := Echo{Sent: 5, Received: 5 - len(lost), Lost: lost}
	for range e.Received {
		e.RTTMS = append(e.RTTMS, ms)
	}
	return e
}

func TestJudge(t *testing.T) {
	mute, locked := echoes(0, 0, 1, 2, 3, 4), Echo{Skipped: "permission"}
	for name, c := range map[string]struct {
		scene
		want [4]diag.Status
	}{
		"healthy":                           {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{oneHop}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"silent to echo":                    {scene{routers: []Router{router(four, yes, byARP, mute)}, hops: []Hop{oneHop, silentHop}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, skipped, ok}},
		"silent to everything but it works": {scene{routers: []Router{router(four, maybe, "", locked)}, hops: []Hop{silentHop}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, skipped, ok}},
		"answers no ARP but it works":       {scene{routers: []Router{router(four, no, byNobody, mute)}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, skipped, ok}},
		"gone":                              {scene{routers: []Router{router(four, no, byNobody, mute)}, hops: []Hop{{TTL: 1, Family: 4, Outcome: Silent}}, anchors: timeouts, ran: true}, [4]diag.Status{ok, fail, skipped, unknown}},
		"gone, still waiting":               {scene{routers: []Router{four}}, [4]diag.Status{ok, unknown, unknown, unknown}},
		"one family's router gone":          {scene{routers: []Router{router(four, yes, byARP, echoes(1)), router(six, no, byNobody, mute)}, hops: []Hop{oneHop}, anchors: tcp4, ran: true}, [4]diag.Status{ok, warn, ok, ok}},
		"second adapter's router gone":      {scene{routers: []Router{router(four, yes, byARP, echoes(1)), {Address: "198.51.100.1", Family: 4, Index: 3, Answers: no}}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"no router at all":                  {scene{anchors: tcp4}, [4]diag.Status{skipped, skipped, skipped, ok}},
		"slow":                              {scene{routers: []Router{router(four, yes, byARP, echoes(1700))}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, warn, ok}},
		"600 ms":                            {scene{routers: []Router{router(four, yes, byARP, echoes(600))}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"two of five lost is chance":        {scene{routers: []Router{router(four, yes, byARP, echoes(1, 1, 3))}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"three of five lost":                {scene{routers: []Router{router(four, yes, byARP, echoes(1, 0, 1, 3))}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, warn, ok}},
		"echo limited to two":               {scene{routers: []Router{router(four, yes, byARP, echoes(1, 2, 3, 4))}, anchors: tcp4, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"router says no way":                {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{{TTL: 1, Family: 4, Outcome: Unreachable, Type: 3, From: "192.0.2.1", Router: true}}, anchors: timeouts, ran: true}, [4]diag.Status{ok, ok, ok, fail}},
		"silent beyond hop 1":               {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{oneHop, silentHop}, anchors: timeouts, ran: true}, [4]diag.Status{ok, ok, ok, fail}},
		"only the anchors are shut":         {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{oneHop, silentHop}, anchors: timeouts, web: []internet.Web{{Match: yes}}, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"silent beyond hop 1, connections not tried yet": {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{oneHop, silentHop}}, [4]diag.Status{ok, ok, ok, unknown}},
		"hop 2 speaks, connections die":                  {scene{routers: []Router{router(four, yes, byARP, echoes(1))}, hops: []Hop{oneHop, {TTL: 2, Family: 4, Outcome: Expired, From: "100.64.0.1"}}, anchors: timeouts, ran: true}, [4]diag.Status{ok, ok, ok, ok}},
		"own rules deny":                                 {scene{routers: []Router{router(four, yes, byARP, Echo{Skipped: "denied"})}, hops: []Hop{{TTL: 1, Family: 4, Outcome: Denied, Errno: "EPERM"}}, anchors: timeouts, ran: true}, [4]diag.Status{ok, ok, skipped, skipped}},
	} {
		if got := c.verdicts(); got != c.want {
			t.Errorf("%s: present, answers, latency, beyond = %v, want %v", name, got, c.want)
		}
	}
}

// Who may not listen to the router's words for others is told what would show
// more, only where everything else was silent.
func TestJudgeDeaf(t *testing.T) {
	there := []Router{router(four, yes, byNeighbour, Echo{})}
	for name, c := range map[string]struct {
		scene
		unseen int
	}{
		"all silent":              {scene{routers: there, hops: []Hop{silentHop}, anchors: timeouts, ran: true, deaf: true}, 1},
		"all silent, and heard":   {scene{routers: there, hops: []Hop{silentHop}, anchors: timeouts, ran: true}, 0},
		"the router spoke":        {scene{routers: there, hops: []Hop{oneHop, silentHop}, anchors: timeouts, ran: true, deaf: true}, 0},
		"connections work":        {scene{routers: there, hops: []Hop{silentHop}, anchors: tcp4, ran: true, deaf: true}, 0},
		"connections are pending": {scene{routers: there, hops: []Hop{silentHop}, ran: true, deaf: true}, 0},
	} {
		if j := Judge(c.facts()); len(j.Unseen) != c.unseen {
			t.Errorf("%s: %+v", name, j.Unseen)
		}
	}
}

func TestJudgeWithoutRoutes(t *testing.T) {
	for tri, unseen := range map[diag.Tri]int{maybe: 0, no: 1} {
		j := Judge(link.Section.In(diag.Facts{}, link.Facts{Readable: tri, Why: "EPERM"}))
		if j.Status() != unknown || len(j.Unseen) != unseen {
			t.Errorf("%v: %+v", tri, j)
		}
	}
}

// The interval by the formula, against the published example values.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, of int
		want     string
	}{{0, 5, "0.000"}, {1, 5, "0.036"}, {2, 5, "0.118"}, {3, 5, "0.231"}, {10, 20, "0.299"}, {5, 5, "0.566"}} {
		if got := fmt.Sprintf("%.3f", wilsonLow(c.hits, c.of)); strings.TrimPrefix(got, "-") != c.want {
			t.Errorf("%d of %d: %s, want %s", c.hits, c.of, got, c.want)
		}
	}
}

// What the watch makes of what it hears.
func TestRouterHears(t *testing.T) {
	own, kernel := Router{OwnARP: true}, Router{}
	for name, c := range map[string]struct {
		router Router
		hear   func(*Router)
		want   diag.Tri
	}{
		"old entry, own ARP":          {own, func(r *Router) { r.neighbour(reachable, "m", false, 0, 0) }, maybe},
		"old entry, kernel only":      {kernel, func(r *Router) { r.neighbour(reachable, "m", false, 0, 0) }, maybe},
		"news":                        {own, func(r *Router) { r.neighbour(reachable, "m", true, 0, 0) }, yes},
		"failed before we came":       {kernel, func(r *Router) { r.neighbour(failed, "", false, 0, 0) }, maybe},
		"failed while we watch":       {kernel, func(r *Router) { r.neighbour(failed, "", true, 0, 0) }, no},
		"failed after it answered":    {kernel, func(r *Router) { r.answered(byICMP, 0, 0); r.neighbour(failed, "", true, 0, 0) }, yes},
		"silence, own ARP":            {own, func(r *Router) { r.timeUp(700, 700) }, no},
		"silence, own ARP, too early": {own, func(r *Router) { r.timeUp(600, 600) }, maybe},
		"silence, old MAC":            {kernel, func(r *Router) { r.neighbour("stale", "m", false, 0, 0); r.timeUp(1200, 1200) }, maybe},
		"silence, waiting":            {kernel, func(r *Router) { r.neighbour(incomplete, "", false, 0, 0); r.timeUp(1200, 1200) }, no},
		"one request unanswered":      {kernel, func(r *Router) { r.neighbour(incomplete, "", false, 0, 0); r.timeUp(700, 700) }, maybe},
		"silence, static entry":       {own, func(r *Router) { r.neighbour(permanent, "m", false, 0, 0); r.timeUp(700, 700) }, maybe},
		"late answer":                 {own, func(r *Router) { r.timeUp(700, 700); r.answered(byARP, 900, 900) }, yes},
	} {
		r := c.router
		c.hear(&r)
		if r.Answers != c.want {
			t.Errorf("%s: %v, want %v", name, r.Answers, c.want)
		}
	}
}

func TestRouters(t *testing.T) {
	up := func(index int) link.Link { return link.Link{Index: index, Kind: "ether", Up: true, Carrier: true} }
	f := link.Facts{
		Links: []link.Link{up(2), up(3), {Index: 4, Kind: "tun", Up: true, Carrier: true, NoARP: true}, {Index: 5, Kind: "ether", Up: true}},
		Paths: []link.Path{
			{For: "anchor", Dest: "203.0.113.1", Index: 2, Gateway: "192.0.2.1"}, {For: "dns", Index: 3, Gateway: "192.0.2.77"},
			{For: "anchor", Dest: "203.0.113.2", Index: 3}, {For: "anchor", Dest: "203.0.113.3", Index: 4, Gateway: "10.8.0.1"}},
		Routes: []link.Route{
			{Family: 4, Default: true, Type: "unicast", Index: 3, Gateway: "198.51.100.1", Metric: 600},
			{Family: 4, Default: true, Type: "unicast", Index: 2, Gateway: "192.0.2.1", Metric: 100},
			{Family: 4, Default: true, Type: "unicast", Index: 5, Gateway: "192.0.2.9", Metric: 1},
			{Family: 6, Default: true, Type: "unicast", Index: 2, Gateway: "fe80::1"},
			{Family: 4, Default: true, Type: "unicast", Index: 4}},
	}
	var got []string
	for _, r := range routersOf(f) {
		got = append(got, fmt.Sprintf("%s/%d/%v", r.Address, r.Family, r.Used))
	}
	if want := "192.0.2.1/4/true 198.51.100.1/4/false fe80::1/6/false"; strings.Join(got, " ") != want {
		t.Errorf("routers %v, want %s", got, want)
	}
}

// Every sentence this check can say is in the catalogue and gets its values.
func TestSentences(t *testing.T) {
	p := text.New("en")
	say := func(m text.Message) {
		t.Helper()
		if s := p.T(m); strings.Contains(s, "[unseen") || strings.Contains(s, "[finding") || strings.Contains(s, "[evidence") || strings.Contains(s, "<no value>") || s == "" {
			t.Errorf("%s: %q", m.Key, s)
		}
	}
	routers := []Router{router(four, yes, byARP, echoes(2)), router(four, yes, byICMP, echoes(2)), router(four, yes, byNeighbour, Echo{}),
		router(four, no, byNobody, echoes(0, 0, 1, 2, 3, 4)), four, router(four, maybe, "", Echo{Skipped: "permission"}), router(four, yes, byARP, Echo{Sent: 1, Received: 1, RTTMS: []float64{3}})}
	scenes := []scene{{}, {routers: []Router{router(four, yes, byARP, echoes(2000)), router(six, no, byNobody, Echo{})}}, {routers: []Router{four}, anchors: tcp4},
		{routers: []Router{four}, hops: []Hop{silentHop}, anchors: timeouts, deaf: true}}
	for _, r := range routers {
		scenes = append(scenes, scene{routers: []Router{r}}, scene{routers: []Router{r}, ran: true})
	}
	for _, h := range []Hop{oneHop, silentHop, {Outcome: Reached, TTL: 3}, {Outcome: Unreachable, Router: true, Type: 3, Family: 4}, {Outcome: Unreachable, Self: true}, {Outcome: Denied, Errno: "EPERM"}, {Outcome: NoRoute, Errno: "EINVAL"}} {
		scenes = append(scenes, scene{routers: []Router{four}, hops: []Hop{h}})
	}
	for _, s := range scenes {
		j := Judge(s.facts())
		for _, f := range j.Findings {
			say(f.Message())
			for _, e := range f.Evidence {
				say(e.What)
			}
		}
		for _, u := range j.Unseen {
			say(u.What)
			say(u.Why)
			say(u.Unlock)
		}
	}
	for _, part := range []string{"title", "ok", "unknown", "skipped"} {
		say(text.M("check.gateway." + part))
	}
	for _, why := range []string{"router", "hop", "echo"} {
		if !p.Has("contact." + why) {
			t.Errorf("contact.%s", why)
		}
	}
}
