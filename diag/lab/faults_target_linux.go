package lab

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"
)

// The thing that does not work in the worlds below.
const (
	Shop   = "shop.example"
	shop4  = "203.0.113.90"
	shop6  = "2001:db8:80::90"
	noShop = "shoop.example"
)

// targetFaults are about one thing that a person names; the network itself
// works in all of them, except where a world says otherwise.
func targetFaults() []World {
	lost := func(n *Net) { n.ISP.Drop(Forward, To(shop4)) }
	open := func(fault func(*Net)) func(*Net) {
		return func(n *Net) {
			n.publish(Shop, shop4, "")
			n.Far.Address("lo", shop4+"/32")
			fault(n)
		}
	}
	secure := func(c func() *tls.Config, h http.Handler) func(*Net) {
		return open(func(n *Net) {
			if h == nil {
				h = n.Web
			}
			n.serveHTTP(tls.NewListener(n.Far.Listen(shop4+":443"), c()), h)
		})
	}
	return []World{
		{Name: "target-healthy", Story: "The site that was said not to work does.", Target: "www.example.com"},
		{Name: "target-healthy-url", Story: "The same, named by its whole address.", Target: "https://www.example.com/page?q=1"},
		{Name: "target-healthy-address", Story: "A service named by its address; only a connection can be tried.", Target: Quad9 + ":53"},
		{Name: "target-healthy-slow-line", Story: "The site works, 600 ms away.", Target: "www.example.com", Site: Site{RTT: 600 * time.Millisecond}},
		{Name: "target-healthy-http-only", Story: "A small device has a page, and no secure one.", Target: Shop,
			Build: open(func(n *Net) { n.ServeHTTP(n.Far, shop4+":80", n.Web) })},
		{Name: "target-healthy-services", Story: "The operator's own services are looked at, and work.", Config: func(n *Net) string {
			return DefaultConfig(n) + "services = [\"www.example.com:443\", \"https://www.example.org/\", \"" + Quad9 + ":53\"]\n"
		}},
		{Name: "target-healthy-proxy", Story: "A company network where only the proxy reaches the site.", Target: "https://www.example.com/", Build: func(n *Net) {
			n.companyProxy()
			n.GW.Drop(Forward)
		}},
		{Name: "target-down", Story: "One shop on the web does not answer.", Target: Shop, Expect: []string{"svc.target_down"}, Build: open(lost)},
		{Name: "target-down-no-root", Story: "The same without rights.", Target: "https://" + Shop + "/", User: "nobody", Expect: []string{"svc.target_down"}, Build: open(lost)},
		{Name: "target-down-service", Story: "One of the operator's own services does not answer.", Expect: []string{"svc.target_down"}, Build: open(lost), Config: func(n *Net) string {
			return DefaultConfig(n) + "services = [\"www.example.com:443\", \"" + Shop + ":22\"]\n"
		}},
		{Name: "target-port-closed", Story: "The host is there, its service is not.", Target: Shop + ":8443", Expect: []string{"svc.port_closed"}, Build: open(func(*Net) {})},
		{Name: "target-port-blocked", Story: "A firewall keeps one port of the host shut.", Target: Shop + ":5432", Expect: []string{"svc.port_blocked"},
			Build: open(func(n *Net) { n.ISP.Drop(Forward, To(shop4), TCP(5432)) })},
		{Name: "target-mute", Story: "A port takes connections and never says a word.", Target: Shop + ":443", Expect: []string{"svc.no_answer"},
			Build: open(func(n *Net) { l := n.Far.Listen(shop4 + ":443"); n.onClose(func() { l.Close() }) })},
		{Name: "target-sni", Story: "Somebody listens for the shop's name and hangs up when it is said.", Target: Shop, Expect: []string{"svc.target_down"},
			Build: open(func(n *Net) { n.listensFor(Shop, true) })},
		{Name: "target-sni-mute", Story: "The same, and the line goes silent instead.", Target: "https://" + Shop + "/", User: "nobody", Expect: []string{"svc.target_down"},
			Build: open(func(n *Net) { n.listensFor(Shop, false) })},
		{Name: "target-name-unknown", Story: "The name is misspelled.", Target: noShop, Expect: []string{"svc.name_unknown"}},
		{Name: "target-name-withheld", Story: "A filter hides the name.", Target: Shop, Expect: []string{"svc.name_withheld"}, Build: func(n *Net) {
			n.publish(Shop, shop4, "")
			n.Resolver(Quad9).Answers(n.zone())
		}},
		{Name: "target-cert-expired", Story: "The site's certificate has run out.", Target: Shop, Expect: []string{"svc.cert_expired"},
			Build: secure(func() *tls.Config { return trusted().Config(time.Now().Add(-60 * 24 * time.Hour)) }, nil)},
		{Name: "target-cert-name", Story: "The site's certificate is for another name.", Target: Shop, Expect: []string{"svc.cert_name"},
			Build: secure(func() *tls.Config { return madeOutTo("other.example", trusted()) }, nil)},
		{Name: "target-cert-untrusted", Story: "The site signed its certificate itself.", Target: Shop, Expect: []string{"svc.cert_untrusted"},
			Build: secure(func() *tls.Config { return NewAuthority("Shop CA").Config(time.Now().Add(-time.Hour)) }, nil)},
		{Name: "target-503", Story: "The site says that it is overloaded.", Target: Shop, Expect: []string{"svc.http_error"},
			Build: secure(func() *tls.Config { return trusted().Config(time.Now().Add(-time.Hour)) },
				http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))},
		{Name: "target-slow", Story: "The site takes two seconds to answer.", Target: Shop, Expect: []string{"svc.slow"}, Build: open(func(n *Net) {
			n.ServeTLS(n.Far, shop4+":443", trusted(), n.lateWeb(2*time.Second))
		})},
		{Name: "target-v6-dead", Story: "The site has an IPv6 address that no one answers at.", Target: Shop, Expect: []string{"svc.v6_dead"}, Site: Site{IPv6: true}, Build: open(func(n *Net) {
			n.publish(Shop, shop4, shop6)
			n.ServeTLS(n.Far, shop4+":443", trusted(), n.Web)
		})},
		{Name: "target-lan-dead", Story: "The printer on the desk is off.", Target: Nobody + ":631", Expect: []string{"svc.lan_dead"}},
		{Name: "target-lan-dead-no-root", Story: "The same without rights.", Target: Nobody + ":631", User: "nobody", Expect: []string{"svc.lan_dead"}},
		{Name: "target-forbidden-here", Story: "A route on the PC forbids one address.", Target: Shop, Expect: []string{"svc.denied_here"}, Build: open(func(n *Net) {
			r := n.PC.route(shop4+"/32", "", 0)
			r.Type = unix.RTN_PROHIBIT
			must(n.PC.nl.RouteAdd(r), "pc: route to %s", shop4)
		})},
		{Name: "target-dropped-here", Story: "A firewall on the PC drops one address in silence.", Target: Shop, Expect: []string{"svc.denied_here"},
			Build: open(func(n *Net) { n.PC.Drop(Output, To(shop4)) })},
		{Name: "target-fw-local", Story: "A firewall on the PC stops everything; the shop is only one of many.", Target: "www.example.com", Expect: []string{"fw.local_egress"},
			Build: func(n *Net) { n.PC.Drop(Output, NotOut("lo")) }},
		{Name: "target-fw-local-443", Story: "A firewall on the PC stops secure web pages; the shop is only one of many.", Target: "www.example.com", Expect: []string{"fw.local_egress"},
			Build: func(n *Net) { n.PC.Drop(Output, NotOut("lo"), TCP(443)) }},
		{Name: "target-portal", Story: "A hotel network answers for everybody; the shop is only one of many.", Target: "www.example.com", Expect: []string{"portal.captive"}, Build: func(n *Net) {
			n.ServeHTTP(n.GW, Router+":8080", http.RedirectHandler("http://login.lan/welcome", http.StatusFound))
			n.GW.Redirect(80, 8080, In("lan0"))
			n.GW.Drop(Forward)
			n.nameservers(Router)
		}},
		{Name: "target-intercepted", Story: "Someone on the way opens secure connections, the shop's too.", Target: "www.example.com", Expect: []string{"tls.intercepted"}, Build: func(n *Net) {
			n.ServeTLS(n.GW, Router+":8443", NewAuthority("SecureGate Inspection CA"), n.Web)
			n.GW.Redirect(443, 8443, In("lan0"))
		}},
		{Name: "target-clock", Story: "The PC's clock is three days behind, so the shop's certificate looks wrong.", Target: "www.example.com", Expect: []string{"clock.skew"},
			Build: func(n *Net) { n.Web.SetAhead(72 * time.Hour) }},
		{Name: "target-proxy-dead", Story: "A proxy is set that no one runs any more.", Target: "www.example.com", Expect: []string{"proxy.dead"},
			Build: func(n *Net) { n.Env = proxies("http://" + Nobody + ":3128") }},
		{Name: "target-router-dead", Story: "The router is off, and the printer's neighbour with it.", Target: Nobody + ":631", Expect: []string{"gw.arp_failed"},
			Build: func(n *Net) { n.GW.Down("lan0") }},
		{Name: "target-hosts-override", Story: "A forgotten line in the hosts file leads the shop astray.", Target: Shop, Expect: []string{"dns.hosts_override"}, Fix: "hosts-comment-line",
			Build: open(func(n *Net) {
				n.ServeTLS(n.Far, shop4+":443", trusted(), n.Web)
				n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"10.66.66.66 "+Shop+"\n")
			})},
		{Name: "target-proxy-refuses", Story: "The company proxy does not let the shop through.", Target: Shop, Expect: []string{"svc.proxy_refuses"},
			Build: open(func(n *Net) {
				n.ServeTLS(n.Far, shop4+":443", trusted(), n.Web)
				n.strictProxy()
			})},
		{Name: "target-dns-silent", Story: "The name server does not answer; the shop is only one of many.", Target: "www.example.com", Expect: []string{"dns.server_silent"},
			Build: func(n *Net) { n.ISP.Drop(Forward, To(Quad9)) }},
		{Name: "target-wan-down", Story: "The line is down; the shop is only one of many.", Target: "www.example.com", Expect: []string{"wan.router_wan_down"},
			Build: func(n *Net) { n.GW.Down("wan0") }},
		{Name: "target-port-443", Story: "Secure pages are blocked on the way; the shop is only one of many.", Target: "www.example.com", Expect: []string{"fw.upstream_port_block"},
			Build: func(n *Net) { n.ISP.Drop(Forward, TCP(443)) }},
	}
}

