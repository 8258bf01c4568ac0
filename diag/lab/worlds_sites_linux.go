package lab

import (
	"net/http"
	"strings"

	"github.com/miekg/dns"
)

// probed are the names of the pages that are known beforehand.
var probed = []string{"probe.example.net.", "check.example.org."}

// lonelySites are networks in which all is well but the pages known
// beforehand: no fault of this PC's has a name there, and it is no healthy
// PC's answer either.
func lonelySites() []World {
	const vacant = "203.0.113.99"
	elsewhere := func(serve http.Handler) func(*Net) {
		return func(n *Net) {
			n.Far.Address("lo", vacant+"/32")
			if serve != nil {
				n.ServeHTTP(n.Far, vacant+":80", serve)
			}
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Answers(Giving(vacant, n.zone(), probed...))
			}
		}
	}
	unavailable := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	byHand := func(names ...string) func(*Net) {
		return func(n *Net) {
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"0.0.0.0 "+strings.Join(names, " ")+"\n")
		}
	}
	return []World{
		{Name: "healthy-hosts-probes", Story: "A hosts file keeps the test pages shut, as lists for privacy do.", Notes: []string{"dns.hosts_override"},
			Build: byHand("probe.example.net", "check.example.org")},
		{Name: "healthy-hosts-one", Story: "The same for one page, without rights.", Notes: []string{"dns.hosts_override"}, User: "nobody", Build: byHand("probe.example.net")},
		{Name: "sites-503", Story: "Both test sites are out of order, and say so.", Status: "warn", Build: elsewhere(unavailable)},
		{Name: "sites-404", Story: "Both test sites have lost the page.", Status: "warn", User: "nobody", Build: elsewhere(http.NotFoundHandler())},
		{Name: "sites-closed", Story: "Both test sites take no connections.", Status: "warn", Build: elsewhere(nil)},
		{Name: "sites-silent", Story: "Someone on the way stops plain web pages; secure ones open.", Status: "warn", User: "nobody",
			Build: func(n *Net) { n.ISP.Drop(Forward, TCP(80)) }},
		{Name: "sites-gone", Story: "Nobody knows the test sites' names any more.", Status: "warn", Build: func(n *Net) {
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Answers(When(func(q *dns.Msg) bool { return asksFor(q, probed...) }, Refusing(dns.RcodeNameError), n.zone()))
			}
		}},
	}
}
