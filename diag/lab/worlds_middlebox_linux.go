package lab

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// portalAPI is where a network of these worlds says who is signed in.
const portalAPI = "https://portal.lan/api"

// middleboxFaults are networks that stand in the way and say so, more or less.
func middleboxFaults() []World {
	captive := []string{"portal.captive"}
	walled := func(n *Net) {
		n.api(true)
		n.GW.Drop(Forward)
	}
	return []World{
		{Name: "portal-api", Story: "A hotel network lets nothing out, and its lease says where to ask why.", Expect: captive, Build: func(n *Net) {
			walled(n)
			n.lease(`option default-url "` + portalAPI + `"`)
		}},
		{Name: "portal-api-no-root", Story: "The same without rights.", Expect: captive, User: "nobody", Build: func(n *Net) {
			walled(n)
			n.lease(`option default-url "` + portalAPI + `"`)
		}},
		{Name: "portal-api-offer", Story: "The same where no lease is on file, and the DHCP server says it when asked.", Expect: captive, Plain: []string{"gw.no_forward", "gw.no_nat"}, Build: func(n *Net) {
			walled(n)
			n.DHCP(n.GW, "lan0", Lease{Server: Router, Address: "192.168.1.60", Router: Router, Portal: portalAPI})
		}},
		{Name: "portal-private", Story: "A hotel network sends every name to a machine of its own that shows secure pages only.", Expect: captive, Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Lying(n.zone(), Router, false))
			n.ServeTLS(n.GW, Router+":443", NewAuthority("Hotel"), n.Web)
			n.GW.Drop(Forward)
		}},
		{Name: "proxy-changes-pages", Story: "A box on the way puts advertisements into plain pages.", Expect: []string{"proxy.transparent"},
			Build: func(n *Net) { n.box("", `<script src="http://ads.example.net/x.js"></script>`) }},
	}
}

// unusualBoxes are healthy PCs behind such boxes.
func unusualBoxes() []World {
	return []World{
		{Name: "healthy-transparent", Story: "A cache on the way takes plain pages in hand and changes nothing.", Notes: []string{"proxy.transparent"},
			Build: func(n *Net) { n.box("1.1 cache.lan (squid/5.7)", "") }},
		{Name: "healthy-fronts", Story: "Each site stands behind a front of its own.", Build: func(n *Net) { n.box("", "") }},
		{Name: "healthy-intercepted", Story: "A company opens secure connections, and its computers were told to accept that.", Notes: []string{"tls.intercepted"}, Build: func(n *Net) {
			company := NewAuthority("Corp Inspection CA")
			n.alsoTrusted = append(n.alsoTrusted, company)
			n.PC.File("/etc/pki/ca-trust/source/anchors/corp.pem", string(company.PEM()))
			n.ServeTLS(n.GW, Router+":8443", company, n.Web)
			n.GW.Redirect(443, 8443, In("lan0"))
		}},
		{Name: "healthy-company", Story: "The same with a proxy script, a cache and names of its own: a company as it is.", Notes: []string{"tls.intercepted", "proxy.transparent"}, Build: func(n *Net) {
			company := NewAuthority("Corp Inspection CA")
			n.alsoTrusted = append(n.alsoTrusted, company)
			n.PC.File("/etc/pki/ca-trust/source/anchors/corp.pem", string(company.PEM()))
			n.ServeTLS(n.GW, Router+":8443", company, n.Web)
			n.GW.Redirect(443, 8443, In("lan0"))
			n.box("1.1 cache.lan (squid/5.7)", "")
			n.lanPage(":80", http.StatusOK, simpleScript)
			n.Proxy(n.LAN, LANProxy+":3128")
			n.office()
			n.gnome("gnome-script")
		}},
		{Name: "healthy-hotel", Story: "A hotel network after sign-in: its lease still names where to ask.", Build: func(n *Net) {
			n.api(false)
			n.lease(`option default-url "` + portalAPI + `"`)
		}},
		{Name: "healthy-cgnat", Story: "The provider shares addresses, and so does the box in front of it: two networks of 100.64.0.0/10.", Build: func(n *Net) {
			n.GW.Address("lan0", "100.70.1.1/24")
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.PC.Address("eth0", "100.70.1.50/24")
			n.PC.Default("100.70.1.1", "eth0", 0)
		}},
	}
}

// api is the router's own word on signing in (RFC 8908), and a name for it.
func (n *Net) api(captive bool) {
	says := `{"captive": false}`
	if captive {
		says = `{"captive": true, "user-portal-url": "https://portal.lan/welcome"}`
	}
	n.nameservers(Router)
	n.Resolver(Router).Answers(Giving(Router, n.Resolver(Router).now(), "portal.lan."))
	n.ServeTLS(n.GW, Router+":443", trusted(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/captive+json")
		_, _ = io.WriteString(w, says)
	}))
}

// box takes plain pages in hand on the router: it signs them, or adds to them.
func (n *Net) box(via, addition string) {
	n.ServeHTTP(n.GW, Router+":8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := httptest.NewRecorder()
		n.Web.ServeHTTP(page, r)
		for name, values := range page.Header() {
			w.Header()[name] = values
		}
		if via == "" {
			front, _, _ := strings.Cut(r.Host, ".")
			w.Header().Set("Via", "1.1 "+front)
		} else {
			w.Header().Set("Via", via)
		}
		w.WriteHeader(page.Code)
		_, _ = io.WriteString(w, page.Body.String()+addition)
	}))
	n.GW.Redirect(80, 8080, In("lan0"))
}