// publish adds one name to what every public name server knows.
func (n *Net) publish(name, ip4, ip6 string) {
	truth := n.zone()
	answer := func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		if len(q.Question) != 1 || dns.CanonicalName(q.Question[0].Name) != dns.Fqdn(name) {
			return r
		}
		r.Rcode, r.Ns = dns.RcodeSuccess, nil
		switch qtype := q.Question[0].Qtype; {
		case qtype == dns.TypeA:
			r.Answer = []dns.RR{record(q.Question[0].Name, ip4)}
		case qtype == dns.TypeAAAA && ip6 != "":
			r.Answer = []dns.RR{record(q.Question[0].Name, ip6)}
		}
		return r
	}
	for _, ip := range []string{Quad9, OneOne, ProviderDNS} {
		n.Resolver(ip).Answers(answer)
	}
}

// madeOutTo serves certificates for one name, whoever is asked for.
func madeOutTo(name string, a *Authority) *tls.Config {
	c := a.Config(time.Now().Add(-time.Hour))
	sign := c.GetCertificate
	return &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		other := *hello
		other.ServerName = name
		return sign(&other)
	}}
}

// listensFor puts a server at the shop's address that talks to everybody but
// those who say one name: it hangs up on them, or says nothing any more.
func (n *Net) listensFor(name string, hangUp bool) {
	c := trusted().Config(time.Now().Add(-time.Hour))
	c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if hello.ServerName != name {
			return nil, nil // as everybody
		}
		if hangUp {
			hello.Conn.Close()
		} else {
			<-n.over
		}
		return nil, net.ErrClosed
	}
	n.serveHTTP(tls.NewListener(n.Far.Listen(shop4+":443"), c), n.Web)
}

// lateWeb is the honest web after a while.
func (n *Net) lateWeb(wait time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(wait):
			n.Web.ServeHTTP(w, r)
		case <-n.over:
		}
	})
}

// strictProxy is a company proxy that shows pages and makes no tunnels.
func (n *Net) strictProxy() {
	n.LAN.Address("br0", LANProxy+"/24")
	n.ServeHTTP(n.LAN, LANProxy+":3128", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		n.Web.ServeHTTP(w, r)
	}))
	n.Env = proxies("http://" + LANProxy + ":3128")
}
