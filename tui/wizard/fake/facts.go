package fake

import (
	"context"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/witness"
)

// RouterOnline is what is seen of a PC whose router is online itself and
// passes nothing on: a pair of causes that only a person can split.
func RouterOnline() diag.Facts {
	const router, anchor, name = "192.0.2.1", "198.51.100.9", "qwertz.example"
	f := diag.RunSection.In(diag.Facts{}, diag.RunFacts{Probes: []diag.ProbeOutcome{
		{Check: "connectivity", ID: "internet.anchors", End: diag.EndDone}, {Check: "connectivity", ID: "internet.web", End: diag.EndDone},
		{Check: "gateway", ID: "gateway.hops", End: diag.EndDone}, {Check: "gateway", ID: "gateway.router", End: diag.EndDone}, {Check: "dns", ID: "dns.servers", End: diag.EndDone},
	}})
	f = link.Section.In(f, link.Facts{
		Readable:  diag.Yes,
		Links:     []link.Link{{Index: 2, Name: "eth0", Kind: "ether", Up: true, Carrier: true, Plain: true}},
		Addresses: []link.Address{{Index: 2, IP: "192.0.2.50", Bits: 24, Family: 4, Scope: link.Private}},
		Routes:    []link.Route{{Family: 4, Default: true, Gateway: router, Index: 2, Type: "unicast"}},
		Paths:     []link.Path{{For: "anchor", Dest: anchor, Family: 4, Reachable: diag.Yes, Index: 2, Gateway: router}},
	})
	f = gateway.Section.In(f, gateway.Facts{
		Routers: []gateway.Router{{Address: router, Family: 4, Index: 2, Used: true, Answers: diag.Yes, OwnARP: true}},
		Hops:    []gateway.Hop{{TTL: 1, Family: 4, Outcome: gateway.Expired, From: router, Router: true, Type: 11}, {TTL: 2, Family: 4, Outcome: gateway.Silent}},
	})
	f = internet.Section.In(f, internet.Facts{Anchors: []internet.Connect{{Address: anchor, Port: 443, Family: 4, Outcome: internet.Timeout}}})
	return dns.Section.In(f, dns.Facts{Servers: []dns.Server{{Address: router, Scope: link.Private, Role: dns.Configured,
		Queries: []dns.Query{{Proto: "udp", Kind: dns.KindRandom, Name: name, Type: "A", Outcome: dns.Answered, Rcode: "NXDOMAIN"}}}}})
}

// Look stands for diag/catalog.Run where a test gives the facts and the rules
// are the real ones.
func Look(facts func() diag.Facts) func(context.Context, diag.Focus, func(diag.Event)) diag.Result {
	return func(_ context.Context, asked diag.Focus, observe func(diag.Event)) diag.Result {
		f := witness.With(facts(), asked.Answers)
		res := diag.Result{Assessment: catalog.Explain(f), Facts: f, DurationMS: 12, VerdictMS: 12}
		if observe != nil {
			observe(diag.Event{Verdict: &res.Assessment})
			observe(diag.Event{Finished: &res})
		}
		return res
	}
}
